"""Forecast contest: what comes of its forecasts, of each method's and of trusting the winner?

Each series loses its last `AHEAD` values. The exhibit's contest sees the rest and forecasts; that,
each method and the contest's winner are compared with what was cut off. The made series come from
seeds that were not looked at while the methods were written (those were 0 to 99).
"""

from __future__ import annotations

import importlib
import warnings
from pathlib import Path
from typing import Any

import intervals
import numpy as np
from common import Row, costs

from saphan.exhibits.forecast_contest import made
from saphan.exhibits.forecast_contest.contest import hold, mase
from saphan.exhibits.forecast_contest.methods import METHODS

AHEAD = {1: 6, 4: 8, 7: 14, 12: 12, 52: 13}
FRESH = range(1_000, 1_030)
SET = "own: 240 made series of 8 kinds (seeds 1000 to 1029) + 20 public series of statsmodels"
PLAIN = "seasonal naive"
QUARTERLY = ("realgdp", "realcons", "realinv", "realgovt", "realdpi", "cpi", "m1", "tbilrate",
             "unemp", "pop", "infl", "realint")


def public() -> list[tuple[str, np.ndarray, int]]:
    """Series that statsmodels ships as public domain: (name, values, period)."""
    data: dict[str, Any] = {
        name: importlib.import_module(f"statsmodels.datasets.{name}.data").load_pandas().data
        for name in ("co2", "nile", "sunspots", "elnino", "macrodata", "danish_data")}
    co2 = data["co2"]["co2"].resample("MS").mean().interpolate().to_numpy()
    months = data["elnino"].drop(columns="YEAR").to_numpy().ravel()
    found = [("co2", co2[-240:], 12), ("nile", data["nile"]["volume"].to_numpy(), 1),
             ("sunspots", data["sunspots"]["SUNACTIVITY"].to_numpy()[-150:], 1),
             ("elnino", months[np.isfinite(months)][-240:], 12)]
    found += [(name, data["macrodata"][name].to_numpy(), 4) for name in QUARTERLY]
    found += [(f"danish {name}", data["danish_data"][name].to_numpy(), 4)
              for name in ("lrm", "lry", "lpy", "ibo")]
    return [(name, np.asarray(values, float), period) for name, values, period in found]


def made_series(seeds: range) -> list[tuple[str, np.ndarray, int]]:
    return [(f"{name} {seed}", made.MAKERS[name](seed), made.PERIODS[name])
            for name in made.FAMILIES for seed in seeds]


def played(series: list[tuple[str, np.ndarray, int]]) -> dict[str, np.ndarray]:
    """By series: MASE of every method, of the winner and of the mean; the share of values in the
    80 % interval; which method won."""
    kept: dict[str, list[float]] = {name: [] for name in
                                    (*METHODS, "winner", "mean", "held", "won_naive")}
    for _, values, period in series:
        ahead = AHEAD[period]
        past, truth = values[:-ahead], values[-ahead:]
        done = hold(past, period, ahead)
        said = {name: method(past, period, ahead).middle for name, method in METHODS.items()}
        said["winner"] = said[done.winner]
        said["mean"] = done.ahead.middle
        for name, middle in said.items():
            kept[name].append(mase(past, truth, middle, period))
        inside = (done.ahead.low <= truth) & (truth <= done.ahead.high)
        kept["held"].append(float(inside.mean()))
        kept["won_naive"].append(float(done.winner == "naive"))
    return {name: np.array(each) for name, each in kept.items()}


def measure(data: Path | None) -> list[Row]:
    warnings.simplefilter("ignore")
    series = made_series(FRESH) + public()
    kept = played(series)
    n, plain = len(series), float(kept["naive"].mean())

    def row(key: str, values: np.ndarray, unit: str = "MASE", **more: Any) -> Row:
        return Row(key, *intervals.bootstrap(values), n, unit, SET, **more)

    better = int((kept["mean"] < kept["naive"]).sum())
    return [
        row("mase_mean", kept["mean"], baseline=plain, baseline_name=PLAIN),
        row("mase_naive", kept["naive"]),
        *(row(f"mase_{name}", kept[name], baseline=plain, baseline_name=PLAIN)
          for name in ("winner", "ets", "theta", "learned")),
        Row("better", *intervals.wilson(better, n), n, "share", SET, 0.5, "a coin"),
        Row("plain_wins", *intervals.wilson(int(kept["won_naive"].sum()), n), n, "share", SET,
            0.25, "each of four as often"),
        row("interval_holds", kept["held"], "share", baseline=0.8, baseline_name="what it claims"),
        *costs(hold, [(values, period, AHEAD[period]) for _, values, period in series[::13]],
               set=SET),
    ]
