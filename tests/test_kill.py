"""A house that is killed in the middle of writing loses nothing and leaves nothing half done.

`python bench/kill.py --times 50` does this for longer.
"""

from __future__ import annotations

import sys
from pathlib import Path

from conftest import ROOT

sys.path.insert(0, str(ROOT / "bench"))


def test_killing_a_writing_house_loses_nothing(prepared_model: Path) -> None:
    import kill

    tally = kill.run(4, seed=20261122, models=str(prepared_model.parent))

    assert tally.problems == []
    assert tally.kills == 4 and tally.during_import >= 1
