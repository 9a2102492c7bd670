"""Write the table of all exhibits into src/saphan/exhibits/README.md, from their folders.

    PYTHONPATH=src python bench/exhibits/table.py            # write it
    PYTHONPATH=src python bench/exhibits/table.py --check    # exit code 1 if it is not as written

The numbers are those of the plates; the costs come from results.json.
"""

from __future__ import annotations

import sys
from pathlib import Path

from plates import Results, load

from saphan.engines.runner.folder import Folder, Measure, folders

HERE = Path(__file__).resolve().parent
EXHIBITS = HERE.parents[1] / "src" / "saphan" / "exhibits"
README, RESULTS = EXHIBITS / "README.md", HERE / "results.json"
BEGIN, END = "<!-- table: bench/exhibits/table.py -->", "<!-- end of the table -->"
HEAD = ("exhibit", "what it does", "sector", "main number (95 % interval, n)", "plain way",
        "CPU-s a run")


def table(found: list[Folder], results: Results) -> str:
    """A Markdown table: one line for each exhibit, in the order of sector and name."""
    lines = ["| " + " | ".join(HEAD) + " |", "| " + " | ".join("---" for _ in HEAD) + " |"]
    for each in sorted(found, key=lambda each: (each.sector, each.slug)):
        main = next((one for one in each.measures if one.main), None)
        cells = (f"[{title(each)}]({each.slug}/)", does(each),
                 each.sector.replace("_", " "), *_number(each, main), _cost(results, each.slug))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def title(folder: Folder) -> str:
    """Its English title."""
    return folder.head("title").get("en", folder.slug)


def does(folder: Folder) -> str:
    """The first sentence of what it does."""
    return folder.head("does").get("en", "").partition(". ")[0].rstrip(".") + "."


def _number(folder: Folder, main: Measure | None) -> tuple[str, str]:
    if main is None:
        return "not measured yet", ""
    name = folder.word("labels", main.key, ("en",))[0] or main.key
    said = f"{name}: **{shown(main.value, main.unit)}**"
    if main.low is not None and main.high is not None:
        unit = "share" if main.unit == "share" else ""
        said += f" ({shown(main.low, unit)} to {shown(main.high, unit)}, n = {main.n})"
    plain = "" if main.baseline is None else shown(main.baseline, main.unit)
    return said, f"{plain} ({main.baseline_name})" if plain and main.baseline_name else plain


def shown(value: float, unit: str) -> str:
    """A number of a plate: shares per cent, others with at most four digits and their unit."""
    if unit == "share":
        return f"{value * 100:.1f} %".replace(".0 %", " %")
    return f"{value:.4g} {unit}".strip()


def _cost(results: Results, slug: str) -> str:
    rows = {row["key"]: row for row in results.get(slug, {}).get("rows", ())}
    return f"{rows['cpu_s']['value']:.2g}" if "cpu_s" in rows else ""


def written(text: str, made: str) -> str:
    """The README with this table. ValueError where its two marks are not there."""
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{BEGIN} and {END} must stand in the README")
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def main(words: list[str]) -> int:
    found, problems = folders(EXHIBITS)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 2
    now = README.read_text("utf-8")
    made = written(now, table(found, load(RESULTS)))
    if "--check" in words:
        print("as written" if made == now else "the table is old: run bench/exhibits/table.py")
        return int(made != now)
    README.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
