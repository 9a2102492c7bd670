"""Makes the example pictures of the exhibits that read print, from fixed seeds.

    PYTHONPATH=src python bench/exhibits/make_examples.py
"""

from __future__ import annotations

from pathlib import Path

import doors
import khmer_sheets
import numpy as np
import papers

EXHIBITS = Path(__file__).parents[2] / "src" / "saphan" / "exhibits"
NOTICE = ["ព្រះរាជាណាចក្រកម្ពុជា", "ជាតិ សាសនា ព្រះមហាក្សត្រ", "សេចក្តីជូនដំណឹង",
          "ការិយាល័យបើកពីម៉ោង ៨ ព្រឹក", "បណ្ណាល័យបិទនៅថ្ងៃអាទិត្យ",
          "អ្នកអាចស្នើសុំឯកសារតាមអនឡាញ", "លេខទូរស័ព្ទ ០១២ ៣៤៥ ៦៧៨"]
RECEIPT = ["បង្កាន់ដៃទទួលប្រាក់ លេខ ០០៤៥", "កាលបរិច្ឆេទ ថ្ងៃទី ១២ ខែ មីនា",
           "ឈ្មោះអ្នកទទួល និងអាសយដ្ឋាន", "អង្ករសម្រូប ចំនួន ៥០០ គីឡូក្រាម",
           "តម្លៃសរុបគឺ ២៥០០០ រៀល", "ហត្ថលេខា និងត្រា"]


def main() -> None:
    """Write the pictures into the exhibits' folders."""
    home = EXHIBITS / "container_door" / "examples"
    for name, kind, seed in (("slanted", "slanted", 11), ("column", "vertical", 12),
                             ("rust", "rusty", 21)):
        made = doors.door(np.random.default_rng(seed), kind)
        (home / f"{name}.jpg").write_bytes(made.photo)
        print(name, made.number, made.size)
    home = EXHIBITS / "khmer_page" / "examples"
    for name, kind, seed, lines in (("notice", "photo", 1, NOTICE),
                                    ("receipt", "photo", 2, RECEIPT),
                                    ("small", "small", 3, NOTICE),
                                    ("blurred", "blurred", 41, RECEIPT)):
        made = khmer_sheets.sheet(np.random.default_rng(seed), kind, lines)
        (home / f"{name}.jpg").write_bytes(made.photo)
    home = EXHIBITS / "trade_paper" / "examples"
    for name, kind, lang, seed, more in (
            ("invoice", "invoice", "ms", 1, {}), ("chinese", "packing", "zh-Hans", 2, {}),
            ("wrong_sum", "invoice", "en", 3, {"wrong": True}),
            ("folded", "invoice", "pt", 4, {"hard": True})):
        paper = papers.made(np.random.default_rng(seed), kind, lang, **more)
        (home / f"{name}.jpg").write_bytes(paper.photo)
        print(name, paper.truth)


if __name__ == "__main__":
    main()
