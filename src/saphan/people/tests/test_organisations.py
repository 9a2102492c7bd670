"""One organisation, one record: found by any name, joined with a yes, merged without loss."""

from __future__ import annotations

import pytest

from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people import actions, queries
from saphan.people.models import JoinRequest, Membership, Organisation, Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _economies(db: None) -> None:
    actions.load_economies()


def add(name: str, lang: str = "en", economy: str = "VN", **more: object) -> Organisation:
    return actions.find_or_add_organisation({lang: name}, economy=economy, kind="company", **more)


def somebody(email: str, *roles: str) -> Person:
    person = Person.objects.create_user(email, "Mango-rice-77", name=email.split("@")[0])
    for role in roles:
        actions.grant_role(person, role, by=None)
    return person


def test_a_known_name_in_another_spelling_finds_the_same_record() -> None:
    first = add("Công ty TNHH Hòa Bình", "vi")
    assert add("HOÀ BÌNH", "vi") == first
    assert add("Công ty Hòa Bình", "vi", economy="LA") != first


def test_a_name_typed_without_marks_finds_the_only_one_that_can_be_meant() -> None:
    first = add("Công ty TNHH Tân Á", "vi")
    assert add("Cong ty TNHH Tan A", "vi") == first


def test_a_name_typed_without_marks_finds_none_of_two() -> None:
    one, other = add("Tân Á", "vi"), add("Tấn Á", "vi")
    assert one != other
    assert queries.organisation_named("Tan A", economy="VN") is None


def test_an_example_is_never_taken_for_a_real_organisation() -> None:
    example = add("Durian", example=True)
    real = add("Durian")
    assert real != example
    assert add("Durian") == real
    assert add("Durian", example=True) == example


def test_a_name_without_letters_is_refused() -> None:
    with pytest.raises(Refused, match="letters"):
        add("!!!")
    assert queries.organisation_named("!!!") is None


def test_whoever_adds_an_organisation_speaks_for_it() -> None:
    person = somebody("a@example.org")
    organisation, speaks = actions.add_own_organisation(
        person, {"en": "Rice Robots"}, economy="TH", kind="company", by=person)
    assert speaks
    assert list(queries.organisations_of(person)) == [organisation]


def test_whoever_names_a_known_organisation_must_be_confirmed() -> None:
    organisation = add("Ministry of Everything")
    person = somebody("a@example.org")
    found, speaks = actions.add_own_organisation(
        person, {"en": "Ministry of Everything"}, economy="VN", kind="government", by=person)
    assert (found, speaks) == (organisation, False)
    assert not queries.organisations_of(person).exists()
    with pytest.raises(Refused, match="confirm"):
        actions.join_organisation(person, organisation, by=person)


def test_a_member_or_the_staff_confirms_and_nobody_else() -> None:
    organisation = add("Rice Robots")
    member, clerk, stranger, asker = (somebody("m@example.org"), somebody("c@example.org", "clerk"),
                                      somebody("s@example.org"), somebody("a@example.org"))
    actions.join_organisation(member, organisation, by=clerk)
    actions.ask_to_join(asker, organisation, by=asker)
    with pytest.raises(Refused):
        actions.join_organisation(asker, organisation, by=stranger)
    assert [asked.person for asked in queries.join_requests_for(member)] == [asker]
    actions.join_organisation(asker, organisation, by=member)
    assert organisation in queries.organisations_of(asker)
    assert not JoinRequest.objects.exists()


def test_another_organisation_s_name_cannot_be_taken_as_an_alias() -> None:
    mine, other = add("Rice Robots"), add("Noodle Robots")
    member = somebody("m@example.org")
    actions.join_organisation(member, mine, by=None)
    with pytest.raises(Refused, match="Noodle"):
        actions.add_alias(mine, "NOODLE ROBOTS CO., LTD.", by=member)
    actions.add_alias(mine, "หุ่นยนต์ข้าว", lang="th", by=member)
    assert queries.organisation_named("หุ่นยนต์ ข้าว", economy="VN") == mine
    with pytest.raises(Refused, match="Only people"):
        actions.add_alias(other, "Anything", by=member)


def test_merging_moves_names_people_and_records_and_says_where_they_went() -> None:
    from saphan.rooms.market.models import Listing

    kept, gone = add("Rice Robots"), add("ข้าวหุ่นยนต์", "th")
    member, asker = somebody("m@example.org"), somebody("a@example.org")
    actions.join_organisation(member, gone, by=None)
    actions.ask_to_join(asker, gone, by=asker)
    ward = add("Ward")
    actions.set_operator(ward, gone, by=None)
    listing = Listing.objects.create(number="MKT-2026-9999", kind="technology_offer",
                                     organisation=gone, economy_id="VN")
    pk = gone.pk
    actions.merge_organisations(kept, gone, by=None)
    kept.refresh_from_db()
    listing.refresh_from_db()
    ward.refresh_from_db()
    assert listing.organisation == ward.operated_by == kept
    assert kept.name.plain() == {"en": "Rice Robots", "th": "ข้าวหุ่นยนต์"}
    assert queries.organisation_named("ข้าวหุ่นยนต์") == kept
    assert list(queries.organisations_of(member)) == [kept]
    assert not queries.organisations_of(asker).exists()
    assert kept.join_requests.get().person == asker
    assert not Organisation.objects.filter(pk=pk).exists()
    assert queries.merged_into(pk) == kept


def test_merging_gives_nobody_more_than_she_had() -> None:
    kept, gone = add("Rice Robots"), add("Ricebots")
    reader = somebody("r@example.org")
    Membership.objects.create(person=reader, organisation=gone, may_publish=False)
    actions.merge_organisations(kept, gone, by=None)
    assert not queries.organisations_of(reader).exists()


def test_merging_an_operator_into_what_it_operates_leaves_no_circle() -> None:
    centre, company = add("Centre"), add("Company")
    actions.set_operator(centre, company, by=None)
    actions.merge_organisations(centre, company, by=None)
    centre.refresh_from_db()
    assert centre.operated_by is None


def test_nobody_operates_itself_even_through_others() -> None:
    one, two, three = add("One"), add("Two"), add("Three")
    actions.set_operator(one, two, by=None)
    actions.set_operator(two, three, by=None)
    with pytest.raises(Refused, match="each other"):
        actions.set_operator(three, one, by=None)


def test_only_administrators_and_programme_managers_merge() -> None:
    one, two = add("One"), add("Two")
    for refused in ("clerk", "director"):
        with pytest.raises(Refused):
            actions.merge_organisations(one, two, by=somebody(f"{refused}@example.org", refused))
    with pytest.raises(Refused, match="same record"):
        actions.merge_organisations(one, one, by=None)
    actions.merge_organisations(one, two, by=somebody("pm@example.org", "programme_manager"))
    assert Fact.objects.filter(name="organisation.merged").exists()


def test_a_search_finds_any_of_the_names_with_or_without_marks() -> None:
    found = add("Công ty TNHH Hòa Bình", "vi")
    add("Rice Robots")
    for typed in ("hoa binh", "Hòa", "HOÀ BÌNH"):
        assert list(queries.organisations_like(typed)) == [found]
    assert not queries.organisations_like("!!!").exists()
    assert queries.organisations_like("").count() == 2
