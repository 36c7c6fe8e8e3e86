"""A meeting that was announced, a clock that can be set, and what arrives of it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import farewells, newcomers
from caucusmail.database import db, transaction
from tests import make
from tests.announcements import rooms
from tests.announcements.rooms import Room
from tests.announcements.test_changes import drain, entry

START = "2027-11-20T10:00"


def goer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``at("2027-11-29T07:15")``: it is then, in UTC; to begin with it is ``START``."""

    def go(text: str) -> None:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)

    go(START)
    return go


def three() -> Room:
    """A group with Ada, Élodie and Chi."""
    room = rooms.vrwg()
    for name, language in (("Ada", "en"), ("Élodie", "fr"), ("Chi", "en")):
        make.member(room.caucus, make.person(name, languages=[language]), room.group)
    return room


def person(name: str) -> Person:
    return db.session.query(Person).filter_by(name=name).one()


def invited() -> int:
    """How many are invited now; the letters leave."""
    with transaction():
        count = newcomers.invite_due()
    drain()
    return count


def taken_out() -> int:
    """How many have the meeting taken out of their calendar now; the letters leave."""
    with transaction():
        count = farewells.say()
    drain()
    return count


def entries(sink, name: str) -> list[tuple[str, int]]:
    """METHOD and SEQUENCE of the calendar objects that ``name`` got, the oldest first."""
    letters = [
        one for one in sink.caught if name in str(one.message["To"]) and "TEST" not in str(one.message["Subject"])
    ]
    found = [
        entry(one) for one in letters if any(part.get_content_type() == "text/calendar" for part in one.message.walk())
    ]
    return [(str(calendar["METHOD"]), int(event["SEQUENCE"])) for calendar, event in found]
