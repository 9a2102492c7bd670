"""The hall follows its folders: what is there is shown, what is gone is not, what is broken is
named to the staff."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from saphan.engines.runner.folder import folders
from saphan.engines.runner.workbench import installed
from saphan.ground import ledger
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.rooms.exhibition import actions, catalogue, plan, queries, rules
from saphan.rooms.exhibition.models import Exhibit
from saphan.rooms.exhibition.tests.conftest import (
    ECHO,
    PLAIN_FACTS,
    exhibit,
    page,
    put,
    signed_in,
    step,
    tried,
)

pytestmark = pytest.mark.django_db
# Those that need an extra which is not installed here are not shown.
OWN = sorted(folder.slug for folder in folders(settings.PACKAGE / "exhibits")[0]
             if not installed(folder.needs))


@pytest.fixture
def mounted(tmp_path: Path, settings):
    """The hall as it is, with a folder that the operator mounts beside the house's own."""
    settings.EXHIBITS = [tmp_path]
    catalogue.forget()
    yield tmp_path
    catalogue.forget()


def test_every_exhibit_of_the_house_stands_in_the_hall_in_its_zone(client, mounted):
    step()
    html = page(client.get("/en/exhibition/"))
    for slug in OWN:
        assert f'href="/en/exhibition/at/{slug}/"' in html, slug
    standing = [each.slug for zone in plan.zones(list(queries.shown())) for each in zone.exhibits]
    assert sorted(standing) == OWN
    for zone in plan.zones(list(queries.shown())):
        assert f'<span class="zone-letter" aria-hidden="true">{zone.letter}</span>' in html
    assert set(Exhibit.objects.values_list("own", flat=True)) == {True}


def test_a_mounted_folder_appears_goes_and_comes_back(client, mounted):
    assert step() == len(OWN)
    put(mounted, "visitor_count", ECHO)
    step()
    made = exhibit("visitor_count")
    step()
    assert exhibit("visitor_count").changed == made.changed, "what is as it was is left alone"
    assert not made.own and made.sector == "logistics"
    assert "Visitor_Count" in page(client.get("/en/exhibition/"))
    number = made.number
    shutil.rmtree(mounted / "visitor_count")
    step()
    assert client.get("/en/exhibition/at/visitor_count/").status_code == 404
    assert "Visitor_Count" not in page(client.get("/en/exhibition/"))
    put(mounted, "visitor_count", ECHO, words={"en": 'title = "Counted anew"\n'})
    step()
    assert "Counted anew" in page(client.get("/en/exhibition/"))
    assert exhibit("visitor_count").number == number, "it keeps its accession number"
    facts = Fact.objects.filter(subject_id=str(made.pk), name__startswith="exhibit.")
    assert list(facts.order_by("seq").values_list("name", flat=True)) == [
        "exhibit.placed", "exhibit.withdrawn", "exhibit.returned", "exhibit.changed"]
    assert ledger.verify().intact


BROKEN = {
    "no_syntax": ('maker = "x\n', {}),
    "no_maker": ('licence = "MIT"\ntitle = "x"\n', {}),
    "no_title": ('licence = "MIT"\nmaker = "x"\n', {}),
    "odd_line": (PLAIN_FACTS + 'colour = "red"\ntitle = "x"\n', {}),
    "odd_minutes": (PLAIN_FACTS + 'minutes = "many"\ntitle = "x"\n', {}),
    "odd_languages": (PLAIN_FACTS + 'languages = [1]\ntitle = "x"\n', {}),
    "odd_example": (PLAIN_FACTS + 'title = "x"\n[[example]]\nexpect = "said"\n', {}),
    "odd_examples": (PLAIN_FACTS + 'title = "x"\nexample = 3\n', {}),
    "odd_measure": (PLAIN_FACTS + 'title = "x"\n[[measure]]\nvalue = 1\n', {}),
    "odd_words": (PLAIN_FACTS, {"en": 'title = "x"\nsays = "no table"\n'}),
    "odd_title": (PLAIN_FACTS, {"en": "title = 3\n"}),
    "no_unicode": (PLAIN_FACTS, {"en": b'title = "\xff"\n'}),
    "Loud-Name": (PLAIN_FACTS + 'title = "x"\n', {}),
}


def test_broken_folders_are_named_to_the_staff_alone_and_break_nothing(client, mounted, clerk):
    for slug, (facts, told) in BROKEN.items():
        (mounted / slug / "plate").mkdir(parents=True)
        (mounted / slug / "exhibit.toml").write_text(facts)
        for lang, text in told.items():
            (mounted / slug / "plate" / f"{lang}.toml").write_bytes(
                text if isinstance(text, bytes) else text.encode())
    put(mounted, "fine_one", ECHO)
    step()
    assert sorted(set(Exhibit.objects.values_list("slug", flat=True)) - set(OWN)) == ["fine_one"]
    assert len(catalogue.catalogue().problems) == len(BROKEN)
    shown = page(signed_in(clerk).get("/en/exhibition/"))
    for slug in BROKEN:
        assert slug in shown, slug
    for_all = page(client.get("/en/exhibition/"))
    assert not any(slug in for_all for slug in BROKEN)


def test_of_two_folders_of_one_name_the_houses_own_is_shown(mounted):
    put(mounted, OWN[0], ECHO, words={"en": 'title = "An impostor"\n'})
    step()
    assert exhibit(OWN[0]).own and "impostor" not in str(exhibit(OWN[0]).title)
    assert any(OWN[0] in problem for problem in catalogue.catalogue().problems)


def test_a_recorded_run_or_example_that_cannot_be_read_breaks_no_page(client, guests):
    folder = put(guests, "careless", ECHO, PLAIN_FACTS + '[[example]]\nkey = "gone"\n'
                 '[example.files]\ntext = "examples/none.txt"\n')
    for text in ("{", "[]", '{"on": "yesterday"}', '{"on": 1, "answer": 3, "example": "gone"}'):
        (folder / "recorded" / "run.json").write_text(text)
        step()
        page(client.get("/en/exhibition/at/careless/"))
    assert client.post("/en/exhibition/at/careless/run/", {"example": "gone"}).status_code == 404


def test_a_changed_exhibit_is_read_again(client, guests):
    put(guests, "changing", "@exhibit\ndef one(text: Line) -> Say:\n    return Say('said')\n")
    step()
    assert 'name="text"' in page(client.get("/en/exhibition/at/changing/"))
    put(guests, "changing", "@exhibit\ndef one(number: int) -> Say:\n    return Say('said')\n")
    step()
    html = page(client.get("/en/exhibition/at/changing/"))
    assert 'name="number"' in html and 'name="text"' not in html


@pytest.mark.parametrize("code", [
    "", "raise SystemExit(3)\n", "import no_such_module\n",
    "@exhibit\ndef one(person: Line) -> Say:\n    return Say('x')\n"])
def test_code_that_cannot_be_an_exhibit_rests_with_its_reason_and_breaks_nothing(
        client, guests, code):
    put(guests, "cannot_be", code)
    step()
    html = page(client.get("/en/exhibition/at/cannot_be/"))
    assert "This exhibit cannot run on this machine at present." in html
    sent = client.post("/en/exhibition/at/cannot_be/run/", {"text": "x"})
    assert sent.status_code == 503
    refused = client.post("/api/v1/exhibition/cannot_be/run", {"inputs": {}},
                          content_type="application/json")
    assert refused.status_code == 403 and refused["Content-Type"] == "application/problem+json"
    assert "It heard me." in page(tried(client, "echo", text="me"))


def test_closing_and_opening_is_for_the_staff(client, guests, clerk, person):
    each = exhibit("echo")
    for verb in (actions.close, actions.reopen):
        for nobody in (None, person(f"visitor-{verb.__name__}")):
            with pytest.raises(Refused):
                verb(each, by=nobody)
    desk = signed_in(clerk)
    assert "Close the exhibit" in page(desk.get("/en/exhibition/at/echo/"))
    assert "Close the exhibit" not in page(client.get("/en/exhibition/at/echo/"))
    desk.post("/en/exhibition/at/echo/move/close/")
    html = page(client.get("/en/exhibition/at/echo/"))
    assert "This exhibit is closed today." in html and 'name="text"' not in html
    assert client.post("/en/exhibition/at/echo/run/", {"text": "x"}).status_code == 403
    api = client.post("/api/v1/exhibition/echo/run", {"inputs": {"text": "x"}},
                      content_type="application/json")
    assert api.status_code == 403 and "closed today" in api.json()["title"]
    desk.post("/en/exhibition/at/echo/move/open/")
    assert "It heard me." in page(tried(client, "echo", text="me"))
    names = Fact.objects.filter(name__startswith="exhibit.").exclude(
        name="exhibit.placed").order_by("seq").values_list(
        "name", "actor")
    assert list(names) == [("exhibit.closed", clerk.ref),
                           ("exhibit.opened", clerk.ref)]
    assert ledger.verify().intact


@pytest.mark.parametrize("transition", ["close", "open", "withdraw", "return_to_hall"])
def test_who_is_not_signed_in_moves_nothing(client, guests, transition):
    """To the rules nobody is the house itself: the front must not let a visitor be that."""
    each = exhibit("echo")
    if transition in ("open", "return_to_hall"):
        Exhibit.objects.filter(pk=each.pk).update(
            state="closed" if transition == "open" else "withdrawn")
    before = exhibit("echo").state
    answer = client.post(f"/en/exhibition/at/echo/move/{transition}/")
    assert "/account/" in answer["Location"]
    assert exhibit("echo").state == before


def test_what_the_staff_take_out_stays_out_until_they_bring_it_back(client, guests, manager, clerk):
    signed_in(clerk).post("/en/exhibition/at/echo/move/withdraw/")
    assert exhibit("echo").state == "running", "a clerk may close it, no more"
    desk = signed_in(manager)
    desk.post("/en/exhibition/at/echo/move/withdraw/")
    step()
    assert exhibit("echo").state == "withdrawn", "the folder is still there, but people decided"
    for address in ("", "code/", "file/recorded/x.png"):
        assert client.get(f"/en/exhibition/at/echo/{address}").status_code == 404
    assert client.get("/api/v1/exhibition/echo").status_code == 404
    assert client.post("/en/exhibition/at/echo/run/", {"text": "x"}).status_code == 404
    html = page(desk.get("/en/exhibition/at/echo/"))
    assert "Bring back to the hall" in html and 'name="text"' not in html
    desk.post("/en/exhibition/at/echo/move/return_to_hall/")
    page(client.get("/en/exhibition/at/echo/"))


def test_people_do_not_declare_faults(guests, manager):
    assert not rules.may_fail(manager, exhibit("echo"))
    assert not rules.may_recover(manager, exhibit("echo"))
    assert signed_in(manager).post("/en/exhibition/at/echo/move/fail/").status_code == 404
