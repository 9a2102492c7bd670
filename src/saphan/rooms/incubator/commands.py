"""The incubator's commands for operators: `saphan room incubator import | export`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from saphan.house import indexing
from saphan.house.occupancy import worker_is_alive
from saphan.house.room import Command
from saphan.rooms.incubator import exchange
from saphan.rooms.incubator.queries import calls as queries


def load(words: Sequence[str]) -> int:
    """Check a whole file, then load its calls as drafts. Loading a file again changes only the
    drafts that it changed."""
    parser = argparse.ArgumentParser(prog="saphan room incubator import", description=load.__doc__)
    parser.add_argument("file", type=Path, help="a .jsonl file in UTF-8")
    parser.add_argument("--check", action="store_true", help="only say what is wrong")
    options = parser.parse_args(words)
    try:
        content = options.file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{options.file} is not UTF-8 text; save it as UTF-8") from None
    report = exchange.check(content)
    for problem in report.problems:
        print(f"row {problem.row}{', ' * bool(problem.field)}{problem.field}: {problem.message}")
    if options.check or report.problems:
        return 1 if report.problems else 0
    changed = sum(exchange.load_row(row, by=None) is not None for _number, row in report.good)
    if not worker_is_alive():
        indexing.catch_up()
    print(f"{changed} new or changed, {len(report.good) - changed} as they were")
    return 0


def write(words: Sequence[str]) -> int:
    """Write every public call, in the format that import reads."""
    argparse.ArgumentParser(prog="saphan room incubator export",
                            description=write.__doc__).parse_args(words)
    for piece in exchange.write_jsonl(queries.in_order_of_accession(queries.public())):
        sys.stdout.write(piece)
    return 0


COMMANDS = [
    Command("import", "check a .jsonl file of calls and load them as drafts", load),
    Command("export", "write every public call as JSONL", write),
]
