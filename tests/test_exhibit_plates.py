"""The numbers on the exhibits' plates are those that `bench/exhibits` measured."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[1] / "bench" / "exhibits"
EXHIBITS = BENCH.parents[1] / "src" / "saphan" / "exhibits"
SET = "own: 100 pages"


def _module(name: str) -> Any:
    """A module of the bench, which is no package and has modules of common names."""
    spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("plates", "intervals", "common"):
        monkeypatch.setitem(sys.modules, name, None)  # put back what was there afterwards
        _module(name)
    return sys.modules


ROW = {"key": "read_right", "value": 0.8733, "low": 0.7912, "high": 0.9241, "n": 100,
       "unit": "share", "set": SET, "baseline": 0.1, "baseline_name": "the commonest"}
PLATE = {"key": '"read_right"', "value": "0.87", "low": "0.79", "high": "0.92", "n": "100",
         "unit": '"share"', "set": f'"{SET}"', "baseline": "0.10"}


def _said(bench: Any, tmp_path: Path, row: dict[str, Any] | None = None, **plate: str | None
          ) -> list[str]:
    folder = tmp_path / "pages"
    folder.mkdir(exist_ok=True)
    lines = [f"{name} = {value}" for name, value in {**PLATE, **plate}.items() if value is not None]
    (folder / "exhibit.toml").write_text("\n".join(["[[measure]]", *lines]), encoding="utf-8")
    rows = [{**ROW, **(row or {})}]
    found: list[str] = bench["plates"].disagreements(tmp_path, {"pages": {"rows": rows}})
    return found


def test_a_plate_that_rounds_what_was_measured_agrees(bench: Any, tmp_path: Path) -> None:
    assert _said(bench, tmp_path) == []
    assert _said(bench, tmp_path, {"value": 0.9}, value="0.9") == []
    assert _said(bench, tmp_path, {"unit": "points", "value": 12.4}, unit='"points"', value="12",
                 ) == []


@pytest.mark.parametrize(("changed", "word"), [
    ({"value": "0.88"}, "value 0.88, measured 0.8733"), ({"value": "1"}, "value 1"),
    ({"value": "0.9"}, "value 0.9"), ({"low": "0.80"}, "low"), ({"high": "0.95"}, "high"),
    ({"n": "101"}, "n 101"), ({"unit": '"points"'}, "unit"), ({"set": '"another"'}, "set"),
    ({"baseline": "0.05"}, "baseline"), ({"low": None}, "low is missing"),
    ({"key": '"made_up"'}, "was not measured")])
def test_a_plate_that_says_something_else_is_found(
        bench: Any, tmp_path: Path, changed: dict[str, str | None], word: str) -> None:
    found = _said(bench, tmp_path, **changed)
    assert len(found) == 1
    assert word in found[0]
    assert found[0].startswith("pages, ")


@pytest.mark.parametrize(("said", "fine"), [("20", True), ("35", True), ("11", True),
                                            ("45", False), ("9", False)])
def test_costs_may_differ_by_a_factor_of_two(
        bench: Any, tmp_path: Path, said: str, fine: bool) -> None:
    cost = {"key": "p50_ms", "unit": "ms", "value": 20.5, "baseline": None}
    found = _said(bench, tmp_path, cost, key='"p50_ms"', unit='"ms"', value=said, low=None,
                  high=None, n=None, baseline=None)
    assert (found == []) is fine


def test_the_intervals_are_those_of_the_books(bench: Any) -> None:
    wilson, bootstrap = bench["intervals"].wilson, bench["intervals"].bootstrap
    # Newcombe, Statistics in Medicine 17 (1998) 857, method 3: 81 of 263 and 0 of 20
    assert wilson(81, 263) == pytest.approx((81 / 263, 0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0, 0.1611), abs=5e-5)
    assert wilson(20, 20) == pytest.approx((1, 0.8389, 1), abs=5e-5)
    value, low, high = bootstrap([0.0, 1.0] * 200)
    assert value == 0.5
    assert low == pytest.approx(0.451, abs=0.006)
    assert high == pytest.approx(0.549, abs=0.006)
    assert bootstrap([1, 2, 3, 4]) == bootstrap([1, 2, 3, 4])
    with pytest.raises(ValueError, match="no share"):
        wilson(0, 0)


@pytest.mark.parametrize("bad", [{"value": 0.5}, {"high": 1.2}, {"n": 0}, {"low": float("nan")}])
def test_a_row_that_cannot_be_is_refused(bench: Any, bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="read_right"):
        bench["common"].Row(**{**ROW, **bad})


def test_costs_count_threads_and_child_processes(bench: Any) -> None:
    burn = "sum(i * i for i in range(2_000_000))"

    def call(_: int) -> None:
        subprocess.run([sys.executable, "-c", burn], check=True)

    rows = {row.key: row for row in bench["common"].costs(call, [1])}
    assert set(rows) == set(bench["plates"].COSTS)
    assert rows["cpu_s"].value > 0.03
    assert rows["peak_mb"].value > 5


def test_a_bench_is_run_in_its_own_process_and_kept(tmp_path: Path) -> None:
    for name in ("run", "plates", "common", "intervals"):
        (tmp_path / f"{name}.py").write_text((BENCH / f"{name}.py").read_text(encoding="utf-8"))
    (tmp_path / "two_words.py").write_text(
        "import intervals\nfrom common import Row\n"
        "def measure(data):\n"
        "    return [Row('right', *intervals.wilson(8, 10), 10, 'share', str(data))]\n")
    (tmp_path / "help.py").write_text("raise SystemExit\n")
    (tmp_path / "waiting.py").write_text(
        "from common import NoData\ndef measure(data):\n    raise NoData('the set of others')\n")
    (tmp_path / "results.json").write_text('{"older": {"rows": []}}')
    done = subprocess.run([sys.executable, str(tmp_path / "run.py"), "--data", "there"],
                          capture_output=True, text=True, check=False)
    assert "| two_words | there | 10 | right | 0.8 [0.49-0.943] |" in done.stdout
    assert "waiting: not measured: the set of others" in done.stdout
    assert done.returncode == 1
    kept = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert list(kept) == ["older", "two_words"]
    assert kept["two_words"]["rows"][0]["n"] == 10


def test_the_plates_of_the_house_say_what_was_measured(bench: Any) -> None:
    plates = bench["plates"]
    assert plates.disagreements(EXHIBITS, plates.load(BENCH / "results.json")) == []
