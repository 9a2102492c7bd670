"""Exhibits that run outside the hall: a Gradio app, or a model behind the Open Inference Protocol.

Their folder has no code. `describe` and `run` give the same JSON as `contract.Exhibit`, so that the
page, the API and MCP need not know where an exhibit runs; the badge does. What such a run costs
in energy is what its maker declares, or unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from saphan.engines.runner.folder import Folder
from saphan.engines.runner.outside import gradio, oip
from saphan.engines.runner.outside.errors import (
    OutsideAnsweredBadly,
    OutsideError,
    OutsideNotAllowed,
    OutsideRefused,
    OutsideUnreachable,
)
from saphan.engines.runner.outside.guard import BadEntry, Guard
from saphan.engines.runner.outside.wire import Call
from saphan.engines.runner.parts import Result

TIER = "declared"
"""The energy tier of every run outside: nobody here can measure it."""
DESCRIBE: dict[str, Callable[[Folder, Call], dict[str, Any]]] = {
    "gradio": gradio.describe, "oip": oip.describe}
RUN: dict[str, Callable[[Folder, Mapping[str, Any], Call], Result]] = {
    "gradio": gradio.run, "oip": oip.run}


def describe(folder: Folder, guard: Guard, seconds: float = 10) -> dict[str, Any]:
    """The inputs as the other side declares them, now: `{"inputs": […], "doc": …, "labels": {…}}`.

    `labels` are its own words for the inputs, in whichever language it speaks: for a plate that
    has none. Raises OutsideError.
    """
    return DESCRIBE[folder.kind](folder, Call(guard, seconds))


def run(folder: Folder, given: Mapping[str, Any], guard: Guard, seconds: float) -> dict[str, Any]:
    """One run with values as `inputs.check` returns them (files are bytes). The answer as
    `Exhibit.run` gives it. Raises OutsideError; `seconds` cover all that has to be asked."""
    return RUN[folder.kind](folder, given, Call(guard, seconds)).to_json()


__all__ = ["TIER", "BadEntry", "Guard", "OutsideAnsweredBadly", "OutsideError",
           "OutsideNotAllowed", "OutsideRefused", "OutsideUnreachable", "describe", "run"]
