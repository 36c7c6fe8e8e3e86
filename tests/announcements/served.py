"""A clock that tests set, and two groups whose members are served in every way."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import digests, dispatch, leaving
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.delivery import outgoing, riding
from caucusmail.delivery.models import Delivery
from caucusmail.groups.models import Mode, Subscription
from tests import make
from tests.announcements import rooms
from tests.announcements.rooms import Room

MONDAY = datetime(2026, 11, 30, 10, tzinfo=UTC)  # 13:00 in Nairobi
TUESDAY = datetime(2026, 12, 1, 5, tzinfo=UTC)  # 08:00 there: a digest is due


def at(monkeypatch: Any, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def serve(person: Person, room: Room, mode: Mode, **more: Any) -> None:
    """``person`` is in the group of ``room``, served so."""
    make.member(room.caucus, person, room.group)
    with transaction():
        place = db.session.scalars(
            select(Subscription).where(Subscription.person_id == person.id, Subscription.group_id == room.group.id)
        ).one()
        place.mode = mode
        for name, value in more.items():
            setattr(place, name, value)


def sent(monkeypatch: Any, room: Room, moment: datetime, **more: Any) -> int:
    """An announcement that is released at ``moment``; its id."""
    at(monkeypatch, moment - dispatch.timing.HOLD)
    made = rooms.confirmed(room, rooms.ready(room, **more))
    key = made.id
    at(monkeypatch, moment)
    with transaction():
        leaving.send_due()
    return key


def work(monkeypatch: Any, moment: datetime, *, gathers: bool = True) -> int:
    """What the jobs do at ``moment``; how many digests were made."""
    at(monkeypatch, moment)
    made = 0
    if gathers:
        with transaction():
            made = digests.gather()
    drain()
    with transaction():
        riding.follow()
    with transaction():
        leaving.send_due()
    db.session.expire_all()
    return made


def drain() -> None:
    while outgoing.turn("w"):
        pass
    db.session.expire_all()


def row(announcement_id: int, person: Person) -> Delivery:
    """The copy of one person."""
    message = select(Announcement.message_id).where(Announcement.id == announcement_id).scalar_subquery()
    return db.session.scalars(
        select(Delivery).where(Delivery.message_id == message, Delivery.person_id == person.id)
    ).one()


def to(sink: Any, person: Person) -> list[Any]:
    """What reached the mailbox of ``person``, but tests."""
    return [
        one for one in sink.caught if one.recipients == [person.address] and "TEST" not in str(one.message["Subject"])
    ]


HOUR = timedelta(hours=1)
