"""Rank offers for needs from the command line.

python -m saphan.engines.matching rank --documents D.jsonl --queries Q.jsonl --out R.jsonl
python -m saphan.engines.matching prepare
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from saphan.engines.language.embed import EmbedderError
from saphan.engines.language.terms import TermBase, TermFileError
from saphan.engines.matching.documents import Filters
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.lir import LirError
from saphan.engines.matching.prepare import load, prepare
from saphan.engines.matching.rank import Matcher
from saphan.engines.matching.reading import BadInput, read_documents, read_queries
from saphan.engines.matching.sqlite_index import SqliteIndex


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit status: 0, or 2 for input that cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "prepare":
            print(prepare(options.models, _say))
        else:
            rank(options)
    except (BadInput, TermFileError, EmbedderError, LirError) as error:
        print(f"matching: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"matching: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="matching", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    models = argparse.ArgumentParser(add_help=False)
    models.add_argument("--models", type=Path, help="folder of prepared models")
    commands.add_parser("prepare", parents=[models], help="write the bundled model")
    ranking = commands.add_parser("rank", parents=[models], help="rank documents for queries")
    ranking.add_argument("--documents", type=Path, required=True, help="JSON lines")
    ranking.add_argument("--queries", type=Path, required=True, help="JSON lines")
    ranking.add_argument("--out", type=Path, required=True, help="JSON lines")
    ranking.add_argument("--top", type=int, help="this many documents a query, else all")
    ranking.add_argument("--terms", type=Path, nargs="*", default=[], help="more term files")
    ranking.add_argument("--date", type=date.fromisoformat, help="today, for deadlines")
    ranking.add_argument("--threads", type=int, default=1, help="cores for one text")
    return parser


def rank(options: argparse.Namespace) -> None:
    """Read both files, rank, write the rankings; the output appears as a whole at the end."""
    documents = list(read_documents(options.documents))
    queries = list(read_queries(options.queries))
    prepare(options.models, _say)
    embedder, lir = load(options.models, threads=options.threads)
    terms = TermBase.load()
    for path in options.terms:
        terms.extend(TermBase.load(path).concepts.values())
    with tempfile.TemporaryDirectory(prefix="saphan-") as folder:
        index = SqliteIndex(
            Path(folder) / "index.sqlite", model_id=embedder.model_id,
            dimension=embedder.dimension, transform=lir.passages.apply,
        )  # fmt: skip
        index.put(make_entries(documents, embedder, terms))
        matcher = Matcher(index, embedder, lir, terms)
        every = Filters(audiences=())
        partial = options.out.with_name(options.out.name + ".partial")
        with partial.open("w", encoding="utf-8") as out:
            for query in queries:
                answer = matcher.ask(
                    query.text, query.lang, k=options.top, filters=every, now=options.date
                )
                ranking = [{"id": match.id, "score": match.score} for match in answer.matches]
                line = {"query": query.id, "ranking": ranking, "abstained": answer.abstained}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
        partial.replace(options.out)
        index.close()


def _say(message: str) -> None:
    print(f"matching: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
