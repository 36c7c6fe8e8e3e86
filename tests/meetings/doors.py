"""Meetings that are on, the hands that count at their doors, and what they press."""

import itertools
from datetime import timedelta

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.directory.models import Caucus, RosterPolicy, Seat, Shown
from caucusmail.meetings import at_the_door, door, door_links
from caucusmail.meetings.attendance import Attendance
from caucusmail.meetings.door import Hand, Who
from caucusmail.meetings.models import Meeting
from tests import make
from tests.meetings.test_queries import meeting

_numbers = itertools.count(1)


def form_number() -> str:
    return f"form-number-{next(_numbers):06}"


def on(roster: RosterPolicy = RosterPolicy.MEMBERS, **more) -> Meeting:
    """A meeting that began half an hour ago and goes on for another."""
    return begun(make.caucus(roster=roster), minutes=-30, **more)


def begun(caucus: Caucus, minutes: int, **more) -> Meeting:
    """A meeting of one hour that begins in so many minutes."""
    return meeting(
        caucus, minutes / 1440, **{"reference": f"door-{next(_numbers)}", "uid": f"door-{next(_numbers)}"} | more
    )


def moved(one: Meeting, **by: float) -> None:
    """Let it begin, and end, so much later."""
    with transaction():
        one.starts_at, one.ends_at = one.starts_at + timedelta(**by), one.ends_at + timedelta(**by)


def seated(one: Meeting, name: str, shown: Shown = Shown.ORGANISATION, **more):
    """An organisation with a seat in the meeting's caucus, and who holds it."""
    ngo, who = make.ngo(name, **more), make.person()
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=one.caucus_id, holder_id=who.id, since=clock.now()))
    make.member(one.caucus, who, seat_id=seat.id, shown=shown)
    return ngo, who


def keeper(one: Meeting, person: Person | None = None) -> Hand:
    return Hand(visibility.viewer(make.coordinator(one.caucus, person)))


def helper(one: Meeting, by: Hand | None = None) -> Hand:
    with transaction():
        link = door_links.make(one, (by or keeper(one)).by)
    return Hand(visibility.STRANGER, link)


def press(one: Meeting, hand: Hand, who: Who = Who(), number: int = 1, submission: str = ""):  # noqa: B008 - frozen
    with transaction():
        return door.tap(one, who, number, submission or form_number(), hand)


def take_back(one: Meeting, tap, hand: Hand) -> None:
    with transaction():
        door.take_back(one, tap.id, hand)


def lines(one: Meeting, hand: Hand, search: str = "") -> dict[str, int]:
    """What a door shows, by name."""
    seen = at_the_door.seen(one, hand, search)
    return {line.name: line.number for line in [*seen.counted, *seen.offered]}


def kept() -> list[tuple[str, str, int]]:
    """What is kept of who came: key, what was typed, number."""
    db.session.expire_all()
    return sorted((row.key, row.name, row.number) for row in make.rows(Attendance))
