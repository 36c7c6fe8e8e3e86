import pytest

from caucusmail import tokens
from caucusmail.directory.models import Shown
from caucusmail.inbound import routing
from caucusmail.inbound.routing import Destination, Kind
from caucusmail.mail import organizers
from caucusmail.tokens import Purpose
from tests import make
from tests.delivery.owed import copy
from tests.directory.correspondents import choose, two
from tests.inbound.mails import return_path
from tests.meetings.test_queries import meeting


@pytest.mark.parametrize("local", ["postmaster", "Abuse", "notices", "mailer-daemon"])
def test_the_roles_of_the_house_reach_the_secretariat(local: str) -> None:
    assert routing.destination(f"{local}@caucus.example") == Destination(Kind.SECRETARIAT)


def test_postmaster_needs_no_domain() -> None:  # RFC 5321, 4.5.1
    assert routing.destination("Postmaster") == Destination(Kind.SECRETARIAT)


@pytest.mark.parametrize("suffix", ["", "-owner", "-request", "-bounces"])
def test_a_caucus_and_its_group_have_their_roles(suffix: str) -> None:
    caucus = make.caucus("vrwg")
    make.group(caucus, local_part="vrwg-news")
    assert routing.destination(f"vrwg{suffix}@caucus.example") == Destination(Kind.KEEPERS, caucus.id)
    assert routing.destination(f"VRWG-News{suffix}@CAUCUS.example") == Destination(Kind.KEEPERS, caucus.id)


def test_a_return_path_and_a_one_click_address_name_their_copy() -> None:
    row = copy()
    token = tokens.sign(Purpose.ONE_CLICK, row.id)
    assert routing.destination(return_path(row)) == Destination(Kind.RETURN_PATH, row.id)
    assert routing.destination(f"leave+{token}@caucus.example") == Destination(Kind.ONE_CLICK, row.id)


def test_the_organizer_of_an_invitation_names_meeting_and_person_as_long_as_both_are_there() -> None:
    one, who = meeting(make.caucus("vrwg")), make.person()
    there = routing.destination(organizers.mailbox("vrwg", one.id, who.id).upper())
    assert there == Destination(Kind.ORGANIZER, one.id, who.id)
    for address in (organizers.mailbox("vrwg", 9_999, who.id), organizers.mailbox("vrwg", one.id, 9_999)):
        assert routing.destination(address) is None


def test_a_members_mailbox_is_theirs_as_long_as_it_takes_letters() -> None:
    found = two()
    assert routing.destination(found.mailbox.upper()) == Destination(Kind.MEMBER, found.to.id)
    choose(found.vega, Shown.NOTHING)
    assert routing.destination(found.mailbox) is None


@pytest.mark.parametrize(
    "address",
    [
        "vrwg-member+00000000000000000000@caucus.example",
        "vrwg-member+@caucus.example",
        "nobody@caucus.example",
        "vrwg-answer+1-1-aaaaaaaaaaaaaaaa@caucus.example",
        "postmaster@elsewhere.example",
        "vrwg-bounce+aaaaaaaaaaaaaaaa@caucus.example",
        "leave+AAAAAAAAAAAAAAAAAAAA@caucus.example",
        "@caucus.example",
        "",
        "x" * 400 + "@caucus.example",
        "a\udcffb@caucus.example",
    ],
)
def test_whatever_else_is_nobodys(address: str) -> None:
    make.caucus("vrwg")
    assert routing.destination(address) is None
