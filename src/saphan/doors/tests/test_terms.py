"""The term base through its pages: looking up, proposing, deciding, checking, undoing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from saphan.doors.tests.account import PASSWORD, somebody, text
from saphan.ground import ledger
from saphan.ground.models import Fact
from saphan.house import engine
from saphan.house.wording.models import TermChange
from saphan.people import actions as people
from saphan.people.models import Person

pytestmark = pytest.mark.django_db
CHANGE = "/en/terms/durian/change/?lang=lo"


@pytest.fixture(autouse=True)
def _economies(db: None) -> Iterator[None]:
    people.load_economies()
    yield
    engine.look_again()


@pytest.fixture
def visitor() -> Client:
    return signed_in(somebody("visitor@example.org"))


@pytest.fixture
def officer() -> Client:
    person = Person.objects.create_user("officer@example.org", PASSWORD)
    people.grant_role(person, "liaison_officer", by=None, economy=lao())
    return signed_in(person)


def lao() -> Any:
    from saphan.people.models import Economy

    return Economy.objects.get(code="LA")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def propose(client: Client, words: str, *, concept: str = "durian", lang: str = "lo",
            native: str = "", reason: str = "So it is written here") -> Any:
    return client.post(f"/en/terms/{concept}/change/?lang={lang}", {
        "what": "words", "lang": lang, "words": words, "reason": reason,
        **({"native": "on"} if native else {})})


def labels(concept: str = "durian", lang: str = "lo") -> tuple[str, ...]:
    Client().get("/en/help/")  # a request, after which everybody looks again
    return engine.terms().concepts[concept].labels.get(lang, ())


def facts() -> list[str]:
    return list(Fact.objects.filter(name__startswith="term.").order_by("seq").values_list(
        "name", flat=True))


# Looking up


@pytest.mark.parametrize("word", ["ทุเรียน", "榴蓮", "DURIÃO", "sầu riêng", "ဒူးရင်း"])
def test_a_word_of_any_language_finds_its_concept(client: Client, word: str) -> None:
    page = client.get("/en/terms/", {"q": word})
    assert '/en/terms/durian/"' in page.content.decode()


def test_the_list_is_narrowed_by_letter_and_sector_in_the_readers_language(client: Client) -> None:
    thai = text(client.get("/th/terms/", {"letter": "ท", "sector": "agriculture"}))
    assert "ทุเรียน" in thai
    assert "มะม่วง" not in thai


def test_a_word_that_nobody_knows_leads_to_proposing_it(client: Client) -> None:
    page = client.get("/en/terms/", {"q": "zzzqqq"})
    assert "/en/terms/new-concept/" in page.content.decode()
    assert "No concept has this word" in text(page)


def test_a_page_of_a_concept_marks_words_that_need_a_native_speaker(client: Client) -> None:
    unsure = next(concept for concept in engine.terms().concepts.values()
                  if "lo" in concept.unsure)
    page = client.get(f"/en/terms/{unsure.id}/")
    assert "needs a native speaker" in text(page)
    assert 'lang="lo">' in page.content.decode()


@pytest.mark.parametrize("name", ["nosuch", "a" * 64])
def test_a_concept_that_is_not_there_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/en/terms/{name}/").status_code == 404


def test_an_address_without_a_language_leads_to_the_readers(client: Client) -> None:
    answer = client.get("/terms/durian/", HTTP_ACCEPT_LANGUAGE="km")
    assert (answer.status_code, answer["Location"]) == (303, "/km/terms/durian/")


# Who may


def test_who_has_not_signed_in_is_asked_to(client: Client) -> None:
    for address in (CHANGE, "/en/terms/new-concept/", "/en/desk/terms/"):
        answer = client.get(address)
        assert answer.status_code == 302 and "sign-in" in answer["Location"]


@pytest.mark.parametrize("page", ["", "review/?lang=lo", "history/", "import/"])
def test_the_desk_is_for_officers_and_the_staff(
        visitor: Client, officer: Client, page: str) -> None:
    assert visitor.get(f"/en/desk/terms/{page}").status_code == 403
    assert officer.get(f"/en/desk/terms/{page}").status_code == 200


def test_a_visitor_cannot_decide_even_by_hand(visitor: Client) -> None:
    propose(visitor, "ທຸລຽນໃໝ່")
    change = TermChange.objects.get()
    for act in ("decide", "undo"):
        answer = visitor.post(f"/en/desk/terms/{change.pk}/{act}/", {"do": "accept"})
        assert answer.status_code == 403
    change.refresh_from_db()
    assert change.state == "proposed"
    assert "ທຸລຽນໃໝ່" not in labels()


# Changing


def test_an_officers_correction_counts_at_once_and_is_on_record(officer: Client) -> None:
    before = labels()
    answer = propose(officer, "ໝາກທຸລຽນ\nທຸລຽນ", native="on")
    assert answer.status_code == 302
    assert before != labels() == ("ໝາກທຸລຽນ", "ທຸລຽນ")
    assert facts() == ["term.corrected"]
    assert ledger.verify().intact
    page = text(Client().get("/lo/terms/durian/"))
    assert page.index("ໝາກທຸລຽນ") < page.index("ທຸລຽນ ")


def test_a_proposal_waits_until_an_officer_accepts_it(visitor: Client, officer: Client) -> None:
    propose(visitor, "ທຸລຽນໃໝ່")
    assert "ທຸລຽນໃໝ່" not in labels()
    desk = text(officer.get("/en/desk/terms/"))
    assert "ທຸລຽນໃໝ່" in desk and "So it is written here" in desk
    change = TermChange.objects.get()
    officer.post(f"/en/desk/terms/{change.pk}/decide/", {"do": "accept"})
    assert labels() == ("ທຸລຽນໃໝ່",)
    assert facts() == ["term.proposed", "term.corrected"]


def test_declining_needs_a_reason_which_the_proposer_reads(
        visitor: Client, officer: Client) -> None:
    propose(visitor, "ທຸລຽນໃໝ່")
    change = TermChange.objects.get()
    address = f"/en/desk/terms/{change.pk}/decide/"
    officer.post(address, {"do": "decline"})
    change.refresh_from_db()
    assert change.state == "proposed"
    officer.post(address, {"do": "decline", "decision": "Nobody writes it like this."})
    change.refresh_from_db()
    assert change.state == "declined"
    assert "Nobody writes it like this." in text(visitor.get("/en/terms/durian/"))


def test_two_officers_cannot_both_decide(visitor: Client, officer: Client) -> None:
    propose(visitor, "ທຸລຽນໃໝ່")
    change = TermChange.objects.get()
    address = f"/en/desk/terms/{change.pk}/decide/"
    officer.post(address, {"do": "accept"})
    answer = officer.post(address, {"do": "decline", "decision": "no"}, follow=True)
    assert "not possible now" in text(answer)
    assert labels() == ("ທຸລຽນໃໝ່",)


def test_the_same_proposal_is_taken_once(visitor: Client) -> None:
    propose(visitor, "ທຸລຽນໃໝ່")
    answer = propose(visitor, "ທຸລຽນໃໝ່")
    assert answer.status_code == 422
    assert "proposed already" in text(answer)


def test_a_proposal_can_be_taken_back_by_its_author_alone(
        visitor: Client, officer: Client) -> None:
    propose(visitor, "ທຸລຽນໃໝ່")
    address = f"/en/terms/proposals/{TermChange.objects.get().pk}/take-back/"
    assert officer.post(address).status_code == 404
    visitor.post(address)
    assert TermChange.objects.get().state == "taken_back"


def test_a_new_concept_finds_and_is_found(officer: Client) -> None:
    answer = officer.post("/en/terms/new-concept/", {
        "words_en": "drone pilot | UAV pilot", "words_th": "นักบินโดรน", "sector": "agriculture",
        "broader": "drone", "native": ["th"], "reason": "Asked for by growers"})
    assert answer.status_code == 302, text(answer)
    assert answer["Location"].endswith("/terms/drone_pilot/")
    assert [hit.concept for hit in engine.terms().find("หานักบินโดรน", "th")] == ["drone_pilot"]
    assert engine.terms().concepts["drone_pilot"].broader == ("drone",)
    assert engine.terms().concepts["drone_pilot"].unsure == {"en"}
    assert facts() == ["term.added"]


def test_a_concept_moves_and_cannot_become_a_kind_of_itself(officer: Client) -> None:
    def move(broader: str) -> Any:
        return officer.post("/en/terms/fruit/change/", {
            "what": "place", "sector": "agriculture", "broader": broader, "reason": "Order"})

    answer = move("durian")
    assert answer.status_code == 422
    assert "itself a kind of" in text(answer)
    answer = move("no such thing")
    assert "There is no concept" in text(answer)
    assert move("agriculture").status_code == 302
    labels()
    assert "agriculture" in engine.terms().ancestors("durian")


def test_a_concept_others_are_kinds_of_is_not_taken_out(officer: Client) -> None:
    answer = officer.post("/en/terms/fruit/withdraw/", {"reason": "x"}, follow=True)
    assert "kinds of this one" in text(answer)
    assert labels("fruit", "en")


def test_a_concept_that_is_taken_out_comes_back_by_undoing(officer: Client) -> None:
    whole = engine.terms().concepts["durian"]
    officer.post("/en/terms/durian/withdraw/", {"reason": "a test"})
    assert Client().get("/en/terms/durian/").status_code == 404
    officer.post(f"/en/desk/terms/{TermChange.objects.get().pk}/undo/")
    assert Client().get("/en/terms/durian/").status_code == 200
    assert engine.terms().concepts["durian"] == whole
    assert facts() == ["term.withdrawn", "term.added"]


def test_only_the_latest_change_of_a_concept_is_undone(officer: Client) -> None:
    shipped = labels()
    for words in ("ທຸລຽນໜຶ່ງ", "ທຸລຽນສອງ"):
        propose(officer, words)
    first, second = TermChange.objects.order_by("pk")
    answer = officer.post(f"/en/desk/terms/{first.pk}/undo/", follow=True)
    assert "Undo the later change first" in text(answer)
    officer.post(f"/en/desk/terms/{second.pk}/undo/")
    assert labels() == ("ທຸລຽນໜຶ່ງ",)
    assert shipped != labels()


# What is refused, in words


@pytest.mark.parametrize(("lang", "words", "said"), [
    ("lo", "ทุเรียน", "not in the script"),
    ("lo", "durian fruit", "Latin letters"),
    ("lo", "ທ", "single letter"),
    ("en", "d", "single letter"),
    ("zh-Hans", "榴蓮果", "traditional characters"),
    ("lo", "ທຸລຽນ?", "| or ?"),
    ("lo", "ທຸລຽນ" * 30, "too long"),
    ("en", "", "whole concept instead"),
])
def test_words_that_cannot_be_are_refused_and_kept_in_the_form(
        officer: Client, lang: str, words: str, said: str) -> None:
    answer = propose(officer, words, lang=lang)
    assert answer.status_code == 422
    assert said in text(answer)
    assert words in answer.content.decode()
    assert not TermChange.objects.exists()


def test_a_refusal_speaks_the_readers_language(officer: Client) -> None:
    answer = officer.post("/en/terms/durian/change/?lang=lo", {
        "what": "words", "lang": "lo", "words": "ทุเรียน", "reason": ""})
    assert answer.status_code == 422
    assert "This field is required" in text(answer)


def test_a_word_of_another_concept_is_shown_with_a_link(officer: Client) -> None:
    mango = engine.terms().concepts["mango"].labels["lo"][0]
    answer = propose(officer, f"ທຸລຽນ\n{mango}")
    assert answer.status_code == 422
    assert "already names another concept" in text(answer)
    assert 'href="/en/terms/mango/"' in answer.content.decode()


def test_zawgyi_and_decomposed_letters_are_put_right(officer: Client) -> None:
    propose(officer, "ျမန္မာဒူးရင္း", lang="my")
    assert labels(lang="my") == ("မြန်မာဒူးရင်း",)
    propose(officer, "sa\u0302\u0300u rie\u0302ng  Ri6", lang="vi")
    assert labels(lang="vi") == ("sầu riêng Ri6",)


def test_no_word_becomes_markup(officer: Client) -> None:
    propose(officer, "ທຸລຽນ <b>x</b>", reason="<script>alert(1)</script>")
    for address in ("/en/terms/durian/", "/en/desk/terms/history/", "/en/terms/?q=<b>"):
        page = officer.get(address).content.decode()
        assert "<script>alert" not in page and "<b>x</b>" not in page


# The native speaker's flow


def test_enter_confirms_and_leads_to_the_next(officer: Client) -> None:
    page = officer.get("/en/desk/terms/review/?lang=lo").content.decode()
    concept = re.search(r'name="concept" value="([^"]+)"', page)[1]
    words = re.search(r'id="words" name="words" value="([^"]+)"', page)[1]
    answer = officer.post("/en/desk/terms/review/?lang=lo", {"concept": concept, "words": words})
    assert answer.status_code == 302 and concept not in answer["Location"]
    assert "lo" not in engine.terms().concepts[concept].unsure
    assert facts() == ["term.reviewed"]
    onward = officer.get(answer["Location"]).content.decode()
    assert f'value="{concept}"' not in onward and "Confirmed" in onward


def test_changed_words_are_corrected_and_count_as_checked(officer: Client) -> None:
    concept = next(known for known in engine.terms().concepts.values() if "lo" in known.unsure)
    officer.post("/en/desk/terms/review/?lang=lo", {
        "concept": concept.id, "words": "ຄຳໃໝ່ຢ່າງດຽວ"})
    assert labels(concept.id) == ("ຄຳໃໝ່ຢ່າງດຽວ",)
    assert "lo" not in engine.terms().concepts[concept.id].unsure
    assert facts() == ["term.corrected"]


def test_a_wrong_word_stays_in_the_field_with_the_reason(officer: Client) -> None:
    concept = next(known for known in engine.terms().concepts.values() if "lo" in known.unsure)
    answer = officer.post("/en/desk/terms/review/?lang=lo", {
        "concept": concept.id, "words": "ทุเรียน"})
    assert answer.status_code == 422
    assert 'value="ทุเรียน"' in answer.content.decode()
    assert "not in the script" in text(answer)


def test_what_a_person_proposed_is_in_her_export_and_her_reasons_go_with_her(
        visitor: Client) -> None:
    propose(visitor, "ທຸລຽນໃໝ່", reason="my uncle says so")
    person = Person.objects.get(email="visitor@example.org")
    export, forget = people.HOLDERS["wording"]
    assert export(person)["term_changes"][0]["reason"] == "my uncle says so"
    forget(person)
    change = TermChange.objects.get()
    assert (change.person, change.reason) == (None, "")


def test_a_file_becomes_proposals_which_are_accepted_together(officer: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    rows = ("concept,en,lo,th,sv\r\ndurian,,ທຸລຽນ | ໝາກໃໝ່,ทุเรียน | ໝາກ,x\r\n"
            "rose_apple_x,quite a new apple,ໝາກໃໝ່,,\r\nmango,,,ทุเรียน,\r\nBad Id,a,,,\r\n")
    page = officer.post("/en/desk/terms/import/", {
        "file": SimpleUploadedFile("from-vientiane.csv", rows.encode())})
    said = text(page)
    assert page.status_code == 200
    for told in ("row 2", "x", "not in the script", "already names another concept", "Bad Id"):
        assert told in said
    assert labels() != ("ທຸລຽນ", "ໝາກໃໝ່")
    desk = text(officer.get("/en/desk/terms/"))
    assert "Accept everything from from-vientiane.csv" in desk
    done = text(officer.post("/en/desk/terms/accept-file/", {
        "source": "from-vientiane.csv"}, follow=True))
    # The same word for two concepts: the first is taken, the second waits for a person.
    assert "could not be accepted and still wait" in done
    assert labels() == ("ທຸລຽນ", "ໝາກໃໝ່")
    assert "rose_apple_x" not in engine.terms().concepts
    assert not TermChange.objects.filter(source="").exists()


def test_a_file_that_cannot_be_read_says_why(officer: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    for name, content, why in (("a.doc", b"x", "ends in .tbx"), ("a.tbx", b"<tbx", "XML"),
                               ("a.csv", b"en,th\n", "column named")):
        page = officer.post("/en/desk/terms/import/", {"file": SimpleUploadedFile(name, content)})
        assert page.status_code == 422 and why in text(page)


def test_a_damaged_index_takes_nothing_but_the_records_from_the_page(
        client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from saphan.engines.matching.index import IndexDamaged
    from saphan.house.wording import queries

    def damaged(*_: Any, **__: Any) -> Any:
        raise IndexDamaged("broken")

    monkeypatch.setattr(queries, "records", damaged)
    page = text(client.get("/en/terms/durian/"))
    assert "ทุเรียน" in page and "Something broke on our side." in page
    assert "No public record" not in page
