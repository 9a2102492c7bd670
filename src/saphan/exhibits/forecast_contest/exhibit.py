"""Numbers in a row: four methods forecast a hidden part; their mean forecasts the future."""

from typing import Annotated

from saphan.engines.runner import (
    Bars,
    Chart,
    Facts,
    Field,
    Line,
    Result,
    Rows,
    Say,
    Table,
    Unit,
    exhibit,
)
from saphan.engines.runner import Word as W
from saphan.engines.runner.media import table

from .contest import hold
from .methods import METHODS
from .series import LEAST, read_series

SHOWN = 120
"""Past values in the chart: more would hide the forecast."""
POOR = 1.5
"""A best MASE above it: no method saw the hidden part coming."""


@exhibit
def forecast(
    numbers: Table,
    steps: Annotated[int, Field(at_least=1, at_most=60)] = 12,
    column: Line = "",
    season: Annotated[int, Field(at_least=0, at_most=366)] = 0,
) -> Result:
    """Forecast the next numbers of a column, and see which of four methods deserves trust."""
    series = read_series(table(numbers, least=LEAST), column, season)
    done = hold(series.values, series.period, steps)
    best = done.mase[done.winner]
    says = [Say(f"won_{done.winner}", "good" if best < 1 else "info", hidden=done.hidden)]
    says.append(Say("mean_ahead", steps=steps, lowest=_rounded(float(done.ahead.middle.min())),
                    highest=_rounded(float(done.ahead.middle.max()))))
    if best > POOR:
        says.append(Say("none_good", "warn", times=Unit(best, "", 1)))
    elif done.winner != "naive" and done.mase["naive"] < 1.1 * best:
        says.append(Say("hardly_better"))
    elif done.winner == "naive":
        says.append(Say("plain_lesson"))
    if series.filled:
        says.append(Say("filled", "warn", count=series.filled))
    soon = series.ahead(steps)
    kept = min(SHOWN, len(series.values))
    past = series.values[-kept:].tolist()
    truth = series.values[-done.hidden:].tolist()
    nothing, before = [None] * kept, [None] * steps
    return Result(
        *says,
        Chart(W("ahead"), [*series.labels[-kept:], *soon], [
            (W("past"), [*past, *before]),
            (W("middle"), [*nothing, *done.ahead.middle.tolist()]),
            (W("low"), [*nothing, *done.ahead.low.tolist()]),
            (W("high"), [*nothing, *done.ahead.high.tolist()])]),
        Bars(W("errors"), [(W(name), done.mase[name]) for name in METHODS], unit=""),
        Chart(W("hidden_part"), series.labels[-done.hidden:], [
            (W("truth"), truth),
            *((W(name), ahead.middle.tolist()) for name, ahead in done.shown.items())]),
        Rows([W("step"), W("middle"), W("low"), W("high")],
             [[when, *(_rounded(part[at]) for part in
                       (done.ahead.middle, done.ahead.low, done.ahead.high))]
              for at, when in enumerate(soon)], title=W("ahead")),
        Facts([(W("column"), series.name), (W("count"), len(series.values)),
               (W("season"), series.period),
               *((W(f"smape_{name}"), Unit(done.smape[name], "share", 1)) for name in METHODS)]))


def _rounded(value: float) -> float:
    """Four significant figures: more would say more than is known."""
    return float(f"{value:.4g}")
