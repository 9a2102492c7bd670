"""`saphan`: find the command, run it, and turn what goes wrong into one line that helps."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

SUBJECTS = ("catalogues",)


class Failed(Exception):
    """The command cannot do what was asked; the message says why and what to do."""


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="saphan", description="Run a cooperation centre's house.")
    commands = found.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for subject in SUBJECTS:
        import_module(f"saphan.doors.cli.{subject}").add(commands)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit status: 0, 1 for "no" (a check that fails), 2 for an error."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("SAPHAN_DEBUG"):
            raise
        print(f"saphan: {error}", file=sys.stderr)
        return 2
