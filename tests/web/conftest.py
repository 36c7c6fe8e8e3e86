"""Who and what the tests of several pages begin with."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from caucusmail.accounts.models import Person
from caucusmail.database import transaction
from caucusmail.directory.models import Caucus, JoinMode, Status
from caucusmail.meetings import founding
from tests import make
from tests.directory.joiners import days_later
from tests.door import let_in
from tests.entering import enter
from tests.groups.test_terms import house
from tests.web.composing import MEETING, begin, save
from tests.web.joining import Walk

__all__ = ["days_later", "house"]


@pytest.fixture
def vrwg() -> Caucus:
    """A caucus that can be joined and written for; the places of meetings are there."""
    make.country("KE")
    with transaction():
        founding.found()
    names = {"en": "Victims’ Rights Working Group", "fr": "Droits des victimes"}
    return make.caucus("vrwg", tag="VRWG", hue=3, names=names)


@pytest.fixture
def children() -> Caucus:
    """One that gathers interest only."""
    return make.caucus("children", join_mode=JoinMode.INTEREST, status=Status.GATHERING)


@pytest.fixture
def walk(client: FlaskClient) -> Walk:
    """Somebody before the sign-up form."""
    return Walk(client)


@pytest.fixture
def staff(client: FlaskClient) -> FlaskClient:
    """A client in which the secretariat is signed in."""
    return let_in(client, make.secretary(name="Noor"))


@pytest.fixture
def member() -> Person:
    """Achieng is in Water and Children."""
    person = make.person("Achieng Odera", "achieng@mhi.example")
    water, children = make.caucus("water", place=1), make.caucus("children", place=2)
    make.member(water, person, make.group(water))
    make.member(children, person, make.group(children))
    return person


@pytest.fixture
def rosas(client: FlaskClient, house: Any) -> tuple[str, int, Any]:
    """Rosa, signed in; the address of her organisation's page; Luis's number; the seat's."""
    ngo, rosa, luis, seat, _groups = house
    let_in(client, rosa.person)
    return f"/organisations/{ngo.id}", luis.id, seat


@pytest.fixture
def ilse(vrwg: Caucus, client: FlaskClient) -> Person:
    """The coordinator, signed in."""
    person = make.coordinator(vrwg, make.person("Ilse de Graaf", "ilse@desk.example", zone="Europe/Amsterdam"))
    enter(client, person)
    return person


@pytest.fixture
def members(vrwg: Caucus) -> list[Person]:
    """Two who get what is sent to the caucus."""
    group = make.group(vrwg)
    return [
        make.member(vrwg, make.person("Achieng Odera", "achieng.odera@mhi.example"), group),
        make.member(vrwg, make.person("Rosa Quispe", "rosa@andina.example", languages=["es", "fr"]), group),
    ]


@pytest.fixture
def url(client: FlaskClient, vrwg: Caucus, ilse: Person, members: list[Person]) -> str:
    """The address of a draft that is ready."""
    url = begin(client, vrwg)
    assert save(client, url, **MEETING).status_code == 303
    return url
