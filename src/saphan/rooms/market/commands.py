"""The market's commands for operators: `saphan import` and `saphan export`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from saphan.house import duplicates, indexing
from saphan.house.occupancy import worker_is_alive
from saphan.house.room import Command
from saphan.rooms.market import exchange, loading, queries
from saphan.rooms.market.models import Listing


def load(words: Sequence[str]) -> int:
    """Check a whole file, then load it as the house itself. Loading a file again changes
    only what it changed, so a load that was killed is finished by calling it again."""
    parser = argparse.ArgumentParser(prog="saphan import", description=load.__doc__)
    parser.add_argument("file", type=Path, help="a .jsonl or .csv file, or partnering profiles as "
                                                ".xml or .json, in UTF-8")
    parser.add_argument("--format", choices=["jsonl", "csv", "een"],
                        help="what the file is, where its name does not say it")
    parser.add_argument("--check", action="store_true", help="only say what is wrong")
    parser.add_argument("--take-good-rows", action="store_true",
                        help="load the rows that are right and leave the others")
    options = parser.parse_args(words)
    format = options.format or options.file.suffix.lstrip(".").lower()
    format = "xml" if format == "een" else format  # its reader takes JSON as well
    if format not in exchange.READERS:
        raise ValueError(f"{options.file} must end in .jsonl, .csv, .xml or .json")
    try:
        content = options.file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{options.file} is not UTF-8 text; save it as UTF-8") from None
    report = exchange.check(content, format)
    for problem in report.problems:
        print(f"row {problem.row}{', ' * bool(problem.field)}{problem.field}: {problem.message}")
    for left in report.warnings:
        print(f"row {left.row}, {left.field}: {left.message}")
    print(f"{len(report.good)} rows are right, {report.rows - len(report.good)} are not",
          file=sys.stderr)
    if options.check or (report.problems and not options.take_good_rows):
        return 1 if report.problems else 0
    changed, same, failed = loading.total(_told(loading.load(report.good, by=None),
                                                len(report.good)))
    if not worker_is_alive():
        indexing.catch_up()
    print(f"{changed} new or changed, {same} as they were")
    for number in failed:
        print(f"row {number} could not be saved; load the file again")
    return 1 if report.problems or failed else 0


def _told(batches: Iterable[list[loading.Outcome]],
          of: int) -> Iterator[list[loading.Outcome]]:
    """Say on a terminal how far it is."""
    done = 0
    for batch in batches:
        done += len(batch)
        if sys.stderr.isatty():
            print(f"\r{done} of {of} loaded", end="\n" if done == of else "", file=sys.stderr)
        yield batch


def write(words: Sequence[str]) -> int:
    """Write every public record, in the format that import reads."""
    parser = argparse.ArgumentParser(prog="saphan export", description=write.__doc__)
    parser.add_argument("--format", choices=["jsonl", "csv", "een", "xml", "json"],
                        default="jsonl", help="een (or xml, json): partnering profiles")
    parser.add_argument("--whole", action="store_true",
                        help="every record in every state, with who wrote and approved its words: "
                             "JSONL to move to another house, not to publish")
    options = parser.parse_args(words)
    records, writer = queries.public(), exchange.WRITERS[
        "xml" if options.format == "een" else options.format]
    if options.whole:
        records = Listing.objects.select_related(*queries.RELATED)
        writer = exchange.write_whole
    for piece in writer(queries.in_order_of_accession(records).iterator(chunk_size=200)):
        sys.stdout.write(piece)
    return 0


def twice(words: Sequence[str]) -> int:
    """List pairs of public records that are probably the same offer or need, in any languages."""
    parser = argparse.ArgumentParser(prog="saphan room market duplicates",
                                     description=twice.__doc__)
    parser.add_argument("--from", type=float, dest="threshold", metavar="PROBABILITY",
                        help="0 to 1; by default the one from which 95 of 100 pairs were right")
    options = parser.parse_args(words)
    found = sorted(duplicates.pairs("market", threshold=options.threshold),
                   key=lambda pair: -pair[1].probability)
    keys = {key for first, alike in found
            for key in (indexing.split_id(first)[2], alike.key)}
    records = {str(record.pk): record for record in queries.public().filter(pk__in=keys)}
    for first, alike in found:
        print(f"{alike.probability:.2f}")
        for key in (indexing.split_id(first)[2], alike.key):
            if key in records:
                print(f"  {records[key].number}  {records[key].lang}  {records[key].title.best()}")
        for sentence in (*alike.reasons, *alike.differences):
            print(f"    {sentence}")
    print(f"{len(found)} pairs", file=sys.stderr)
    return 0


COMMANDS = [
    Command("import", "check and load a .jsonl, .csv, .xml or .json file of records", load),
    Command("export", "write every public record as JSONL or CSV", write),
    Command("duplicates", "list pairs of records that are probably the same", twice),
]
