"""`saphan …`, as an operator types it."""

from __future__ import annotations

import io
import json
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from conftest import PACKAGE, ROOT
from django.db import connection

Run = Callable[..., "CompletedProcess[str]"]
ROW = {"key": "example-offer", "kind": "technology_offer", "lang": "en", "sector": "agriculture",
       "title": "Durian grading by camera", "summary": "Grades fruit on the belt.",
       "description": "A camera over the belt grades fruit.", "example": True,
       "organisation": {"name": {"en": "Example Orchard Robotics"}, "economy": "TH",
                        "kind": "company"}}


@pytest.fixture
def operator(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`operator("check")`: the command line in this process, on the test's own house. A process of
    its own (the fixture `saphan`) costs two seconds; here it costs milliseconds."""
    from saphan.doors.cli.main import main

    def run(*words: str, stdin: str = "") -> CompletedProcess[str]:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = main(words)
        said = capsys.readouterr()
        return CompletedProcess(words, code, said.out, said.err)

    return run


def all_commands() -> list[list[str]]:
    from saphan.doors.cli.main import parser

    found: list[list[str]] = []

    def walk(words: list[str], given: object) -> None:
        found.append(words)
        for action in given._actions:  # type: ignore[attr-defined]
            if action.choices and hasattr(action.choices, "items"):
                for name, sub in action.choices.items():
                    walk([*words, name], sub)

    walk([], parser())
    return found


@pytest.mark.parametrize("words", all_commands(), ids=lambda words: " ".join(words) or "saphan")
def test_every_command_has_help(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from saphan.doors.cli.main import parser

    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*words, "--help"])
    assert ended.value.code == 0
    assert "usage: saphan" in capsys.readouterr().out


def test_setup_makes_a_house_and_can_be_called_again(saphan: Run) -> None:
    first, second = saphan("setup"), saphan("setup")

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "up to date" in first.stderr and "up to date" not in second.stderr
    found = json.loads(saphan("check", "--json").stdout)
    assert [item for item in found if item["level"] == "error"] == []
    assert {item["name"] for item in found if item["level"] == "warning"} >= {"worker", "mail"}


def test_a_command_before_setup_says_what_to_do_in_one_line(saphan: Run) -> None:
    done = saphan("ledger", "verify")
    assert done.returncode == 2 and "saphan setup" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr


@pytest.mark.usefixtures("sample_centre")
def test_loading_the_sample_again_changes_nothing(operator: Run) -> None:
    before = operator("ledger", "head").stdout

    assert "nothing new" in operator("sample", "load", "nanning").stderr
    assert operator("ledger", "head").stdout == before
    wrong = operator("sample", "load", "atlantis")
    assert wrong.returncode == 2 and "nanning" in wrong.stderr


@pytest.mark.usefixtures("sample_centre")
def test_asking_shows_plates_with_why(operator: Run) -> None:
    plain = operator("ask", "--lang", "zh-Hans", "ระบบคัดเกรดทุเรียน").stdout
    assert re.search(r"MKT-\d{4}-\d{4}", plain) and "榴莲" in plain

    lines = operator("ask", "--json", "--stream", "durian").stdout.splitlines()
    assert [json.loads(line)["stage"] for line in lines] == ["words", "meaning"]
    assert operator("ask", "...").returncode == 2
    wrong = operator("ask", "--lang", "klingon", "durian")
    assert wrong.returncode == 2 and "klingon" in wrong.stderr


def by_hand(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.usefixtures("sample_centre")
def test_a_fact_changed_by_hand_is_found(operator: Run) -> None:
    head = operator("ledger", "head").stdout.strip()
    assert operator("ledger", "verify", "--expect", head).returncode == 0

    by_hand("DROP TRIGGER fact_no_update",
            "UPDATE ground_fact SET actor = 'p_0' WHERE seq = 100")
    done = operator("ledger", "verify")
    assert done.returncode == 1 and "fact 100" in done.stdout
    checked = operator("check")
    assert checked.returncode == 1 and "fact 100" in checked.stdout


@pytest.mark.usefixtures("sample_centre")
def test_a_ledger_whose_end_was_cut_off_is_found_by_a_head_written_down(operator: Run) -> None:
    head = operator("ledger", "head").stdout.strip()
    by_hand("DROP TRIGGER fact_no_delete", "DELETE FROM ground_fact WHERE seq > 200")

    assert operator("ledger", "verify").returncode == 0
    done = operator("ledger", "verify", "--expect", head)
    assert done.returncode == 1 and "fact 201" in done.stdout
    assert operator("ledger", "verify", "--expect", "3:abc").returncode == 2


@pytest.mark.usefixtures("house")
def test_an_index_that_lost_a_record_is_found_and_mended(operator: Run) -> None:
    from saphan.house import indexing
    from saphan.house.engine import engine
    from saphan.house.registry import room

    room("market").make_examples(3)
    indexing.catch_up()
    assert operator("index", "verify").returncode == 0

    engine().index.remove([engine().index.ids()[0]])
    assert operator("index", "verify").returncode == 1
    assert operator("index", "rebuild").returncode == 0
    assert operator("index", "verify").returncode == 0
    assert json.loads(operator("index", "status", "--json").stdout)["records"] == 3


@pytest.mark.usefixtures("house")
def test_a_file_is_imported_whole_or_not_at_all(operator: Run, tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_text(json.dumps(ROW))
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text(json.dumps({**ROW, "key": "other"}) + "\n" + json.dumps({"kind": "nothing"}))

    refused = operator("import", str(mixed))
    assert refused.returncode == 1 and "row 2, kind" in refused.stdout
    assert operator("export").stdout == ""
    assert "1 new or changed" in operator("import", str(good)).stdout
    assert "0 new or changed" in operator("import", str(good)).stdout
    assert json.loads(operator("export").stdout)["key"] == "example-offer"
    assert "Durian grading" in operator("room", "market", "export", "--format", "csv").stdout
    assert operator("index", "verify").returncode == 0
    assert operator("import", str(tmp_path / "none.jsonl")).returncode == 2
    assert operator("room", "market", "burn").returncode == 2


@pytest.mark.usefixtures("house")
def test_people_get_roles_and_tokens(operator: Run) -> None:
    added = operator("person", "add", "Clerk@Example.org", "--password-stdin", "--role", "clerk",
                     stdin="a long enough pass phrase\n")
    assert added.returncode == 0, added.stderr

    assert operator("person", "add", "clerk@example.org", "--no-password").returncode == 2
    weak = operator("person", "add", "other@example.org", "--password-stdin", stdin="12345678\n")
    assert weak.returncode == 2 and "Traceback" not in weak.stderr
    assert operator("role", "grant", "clerk@example.org", "director").returncode == 0
    assert operator("role", "take", "clerk@example.org", "director").returncode == 0
    unknown = operator("role", "grant", "clerk@example.org", "king")
    assert unknown.returncode == 2 and "administrator" in unknown.stderr
    token = operator("token", "issue", "--email", "clerk@example.org", "--scope", "write").stdout
    assert token.startswith("sph_")
    assert operator("token", "issue", "--email", "nobody@example.org").returncode == 2


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(("changes", "level", "words"), [
    ({"BASE_URL": "https://saphan.example"}, "error", "SAPHAN_HOSTS"),
    ({"BASE_URL": "http://saphan.example", "ALLOWED_HOSTS": [".example"]}, "warning", "https"),
    ({"BASE_URL": "https://saphan.example", "ALLOWED_HOSTS": ["saphan.example"]},
     "warning", "SAPHAN_PROXY"),
    ({"ALLOWED_HOSTS": ["*"]}, "warning", "every name"),
    ({"DEBUG": True}, "warning", "SAPHAN_DEBUG"),
    ({"MODELS": Path("/nonexistent")}, "error", "search model"),
    ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
      "EMAIL_FILE_PATH": "/x"}, "warning", "sent to nobody"),
    ({"HOME": Path("/nonexistent")}, "error", "cannot be written"),
])
def test_what_is_misconfigured_is_said_with_how_to_mend_it(
        operator: Run, settings: Any, changes: dict[str, Any], level: str, words: str) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    done = operator("check", "--json")

    found = [item for item in json.loads(done.stdout)
             if item["level"] == level and words in item["message"] + item["mend"]]
    assert found and all(item["mend"] for item in found), done.stdout
    if level == "error":
        assert done.returncode == 1


def test_a_setting_that_nothing_reads_is_said(
        operator: Run, house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPHAN_HTOS", "x")
    assert "SAPHAN_HTOS" in operator("check").stdout


def test_an_origin_that_is_none_is_said(operator: Run, house: None, settings: Any) -> None:
    settings.NEWS_INSIDE = ["http://127.0.0.1:8080", "http://news.example.org"]
    told = operator("check")
    assert told.returncode == 1 and "SAPHAN_NEWS_INSIDE: 'http://news.example.org'" in told.stdout
    assert "127.0.0.1:8080" not in told.stdout


def test_a_port_that_is_taken_is_said_before_anything_else(operator: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = operator("serve", "--port", str(other.getsockname()[1]), "--setup")
    assert done.returncode == 2 and "--port" in done.stderr
    assert "bringing the database" not in done.stderr


def test_every_setting_is_documented_and_known_to_check() -> None:
    from saphan.house.check import SETTINGS

    read = set(re.findall(r"SAPHAN_[A-Z_]+", (PACKAGE / "settings.py").read_text("utf-8")))
    table = (ROOT / "docs" / "operating.md").read_text("utf-8")

    assert read <= SETTINGS
    assert {name for name in SETTINGS if f"`{name}`" not in table} == set()
