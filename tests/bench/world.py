"""A house of its own, with as many members as a measure wants; its announcements go the way of the product."""

import contextlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, literal, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import dispatch, leaving, timing
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.delivery import filling, outgoing
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingText
from caucusmail.directory.models import Affiliation, AffiliationState
from caucusmail.groups.models import Mode, Subscription
from caucusmail.mail import compiled
from tests import another, settings_for
from tests.announcements import rooms
from tests.announcements.rooms import Room
from tests.bench import postfix
from tests.faults.stores import fresh
from tests.journeys.processes import free_port

PAST = timing.HOLD + timedelta(minutes=1)
ZONES = ("Africa/Nairobi", "Europe/Paris", "America/Lima", "Asia/Kathmandu", "UTC")
TEXT = Text(
    "The room of the working group has changed",
    "Dear {{name}},\n\nthe meeting moves to **another room**, on the second floor of the same house.",
)
"""With the frame of every letter, in plain text and HTML, a copy has about 4 kB."""


class World:
    """One database, one port for a relay, and rooms full of people. Use it inside its application's context."""

    def __init__(self, folder: Path, url: str, *, broker: bool = False, **more: Any) -> None:
        """``broker``: what is written here wakes the job engine, as a page of the site does."""
        self.port = free_port()
        if broker:
            more["BROKER_URL"] = f"sqla+sqlite:///{folder / 'broker.sqlite3'}"
        self.configuration = settings_for.testing(url, folder, MAIL_PORT=self.port, **more)

    def room(self, name: str, count: int) -> Room:
        """A caucus of ``count`` members; each name, address and zone differs from the next."""
        room = Room(slug=name)
        for first in range(0, count, 10_000):
            _people(room, name, range(first, min(count, first + 10_000)))
        return room

    def tested(self, room: Room, **more: Any) -> Announcement:
        """An announcement to all of ``room``, drafted and tested; its test letter has left, to a sink of its own."""
        with ago(PAST):
            made = rooms.ready(room, **{"texts": {"en": TEXT}} | more)
        with postfix.sink(self.port):
            while outgoing.turn("bench", Lane.TRANSACTIONAL):
                pass
        return made

    def held(self, room: Room, **more: Any) -> Announcement:
        """The same, confirmed: its hold is just over, and nothing has left."""
        made = self.tested(room, **more)
        with ago(PAST):
            return rooms.confirmed(room, made)

    @staticmethod
    def release() -> None:
        """What is due may leave: as the schedule does it."""
        with transaction():
            leaving.send_due()

    def copy(self, room: Room) -> bytes:
        """A copy as it leaves, of an announcement that is taken back before it does."""
        sent = self.held(room)
        with transaction():
            row = db.session.scalars(select(Delivery).where(Delivery.message_id == sent.message_id).limit(1)).one()
            text = db.session.scalars(select(OutgoingText).where(OutgoingText.message_id == sent.message_id)).one()
            made = compiled.fill(text.raw, filling.values(row, text.words, clock.now()))
            dispatch.undo(sent, room.by)
        return made

    @staticmethod
    def rows(sent: Announcement) -> Counter[tuple[DeliveryState, int]]:
        """How its copies stand: state and attempts."""
        asked = select(Delivery.state, Delivery.attempts, func.count()).where(Delivery.message_id == sent.message_id)
        found = db.session.execute(asked.group_by(Delivery.state, Delivery.attempts)).all()
        db.session.rollback()
        return Counter({(state, attempts): number for state, attempts, number in found})

    def accepted_once(self, sent: Announcement, count: int) -> None:
        """Every row was taken at the first try, and there are ``count``; or the run does not count."""
        assert self.rows(sent) == {(DeliveryState.ACCEPTED, 1): count}, self.rows(sent)


@contextlib.contextmanager
def ago(time: timedelta) -> Iterator[None]:
    """What is done within is done so long ago."""
    real = clock.now
    clock.now = lambda: real() - time
    try:
        yield
    finally:
        clock.now = real


@contextlib.contextmanager
def world(database: str, **more: Any) -> Iterator[World]:
    """A new one, and the context of its application; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, fresh(database) as url:
        made = World(Path(folder), url, **more)
        with another.house(made.configuration) as house, house.app_context():
            yield made


def _people(room: Room, name: str, numbers: Sequence[int]) -> None:
    now, base = clock.now(), {"languages": ["en"], "made_at": clock.now(), "role": "member"}
    addresses = [f"reader{number}@{name}-{number % 97}.example" for number in numbers]
    rows = [
        base | {"name": f"Reader {number} of {name}", "address": one, "address_key": one, "zone": ZONES[number % 5]}
        for number, one in zip(numbers, addresses, strict=True)
    ]
    here = Person.address_key.like(f"%@{name}-%") & (Person.made_at == now)
    with transaction():
        db.session.execute(insert(Person), [row | {"made_at": now} for row in rows])
        _join(Affiliation, here, caucus_id=room.caucus.id, state=AffiliationState.ACTIVE, since=now, shown="nothing")
        served = {"mode": Mode.EVERY, "lets_urgent": False, "lets_coming": False}
        _join(Subscription, here, group_id=room.group.id, since=now, **served)


def _join(model: Any, who: Any, **values: Any) -> None:
    """A row of ``model`` for each person, by one INSERT … SELECT."""
    columns = [literal(value, type_=model.__table__.c[name].type) for name, value in values.items()]
    source = select(Person.id, *columns).where(who)
    db.session.execute(insert(model).from_select(["person_id", *values], source, include_defaults=False))
