"""A caucus as the secretariat keeps it: its state, its coordinators, its words."""

import re

import pytest

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.accounts import signing_in
from caucusmail.database import transaction
from caucusmail.directory import keeping
from caucusmail.directory.models import (
    Family,
    Keeper,
    KeeperRole,
    RosterPolicy,
    Status,
)
from caucusmail.directory.visibility import viewer
from tests import letters, make


def test_a_caucus_is_moved_and_the_move_taken_back(staff):
    caucus = make.caucus(status=Status.DORMANT)
    staff.post(f"/staff/caucuses/{caucus.slug}/status", data={"to": "active", "reason": "It met again."})
    assert caucus.status is Status.ACTIVE
    page = staff.get(f"/staff/caucuses/{caucus.slug}").text
    staff.post(re.search(r'action="([^"]*/status/back/[^"]*)"', page)[1])
    assert caucus.status is Status.DORMANT


@pytest.mark.parametrize(("to", "status"), [("reviving", 409), ("nonsense", 422), ("", 422)])
def test_a_move_that_is_not_in_the_table_is_refused(staff, to, status):
    caucus = make.caucus(status=Status.ACTIVE)
    answer = staff.post(f"/staff/caucuses/{caucus.slug}/status", data={"to": to, "reason": "x"})
    assert answer.status_code == status
    assert caucus.status is Status.ACTIVE


def test_a_coordinator_is_appointed_and_ended_and_the_last_one_leaves_word(staff):
    caucus, ilse = make.caucus(), make.person(name="Ilse", address="ilse@x.example")
    staff.post(f"/staff/caucuses/{caucus.slug}/keepers", data={"address": "ILSE@x.example", "role": "coordinator"})
    (keeper,) = keeping.serving(caucus)
    assert keeper.person == ilse
    assert caucus.id in viewer(ilse).keeps
    assert letters.to("ilse@x.example")
    staff.post(f"/staff/caucuses/{caucus.slug}/keepers/{keeper.id}/end")
    page = staff.get(f"/staff/caucuses/{caucus.slug}").text
    assert "Nobody coordinates it now" in page
    assert viewer(ilse).keeps == frozenset()
    staff.post(f"/staff/caucuses/{caucus.slug}/keepers/{keeper.id}/resume")
    assert len(keeping.serving(caucus)) == 1
    staff.post(f"/staff/caucuses/{caucus.slug}/keepers", data={"address": "ilse@x.example", "role": "coordinator"})
    assert len(make.rows(Keeper)) == 1


def test_only_coordinators_are_appointed_and_a_moderator_alone_does_not_hide_that_nobody_coordinates(staff):
    caucus, ilse = make.caucus(), make.person(name="Ilse", address="ilse@x.example")
    page = staff.get(f"/staff/caucuses/{caucus.slug}").text
    assert "Moderator" not in page
    make.keep(Keeper(person_id=ilse.id, caucus_id=caucus.id, role=KeeperRole.MODERATOR, since=clock.now()))
    assert "Nobody coordinates it" in staff.get(f"/staff/caucuses/{caucus.slug}").text
    staff.post(f"/staff/caucuses/{caucus.slug}/keepers", data={"address": ilse.address, "role": "moderator"})
    assert caucus.id in viewer(ilse).keeps
    assert "Nobody coordinates it" not in staff.get(f"/staff/caucuses/{caucus.slug}").text


def test_whose_term_runs_on_signs_in_anew(staff):
    caucus = make.caucus()
    ilse = make.coordinator(caucus)
    (keeper,) = make.rows(Keeper)
    staff.post(f"/staff/caucuses/{caucus.slug}/keepers/{keeper.id}/end")
    with transaction():
        secret = signing_in.begin(ilse)
    staff.post(f"/staff/caucuses/{caucus.slug}/keepers/{keeper.id}/resume")
    assert accounts.signed_in(secret) is None


@pytest.mark.parametrize("address", ["nobody@x.example", "not an address", "two@x.example", ""])
def test_somebody_unknown_cannot_be_appointed(staff, address):
    make.person(address="two@x.example"), make.person(address="two@x.example")
    caucus = make.caucus()
    data = {"address": address, "role": "coordinator"}
    assert staff.post(f"/staff/caucuses/{caucus.slug}/keepers", data=data).status_code == 422
    assert make.rows(Keeper) == []


def test_a_keeper_of_another_caucus_is_not_found(staff):
    caucus, other = make.caucus(), make.caucus()
    make.coordinator(other)
    assert staff.post(f"/staff/caucuses/{caucus.slug}/keepers/{make.rows(Keeper)[0].id}/end").status_code == 404


def test_the_words_of_a_caucus_are_changed_and_its_old_name_kept(staff):
    caucus = make.caucus("faith")
    data = {"name_en": "Faith and Ethics", "name_fr": "", "about_en": "For all.", "about_fr": "", "roster": "members"}
    assert staff.post("/staff/caucuses/faith/words", data=data).status_code == 303
    assert caucus.names == {"en": "Faith and Ethics"}
    assert caucus.former_names == ["faith caucus"]
    assert caucus.roster is RosterPolicy.MEMBERS
    undo = re.search(r'action="([^"]*/words/back/[0-9]+)"', staff.get("/staff/caucuses/faith").text)[1]
    assert staff.post("/staff/caucuses/faith/words", data=data | {"name_en": " "}).status_code == 422
    assert staff.post(undo).status_code == 303
    assert (caucus.names, caucus.former_names) == ({"en": "faith caucus", "fr": "Groupe faith"}, [])
    assert caucus.roster is RosterPolicy.HIDDEN
    assert staff.post(undo).status_code == 303
    assert staff.post(undo.replace("faith", make.caucus().slug)).status_code == 404


def test_changed_words_can_be_taken_back_from_the_page(staff):
    caucus = make.caucus("faith")
    data = {"name_en": "Faith", "name_fr": "", "about_en": "For all.", "about_fr": "", "roster": "members"}
    staff.post("/staff/caucuses/faith/words", data=data)
    undo = re.search(r'action="(/staff/caucuses/faith/words/back/[0-9]+)"', staff.get("/staff/caucuses/faith").text)
    assert staff.post(undo[1]).status_code == 303
    assert caucus.names["en"] == "faith caucus"
    assert "The words are as they were before." in staff.get("/staff/caucuses/faith").text
    assert staff.post(undo[1]).status_code == 303
    assert "This was taken back before." in staff.get("/staff/caucuses/faith").text


@pytest.mark.parametrize(("deed", "field"), [("words", "roster"), ("status", "to")])
def test_a_choice_that_was_never_offered_is_refused_in_words(staff, deed, field):
    make.caucus("faith")
    answer = staff.post(f"/staff/caucuses/faith/{deed}", data={field: "emperor"})
    assert answer.status_code == 422
    assert "What was chosen is not on the list. Please choose again." in answer.text
    assert "coerce" not in answer.text


def test_every_family_has_its_page_for_the_secretariat(staff):
    for family in Family:
        make.caucus(f"one-{family.value}", family=family)
    page = staff.get("/staff/caucuses").text
    assert all(f"/staff/caucuses/one-{family.value}" in page for family in Family)
    assert staff.get("/staff/caucuses/nowhere").status_code == 404


def test_the_name_of_a_caucus_is_one_line(staff):
    caucus = make.caucus("faith")
    data = {"name_en": "Faith\u2028based", "about_en": "For all.", "roster": "hidden"}
    assert staff.post("/staff/caucuses/faith/words", data=data).status_code == 303
    assert caucus.names["en"] == "Faith based"
