"""An import as a person sees it: send a file, watch it, read the report."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saphan.ground import clock, jobs, ledger, limits
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.market import exchange, rules
from saphan.rooms.market.models import ImportRun

log = logging.getLogger(__name__)
TOLD_EVERY = 20  # rows between two looks at the progress bar


def begin(content: bytes, *, file_name: str, by: Person, take_good_rows: bool = False) -> ImportRun:
    """Keep the file and queue its import. Raises `Refused` for what cannot be read at all."""
    rules.may_import(by).or_raise()
    if len(content) > limits.UPLOAD_BYTES:
        raise Refused(_("This file is too large. The limit is %(limit)d MB.") % {
            "limit": limits.UPLOAD_BYTES // 1024 ** 2})
    format = file_name.rpartition(".")[2].lower()
    if format not in exchange.READERS:
        raise Refused(_("Send a file that ends in .jsonl or .csv."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_(
            "This file is not UTF-8 text. Save it as UTF-8 and send it again.")) from None
    if "\x00" in text:
        raise Refused(_("This file is not text."))
    run = ImportRun(person=by, file_name=file_name[-200:], format=format, content=text,
                    take_good_rows=take_good_rows, language=get_language() or "en")
    with ledger.fact("import.begun", run, by=by):
        run.save()
        run_import.enqueue(run.pk)  # in the same transaction: never one without the other
    return run


@jobs.job
def run_import(run_id: int) -> None:
    """Check and load an import; begun again after a kill it goes on, because loading a row twice
    changes nothing."""
    carry_on(ImportRun.objects.get(pk=run_id))


def carry_on(run: ImportRun) -> ImportRun:
    """Check the whole file, then load it row by row. Safe to call again after a kill."""
    if run.state in (ImportRun.State.REFUSED, ImportRun.State.LOADED):
        return run
    with translation.override(run.language):
        report = exchange.check(run.content, run.format)
    run.rows, run.problems = report.rows, [problem.to_json() for problem in report.problems]
    if report.problems and not run.take_good_rows:
        return _end(run, ImportRun.State.REFUSED)
    run.state, run.loaded, run.unchanged = ImportRun.State.LOADING, 0, 0
    run.save()
    for position, (number, row) in enumerate(report.good, 1):
        try:
            if exchange.load_row(row, by=run.person):
                run.loaded += 1
            else:
                run.unchanged += 1
        except (Refused, ValueError, DatabaseError) as error:
            # Right when it was checked, but the house has changed since: the others go on.
            log.warning("import %s, row %s: %s", run.pk, number, error)
            run.problems.append(exchange.Problem(number, "", _(
                "This row could not be saved. Send it again.")).to_json())
        if position % TOLD_EVERY == 0:
            run.save(update_fields=["loaded", "unchanged"])
    return _end(run, ImportRun.State.LOADED)


def _end(run: ImportRun, state: str) -> ImportRun:
    with ledger.fact("import.ended", run, by=run.person, state=str(state), loaded=run.loaded,
                     problems=len(run.problems)):
        # The file has done its work; it is not kept longer than that.
        run.state, run.finished, run.content = state, clock.now(), ""
        run.save()
    return run
