"""Somebody of each kind is protected; then everything is read as everybody: nobody meets a word of theirs any more."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from caucusmail.database import db, transaction
from caucusmail.directory.models import Shown
from caucusmail.privacy import protecting
from caucusmail.privacy.protection_models import How
from tests.hostile import canaries
from tests.hostile.canaries import RIGHTS, Cage, Canary
from tests.hostile.test_canary import FORMS, Crawl, letters_that_tell, words_in
from tests.privacy.protected import lift

GONE = ("name", "address", "further", "title")
"""What nobody reads of who is protected, whatever their office."""
FOR_MEMBERS = ("organisation", "pseudonym", "mailbox")
"""What fellow members and strangers do not read either, although it was chosen to be shown."""
IN_OFFICE = ("coordinator", "secretariat")


@pytest.fixture
def cage() -> Cage:
    return canaries.build()


def first_of_each(cage: Cage) -> Sequence[Canary]:
    return [cage.of(shown)[0] for shown in Shown]


def protect(some: Sequence[Canary]) -> None:
    for one in some:
        with transaction():
            protecting.protect(one.place.person, by=one.place.person, how=How.SELF)
    db.session.expire_all()


def words(some: Sequence[Canary], kinds: Sequence[str]) -> dict[str, str]:
    return {one.words[kind]: f"{kind} of one who showed {one.shown.value}" for one in some for kind in kinds}


def met(app: Flask, client: FlaskClient, cage: Cage, some: Sequence[Canary]) -> dict[str, Any]:
    found = {}
    for role in RIGHTS:
        crawl = Crawl(app, client, cage, role)
        crawl.everything()
        assert len(crawl.pages) > 150, role
        kinds = GONE if role in IN_OFFICE else (*GONE, *FOR_MEMBERS)
        if leaks := crawl.leaks(words(some, kinds)):
            found[role] = leaks
    return found


def test_nobody_meets_who_is_protected(app: Flask, client: FlaskClient, cage: Cage) -> None:
    some = first_of_each(cage)
    protect(some)
    assert met(app, client, cage, some) == {}
    everywhere = " ".join(map(repr, rows()))
    assert [word for word in words(some, GONE) if word in everywhere] == []
    assert letters_that_tell(cage) == []
    named = some[0]
    lift(protecting.open_for(named.place.person))
    page = Crawl(app, client, cage, "secretariat").get(f"/organisations/{named.place.seat.ngo_id}")
    assert named.words["name"] in words_in(page)


def test_nor_does_an_answer_to_any_form_name_them(app: Flask, client: FlaskClient, cage: Cage) -> None:
    some = first_of_each(cage)
    protect(some)
    found = {}
    for role in FORMS:
        crawl = Crawl(app, client, cage, role)
        crawl.forms()
        assert len(crawl.pages) > 100, role
        if leaks := crawl.leaks(words(some, GONE if role in IN_OFFICE else (*GONE, *FOR_MEMBERS))):
            found[role] = leaks
    assert found == {}
    assert letters_that_tell(cage) == []


def rows() -> list[Any]:
    """Every row of every table."""
    found: list[Any] = []
    for table in db.metadata.sorted_tables:
        found += db.session.execute(table.select()).all()
    return found


def test_before_they_are_protected_the_same_crawl_meets_them(app: Flask, client: FlaskClient, cage: Cage) -> None:
    found = met(app, client, cage, first_of_each(cage))
    assert {"member", "coordinator", "secretariat"} <= found.keys()
