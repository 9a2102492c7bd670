"""An import as a person sees it: send a file, watch it, read the report."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saphan.ground import clock, jobs, ledger, limits
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.house.engine import engine
from saphan.people.models import Person
from saphan.rooms.market import exchange, loading, rules
from saphan.rooms.market.models import ImportRun, Listing

log = logging.getLogger(__name__)
ROWS_BETWEEN_LOOKS = 500


def begin(content: bytes, *, file_name: str, by: Person, take_good_rows: bool = False) -> ImportRun:
    """Keep the file and queue its import. Raises `Refused` for what cannot be read at all."""
    rules.may_import(by).or_raise()
    if len(content) > limits.UPLOAD_BYTES:
        raise Refused(_("This file is too large. The limit is %(limit)d MB.") % {
            "limit": limits.UPLOAD_BYTES // 1024 ** 2})
    format = file_name.rpartition(".")[2].lower()
    if format not in exchange.READERS:
        raise Refused(_("Send a file that ends in .jsonl, .csv, .xml or .json."))
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
    """Check the whole file, then load it. Called again after a kill, it goes on behind the last
    row that was saved."""
    if run.state in (ImportRun.State.REFUSED, ImportRun.State.LOADED):
        return run
    going_on = run.state == ImportRun.State.LOADING and run.rows
    rows = _rows_left(run) if going_on else _checked(run)
    if run.state == ImportRun.State.LOADING:
        _load(run, rows)
    return run


def _checked(run: ImportRun) -> list[loading.Row]:
    """Check the whole file. What is left to load; nothing if that refused the file."""
    with translation.override(run.language):
        report = exchange.check(run.content, run.format, warn=True)
    run.rows, run.problems = report.rows, [problem.to_json() for problem in report.problems] + [
        {**warning.to_json(), "warning": True} for warning in report.warnings]
    if report.problems and not run.take_good_rows:
        _end(run, ImportRun.State.REFUSED)
        return []
    run.state, run.loaded, run.unchanged = ImportRun.State.LOADING, 0, 0
    run.save()
    return report.good


def _rows_left(run: ImportRun) -> list[loading.Row]:
    """What a killed process had checked and not loaded: the file has not changed since."""
    bad = {problem["row"] for problem in run.problems
           if not problem.get("late") and not problem.get("warning")}
    failed = sum(bool(problem.get("late")) for problem in run.problems)
    good = [(number, row) for number, row in exchange.rows(run.content, run.format)
            if not isinstance(row, exchange.Problem) and number not in bad]
    return good[run.done + failed:run.rows - len(bad - {0})]


def _load(run: ImportRun, rows: list[loading.Row]) -> None:
    """Load rows; how far it came is saved together with them. What follows the ledger goes on
    beside it."""
    since = 0

    def noted(outcomes: list[loading.Outcome]) -> None:
        changed, unchanged, failed = loading.total([outcomes])
        run.loaded, run.unchanged = run.loaded + changed, run.unchanged + unchanged
        with translation.override(run.language):
            run.problems += [{**exchange.Problem(number, "", _(
                "This row could not be saved. Send it again.")).to_json(), "late": True}
                for number in failed]
        run.save(update_fields=["loaded", "unchanged", *(["problems"] if failed else [])])

    with ThreadPoolExecutor(1, "saphan-import") as beside:
        looking: Future[None] | None = None
        for outcomes in loading.load(rows, by=run.person, noted=noted):
            since += len(outcomes)
            if since >= ROWS_BETWEEN_LOOKS and (looking is None or looking.done()):
                since, looking = 0, beside.submit(_look_around)
        _end(run, ImportRun.State.LOADED)  # before what is under way beside it has ended


def _look_around() -> None:
    """Let letters go and the index come in step: a long import is not all there is to do."""
    try:
        jobs.follow_all()
    except Exception:
        log.exception("what follows the ledger stumbled; the import goes on")
    finally:
        connection.close()  # that of this thread


def indexed(run: ImportRun) -> int:
    """How many of the rows that were loaded can be found by now; all, where there is no search."""
    begun = ledger.about(run).filter(name="import.begun").values_list("seq", flat=True).first()
    if not run.loaded or begun is None:
        return 0
    ended = ledger.about(run).filter(name="import.ended").values_list("seq", flat=True).first()
    of_this = Fact.objects.filter(seq__gt=begun, subject_type=Listing._meta.label_lower)
    if ended is not None:
        of_this = of_this.filter(seq__lt=ended)
    try:
        seen = engine().index.cursor
    except Refused:
        return run.loaded
    return min(run.loaded, of_this.filter(seq__lte=seen).values("subject_id").distinct().count())


def _end(run: ImportRun, state: str) -> ImportRun:
    with ledger.fact("import.ended", run, by=run.person, state=str(state), loaded=run.loaded,
                     problems=sum(not one.get("warning") for one in run.problems)):
        # The file has done its work; it is not kept longer than that.
        run.state, run.finished, run.content = state, clock.now(), ""
        run.save()
    return run
