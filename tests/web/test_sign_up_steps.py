"""The three steps and the check page: what is asked, kept, refused; which caucuses are offered."""

import re

import pytest

from caucusmail.directory.applications import (
    Application,
    ApplicationKind,
)
from caucusmail.directory.models import Admits, JoinMode, Status
from tests import make
from tests.directory.joiners import applicants, letters
from tests.letters import written
from tests.web.joining import ACHIENG, MHI, PETER, TICKS, Walk, ripe, rows, to_check


def test_two_people_join_two_caucuses_and_each_gets_a_letter(walk, vrwg, children, monkeypatch):
    ripe(to_check(walk, "vrwg", "children"), monkeypatch).press("/join/send")
    assert walk.page.status_code == 303
    walk.open(walk.page.location.removeprefix("http://localhost"))
    assert "we write a letter to each address in it" in walk.text
    (application,) = rows(Application)
    assert (application.ngo_name, application.country_code) == ("Mwangaza Haki Initiative", "KE")
    achieng, peter = applicants(application)
    assert (achieng.zone, achieng.first, peter.first) == ("Africa/Nairobi", True, False)
    assert peter.languages == ["en", "fr"]
    written()
    assert len(letters("achieng@mhi.example")) == len(letters("pkamau@webmail.example")) == 1


def test_the_whole_way_in_french(client, vrwg, monkeypatch):
    walk = Walk(client, "/fr")
    ripe(to_check(walk, "vrwg", people=ACHIENG), monkeypatch).press("/join/send")
    assert walk.page.location.startswith("/fr/join/sent")
    written()
    assert "/fr/join/confirm/" in letters("achieng@mhi.example")[0]


def test_going_back_keeps_all_that_was_typed(walk, vrwg, children):
    to_check(walk, "vrwg", "children")
    for path in ("/join/people", "/join/who", "/join"):
        walk.press(path)
        assert walk.page.status_code == 200
    assert walk.fields.getlist("caucuses") == ["vrwg", "children"]
    walk.press("/join/who")
    assert walk.fields["ngo_name"] == "Mwangaza Haki Initiative"
    assert walk.fields["vouchers"] == "The Kenyan national coalition."
    walk.press("/join/people")
    assert walk.fields["people-1-name"] == "Peter Kamau"
    assert walk.fields["people-1-second_language"] == "fr"
    assert walk.fields["authorised"] == "y"
    walk.press("/join/check")
    assert "pkamau@webmail.example" in walk.text


def test_changing_the_language_in_the_middle_keeps_all_that_was_typed(walk, vrwg):
    to_check(walk, "vrwg")
    walk.prefix = "/fr"
    for path in ("/join/check", "/join/people", "/join/who", "/join"):
        assert f'formaction="{path}"' in walk.text.replace("/fr", "").replace("/en", "")
        walk.press(path)
    walk.press("/join/who").press("/join/people").press("/join/check")
    assert "Droits des victimes" in walk.text
    assert "pkamau@webmail.example" in walk.text


def test_the_language_in_the_head_sends_the_form_along_and_enter_does_not_press_it(walk, vrwg):
    to_check(walk, "vrwg")
    head = walk.text[walk.text.index('<header class="head">') : walk.text.index("</header>")]
    first, second = re.findall(r'<button[^>]*form="join"[^>]*>', head)
    assert "formaction" not in first
    assert 'formaction="/fr/join/check"' in second
    assert "/fr/join" not in walk.text.replace(head, "")


def test_errors_stand_beside_the_fields_and_in_a_summary_and_keep_the_input(walk, vrwg):
    walk.open().press("/join/who", caucuses=["vrwg"]).press("/join/people", website="not a site", acronym="MHI")
    assert walk.page.status_code == 422
    assert any("“not a site” is not a web address" in error for error in walk.errors)
    assert walk.text.count("“not a site” is not a web address") == 2
    assert 'href="#ngo_name"' in walk.text
    assert walk.fields["acronym"] == "MHI"
    assert walk.fields["website"] == "not a site"


def test_an_address_is_refused_with_what_was_read(walk, vrwg):
    people = ACHIENG | {"people__0__address": "achieng at mhi"}
    to_check(walk, "vrwg", people=people)
    assert walk.page.status_code == 422
    assert any("“achieng at mhi”" in error for error in walk.errors)
    assert walk.fields["people-0-address"] == "achieng at mhi"


def test_the_same_address_twice_is_said_beside_the_second(walk, vrwg):
    walk.open().press("/join/who", caucuses=["vrwg"]).press("/join/people", **MHI)
    walk.press("/join/people", add="1", **ACHIENG)
    walk.press("/join/check", **PETER | {"people__1__address": "ACHIENG@MHI.example"}, **TICKS)
    assert walk.page.status_code == 422
    assert 'href="#people-1-address"' in walk.text


def test_nothing_ticked_is_said(walk, vrwg):
    walk.open().press("/join/who")
    assert walk.page.status_code == 422
    assert "Nothing is ticked" in walk.text


def test_a_colleague_can_be_added_and_removed_without_losing_the_others(walk, vrwg):
    walk.open().press("/join/who", caucuses=["vrwg"]).press("/join/people", **MHI)
    walk.press("/join/people", add="1", **ACHIENG).press("/join/people", add="1", **PETER)
    walk.press("/join/people", people__2__name="Third", remove="1")
    assert walk.fields["people-0-name"] == "Achieng Odera"
    assert walk.fields["people-1-name"] == "Third"
    assert "people-2-name" not in walk.fields


def test_no_more_than_six_people_fit_on_a_form(walk, vrwg):
    walk.open().press("/join/who", caucuses=["vrwg"]).press("/join/people", **MHI)
    for _ in range(8):
        walk.press("/join/people", add="1")
    assert "people-5-name" in walk.fields
    assert "people-6-name" not in walk.fields
    assert walk.press("/join/people", **{f"people-{number}-name": "X" for number in range(40)}).page.status_code == 200


def test_an_expert_is_asked_for_no_organisation(walk, vrwg, monkeypatch):
    to_check(walk, "vrwg", who={"kind": "individual"}, people=ACHIENG)
    assert "Add a colleague" not in walk.text
    ripe(walk, monkeypatch).press("/join/send")
    assert [row.kind for row in rows(Application)] == [ApplicationKind.INDIVIDUAL]


def test_an_expert_is_told_at_once_that_a_caucus_admits_organisations_only(walk, vrwg):
    make.caucus("fenicc", admits=Admits.ORGANISATIONS)
    walk.open().press("/join/who", caucuses=["vrwg", "fenicc"]).press(
        "/join/people", kind="individual", website="a.org"
    )
    assert walk.page.status_code == 422
    assert any("admits organisations only" in error for error in walk.errors)
    assert walk.fields["website"].endswith("a.org")
    assert walk.fields.getlist("caucuses") == ["vrwg", "fenicc"]


@pytest.mark.parametrize("blank", ["\u2800\u3164", "\u200b", "…"])
def test_a_name_that_cannot_be_seen_is_refused_beside_its_field(walk, vrwg, blank):
    walk.open().press("/join/who", caucuses=["vrwg"]).press("/join/people", **MHI | {"ngo_name": blank})
    assert any("no letter or digit" in error for error in walk.errors)
    walk.press("/join/people", **MHI).press("/join/check", **ACHIENG | {"people__0__name": blank}, **TICKS)
    assert walk.page.status_code == 422
    assert any("no letter or digit" in error for error in walk.errors)


def test_a_second_language_like_the_first_is_refused_beside_its_field(walk, vrwg):
    to_check(walk, "vrwg", people=ACHIENG | {"people__0__language": "fr", "people__0__second_language": "fr"})
    assert walk.page.status_code == 422
    assert any("first language again" in error for error in walk.errors)


def test_the_demonstration_says_beside_the_address_which_get_letters(walk, vrwg):
    walk.open().press("/join/who", caucuses=["vrwg"]).press("/join/people", **MHI)
    assert "only addresses that end in .example" in walk.text


def test_the_form_names_no_archived_caucus_and_gives_an_external_one_its_address_and_no_tick(walk, vrwg):
    make.caucus("wigj", join_mode=JoinMode.EXTERNAL, external_url="https://4genderjustice.example")
    make.caucus("peace", join_mode=JoinMode.CLOSED, status=Status.ARCHIVED)
    walk.open()
    assert "https://4genderjustice.example" in walk.text
    assert 'value="wigj"' not in walk.text
    assert "peace" not in walk.text


@pytest.mark.parametrize("path", ["/join/who", "/join/people", "/join/check", "/join/send"])
def test_a_direct_post_to_an_archived_caucus_is_409_with_its_page(walk, vrwg, path):
    make.caucus("peace", names={"en": "Peace Caucus"}, join_mode=JoinMode.CLOSED, status=Status.ARCHIVED)
    walk.open().press(path, caucuses=["peace"])
    assert walk.page.status_code == 409
    assert "Archived" in walk.text
    assert "Peace Caucus" in walk.text


def test_a_caucus_in_the_address_is_ticked_and_an_archived_one_is_409_and_an_unknown_one_404(walk, vrwg):
    make.caucus("peace", join_mode=JoinMode.CLOSED, status=Status.ARCHIVED)
    assert walk.open("/join?caucus=peace").page.status_code == 409
    assert walk.open("/join?caucus=nothing").page.status_code == 404
    assert walk.open("/join?caucus=vrwg").fields.getlist("caucuses") == ["vrwg"]


def test_an_external_caucus_in_the_address_is_named_with_its_own_site(walk, vrwg):
    make.caucus("wigj", join_mode=JoinMode.EXTERNAL, external_url="https://4genderjustice.example")
    walk.open("/join?caucus=wigj")
    assert "wigj caucus cannot be joined here." in walk.text
    assert walk.text.count("https://4genderjustice.example</a>") == 2
    assert walk.fields.getlist("caucuses") == []


def test_an_unknown_caucus_is_not_found(walk, vrwg):
    assert walk.open().press("/join/who", caucuses=["vrwg", "nothing"]).page.status_code == 404


def test_an_external_caucus_cannot_be_ticked_by_force(walk, vrwg):
    make.caucus("wigj", join_mode=JoinMode.EXTERNAL)
    assert walk.open().press("/join/who", caucuses=["wigj"]).page.status_code == 422
