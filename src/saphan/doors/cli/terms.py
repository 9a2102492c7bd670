"""`saphan terms`: the term base as files, files as proposals, and whether all is well."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from saphan.doors.cli.boot import Failed, boot

FORMATS = ("tbx", "ttl", "jsonld", "csv")


def add(commands: Any) -> None:
    terms = commands.add_parser("terms", help="export, import or check the term base")
    verbs = terms.add_subparsers(dest="verb", required=True, metavar="VERB")
    export = verbs.add_parser("export", help="write the term base, with its corrections")
    export.add_argument("file", help="its ending says the format (.tbx .ttl .jsonld .csv); "
                                     "- for standard output")
    export.add_argument("--format", choices=FORMATS, help="for standard output")
    export.set_defaults(run=_run_export)
    take_in = verbs.add_parser("import", help="propose what a TBX or CSV file says differently")
    take_in.add_argument("file")
    take_in.set_defaults(run=_run_import)
    check = verbs.add_parser("check", help="labels that a rule would refuse today, and twins")
    check.set_defaults(run=_run_check)


def _run_export(options: Any) -> int:
    boot()
    from django.conf import settings

    from saphan.engines.language import terms_export
    from saphan.house import engine
    from saphan.house.centre import centre

    form = options.format or options.file.rpartition(".")[2].lower()
    if form not in FORMATS:
        raise Failed(f"name a file that ends in {', '.join(FORMATS)}, or give --format")
    origin = terms_export.Origin(title=str(centre().name), base=f"{settings.BASE_URL}/terms/")
    pieces = terms_export.WRITERS[form](engine.terms(), origin)
    if options.file == "-":
        sys.stdout.writelines(pieces)
        return 0
    with Path(options.file).open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
    print(f"{len(engine.terms())} concepts in {options.file}")
    return 0


def _run_import(options: Any) -> int:
    """0 if everything was taken, 1 if something was refused (it is listed)."""
    boot()
    from saphan.house.wording import exchange

    path = Path(options.file)
    report = exchange.take_in(path.read_bytes(), file_name=path.name, by=None)
    for line in report.refused:
        print(f"{line.place}\t{line.concept}\t{line.text}\t{line.why}")
    print(f"{report.concepts} concepts: {report.unchanged} unchanged, "
          f"{len(report.proposed)} proposals, {len(report.refused)} refused")
    return 1 if report.refused else 0


def _run_check(options: Any) -> int:
    """0 if every label holds, 1 otherwise. Twins are told and are no fault: words are ambiguous."""
    boot()
    from saphan.house import engine

    terms = engine.terms()
    wrong = list(_wrong(terms))
    for line in wrong:
        print(line)
    twins = list(_twins(terms))
    for line in twins:
        print(line)
    unsure = sum(len(concept.unsure) for concept in terms.concepts.values())
    print(f"{len(terms)} concepts, {len(wrong)} labels that would be refused, "
          f"{len(twins)} words with two meanings, {unsure} lines for a native speaker")
    return 1 if wrong else 0


def _wrong(terms: Any) -> Iterator[str]:
    from saphan.engines.language import labels

    for concept in terms.concepts.values():
        for name in concept.broader:
            if name not in terms.concepts:
                yield f"{concept.id}\tbroader\t{name}\tunknown"
        for lang, words in concept.labels.items():
            for word in words:
                if problem := labels.problem(labels.tidy(word), lang):
                    yield f"{concept.id}\t{lang}\t{word}\t{problem}"


def _twins(terms: Any) -> Iterator[str]:
    from saphan.engines.language import labels

    owners: dict[tuple[str, str], list[str]] = {}
    for concept in terms.concepts.values():
        for lang, words in concept.labels.items():
            for word in dict.fromkeys(map(labels.key, words)):
                owners.setdefault((lang, word), []).append(concept.id)
    for (lang, word), names in owners.items():
        if len(names) > 1:
            yield f"{' '.join(names)}\t{lang}\t{word}\ttwin"
