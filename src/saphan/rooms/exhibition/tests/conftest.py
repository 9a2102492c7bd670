"""A hall of the tests' own: small exhibits, really sealed; their supervisor ends with the tests."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from saphan.engines.runner.client import Hall, Settings
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.exhibition import actions, catalogue, running
from saphan.rooms.exhibition.models import Exhibit
from saphan.rooms.exhibition.views import exhibit as exhibit_views

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8"
    "cfc000000301010018dd8db00000000049454e44ae426082")
HEAD = """from __future__ import annotations
import os, time
from typing import Annotated, Literal
from saphan.engines.runner import Field, Image, Line, Refusal, Result, Say, Table, Words, exhibit
from saphan.engines.runner.parts import Box, Facts, Picture, Quote
"""
ECHO = '''
@exhibit
def echo(text: Words, times: Annotated[int, Field(at_least=1, at_most=5)] = 1,
         mood: Literal["calm", "merry"] = "calm", loud: bool = False) -> Result:
    if text.startswith("refuse"):
        raise Refusal("too_short")
    if text.startswith("own refusal"):
        raise Refusal("no_cats", number=3)
    if text.startswith("crash"):
        raise ValueError(text)
    if text.startswith("die"):
        os._exit(3)
    if text.startswith("sleep"):
        time.sleep(60)
    if text.startswith("hog"):
        return Result(Quote(str(len(bytearray(4 << 30)))))
    return Result(Say("said", text=text, mood=mood), Facts([("times", times), ("loud", loud)]),
                  Quote(text * times))
'''
ECHO_FACTS = '''
sector = "education"
maker = "The tests"
licence = "MIT"
seconds = 1
memory = 128
languages = ["th", "en"]

[[measure]]
key = "right"
value = 0.91
low = 0.88
high = 0.93
n = 200
set = "own: greetings"

[[example]]
key = "greeting"
expect = "said"
[example.inputs]
text = "sawasdee from the example"
'''
ECHO_WORDS = {
    "en": ('title = "Echo"\ndoes = "Says again what it hears, right {right} of the time."\n'
           'fails = "It understands nothing."\n[says]\nsaid = "It heard {text}."\n'
           '[inputs]\ntext = "Your words"\ntimes = "How often"\n[choices]\ncalm = "calmly"\n'
           '[refusals]\nno_cats = "No cats, {number} times no."\n'
           '[examples]\ngreeting = "A greeting"\n'
           '[labels]\nright = "Right"\n'),
    "th": ('title = "เสียงสะท้อน"\ndoes = "พูดซ้ำ"\nfails = "ไม่เข้าใจ"\n'
           '[says]\nsaid = "ได้ยิน {text}"\n'
           '[inputs]\ntext = "คำของคุณ"\n[refusals]\nno_cats = "ไม่มีแมว {number}"\n'),
}
LOOK = '''
@exhibit
def look(photo: Image, note: Line = "") -> Result:
    return Result(Say("seen", size=len(photo)), Picture("your picture", of="photo",
                  boxes=[Box(0.25, 0.5, 0.5, 0.25, "a frame")]))
'''
SLOW = '''
@exhibit
def slow(seconds: float = 1.0) -> Say:
    time.sleep(seconds)
    return Say("rested")
'''
PLAIN_FACTS = 'sector = "logistics"\nmaker = "The tests"\nlicence = "MIT"\nseconds = 20\n'


def put(root: Path, slug: str, code: str, facts: str = PLAIN_FACTS,
        words: dict[str, str] | None = None) -> Path:
    """An exhibit's folder under `root`. What is there already stays, so that its worker does."""
    folder = root / slug
    (folder / "plate").mkdir(parents=True, exist_ok=True)
    (folder / "recorded").mkdir(exist_ok=True)
    told = words or {"en": f'title = "{slug.title()}"\n'}
    for name, text in {"exhibit.toml": facts, "exhibit.py": HEAD + code,
                       **{f"plate/{lang}.toml": told[lang] for lang in told}}.items():
        if not (folder / name).exists() or (folder / name).read_text("utf-8") != text:
            (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def open_hall() -> Iterator[tuple[Hall, Path]]:
    """(the hall, its folder of exhibits). The supervisor is sealed as well as this machine allows,
    and is gone when the tests are over."""
    home = Path(tempfile.mkdtemp(prefix="sph-"))  # short: a socket's name has 107 bytes
    guests = home / "guests"
    guests.mkdir()
    # As the house's own, so that a machine without any seal runs them, too.
    hall = Hall(home / "hall.sock", Settings(own=(str(guests),), linger=0.5, slots=2,
                                             log=str(home / "hall.log")))
    yield hall, guests
    hall.close()
    until = time.monotonic() + 20
    while _listens(home / "hall.sock") and time.monotonic() < until:
        time.sleep(0.6)  # each look is a visit, after which it lingers anew
    assert not _listens(home / "hall.sock"), "the supervisor has outlived the tests"
    shutil.rmtree(home, ignore_errors=True)


def _listens(path: Path) -> bool:
    import socket

    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


@pytest.fixture
def guests(open_hall: tuple[Hall, Path], monkeypatch: pytest.MonkeyPatch, db: None
           ) -> Iterator[Path]:
    """The folder that this test's exhibits lie in: `echo`, `look`, `slow`; all are placed."""
    hall, root = open_hall
    for folder in root.iterdir():
        if folder.name not in ("echo", "look", "slow"):
            shutil.rmtree(folder)
    echo = put(root, "echo", ECHO, ECHO_FACTS, ECHO_WORDS)
    (echo / "recorded" / "run.json").write_text(
        '{"example": "greeting", "on": "2026-11-01", "answer": {"parts": [{"kind": "say", '
        '"key": "said", "level": "info", "values": {"text": "the recorded words"}}]}}')
    put(root, "look", LOOK)
    put(root, "slow", SLOW)
    monkeypatch.setattr(catalogue, "roots", lambda: [(root, False)])
    monkeypatch.setattr(running, "hall", lambda: hall)
    monkeypatch.setattr(exhibit_views, "PATIENCE_SECONDS", 15.0)
    running._pending.clear()
    step()
    yield root
    for ticket in list(running._pending):
        running.cancel(ticket)
    catalogue.forget()


def step() -> int:
    """Let the house look into the folders now."""
    catalogue.forget()
    return actions.place_all()


def exhibit(slug: str) -> Exhibit:
    return Exhibit.objects.get(slug=slug)


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """Makes somebody who can sign in, with these roles."""

    def make(name: str, *roles: str) -> Person:
        made = Person.objects.create_user(f"{name}@example.org")
        for role in roles:
            people_actions.grant_role(made, role, by=None)
        return made

    return make


@pytest.fixture
def clerk(person: Callable[..., Person]) -> Person:
    return person("clerk", Role.Name.CLERK)


@pytest.fixture
def manager(person: Callable[..., Person]) -> Person:
    return person("manager", Role.Name.PROGRAMME_MANAGER)


def signed_in(somebody: Person) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def page(response: Any, status: int = 200) -> str:
    """The page's text, after making sure that there is one."""
    assert response.status_code == status, (response.status_code, response.content[:500])
    return str(response.content.decode())


def words(html: str) -> str:
    """What a reader sees of a page, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<script.*?</script>", "", html)).split())


def tried(client: Client, slug: str, lang: str = "en", **given: Any) -> Any:
    """Press Run without a script: the page that the redirect leads to."""
    sent = client.post(f"/{lang}/exhibition/at/{slug}/run/", given)
    why = words(sent.content.decode()).partition("For the staff")[2][:300]
    assert sent.status_code == 302, (sent.status_code, why)
    assert re.fullmatch(rf"/{lang}/exhibition/at/{slug}/run/[\w-]+/", sent["Location"])
    return client.get(sent["Location"])
