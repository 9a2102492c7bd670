"""`saphan ledger` and `saphan index`: prove that the house's records hold."""

from __future__ import annotations

import json
from typing import Any

from saphan.doors.cli.boot import Failed, Progress, boot


def add(commands: object) -> None:
    ledger = commands.add_parser(  # type: ignore[attr-defined]
        "ledger", help="verify the chain of facts, or print its head")
    verbs = ledger.add_subparsers(dest="verb", required=True, metavar="VERB")
    verify = verbs.add_parser("verify", help="walk the whole chain; exit code 1 if it is broken")
    verify.add_argument("--expect", metavar="SEQ:HASH",
                        help="also prove that this fact is still there, as it was written down")
    verify.set_defaults(run=_run_verify)
    verbs.add_parser("head", help="print SEQ:HASH of the newest fact; keep it somewhere else"
                     ).set_defaults(run=_run_head)
    index = commands.add_parser(  # type: ignore[attr-defined]
        "index", help="rebuild or verify the search index")
    verbs = index.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("rebuild", help="make it anew; readers keep the old one until it is whole"
                     ).set_defaults(run=_run_rebuild)
    verbs.add_parser("verify", help="compare index, ledger and records; exit code 1 if they differ"
                     ).set_defaults(run=_run_index_verify)
    verbs.add_parser("learn", help="embed records of another model now, not by and by; may be "
                     "stopped and begun again").set_defaults(run=_run_learn)
    refit = verbs.add_parser("refit", help="fit what takes language out of meaning on your records")
    refit.add_argument("--forget", action="store_true", help="go back to the fit of Saphan")
    refit.set_defaults(run=_run_refit)
    status = verbs.add_parser("status", help="how much it holds and how far it has read")
    status.add_argument("--json", action="store_true", help="for machines")
    status.set_defaults(run=_run_status)


def _expected(value: str | None) -> tuple[int, str] | None:
    if not value:
        return None
    seq, _colon, digest = value.partition(":")
    if not seq.isdigit() or len(digest) != 64:
        raise Failed("--expect wants SEQ:HASH, as `saphan ledger head` prints it")
    return int(seq), digest


def _run_verify(options: Any) -> int:
    expected = _expected(options.expect)
    boot()
    from saphan.ground import ledger

    report = ledger.verify(expected_head=expected)
    if report.intact:
        print(f"intact: {report.count} facts, head {report.count}:{report.head}")
        return 0
    print(f"broken at fact {report.broken_at}: {report.reason} "
          f"The {report.count} facts before it hold.")
    return 1


def _run_head(_options: Any) -> int:
    boot()
    from saphan.ground import ledger

    seq, digest = ledger.head()
    print(f"{seq}:{digest}")
    return 0


def _run_rebuild(_options: Any) -> int:
    boot()
    from saphan.house import indexing

    progress = Progress("indexing")
    progress.end(f"indexed {indexing.rebuild(progress)} records")
    return 0


def _run_learn(_options: Any) -> int:
    boot()
    from saphan.house import learning

    progress = Progress("embedding")
    learning.embed_again(progress)
    done, total = learning.progress()
    progress.end(f"{done} of {total} records are embedded with the present model")
    return 0


def _run_refit(options: Any) -> int:
    boot()
    from saphan.house import learning

    if options.forget:
        learning.forget_fit()
        print("the fit that comes with Saphan is in use")
        return 0
    fitted = learning.refit()
    print(f"fitted on the records of this house: {fitted.texts.partition('+')[2] or 'none yet'}")
    return 0


def _run_index_verify(_options: Any) -> int:
    boot()
    from saphan.house import indexing

    problems = indexing.verify()
    for problem in problems:
        print(problem)
    if not problems:
        print("the index agrees with the records")
    return 1 if problems else 0


def _run_status(options: Any) -> int:
    boot()
    from django.conf import settings

    from saphan.ground import ledger
    from saphan.house.engine import engine

    opened, (head, _hash) = engine(), ledger.head()
    place = repr(opened.index) if settings.INDEX_URL else str(settings.INDEX)
    state = {"records": opened.index.count(), "cursor": opened.index.cursor, "ledger": head,
             "behind": head - opened.index.cursor, "stale": len(opened.index.stale()),
             "model": opened.embedder.model_id, "place": place}
    if options.json:
        print(json.dumps(state))
    else:
        print("\n".join(f"{name:8} {value}" for name, value in state.items()))
    return 0
