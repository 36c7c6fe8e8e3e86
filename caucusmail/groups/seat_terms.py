"""How long somebody holds a seat: set its last day, tell them in time, end it on that day; change which seat comes first.

Whoever loses a seat so still speaks for the organisation; the seat stays with it, vacant. Each change can be taken back for 30 days
(``groups.terms``, beside what else an organisation changes among its people).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from caucusmail import clock, zones
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit import queries as audit
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock
from caucusmail.delivery import ledger
from caucusmail.directory import affiliation, representation, seat_letters, seating, several_seats
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.models import Seat, SeatRole
from caucusmail.errors import Conflict, Invalid
from caucusmail.groups import copies, letters, snapshots
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.languages import _

SET, OVER, FIRST = "seat.term-set", "seat.term-ended", "seat.made-first"
AHEAD = timedelta(days=30)
"""So long before a term ends its holder and their organisation are told."""

FARTHEST = timedelta(days=10 * 366)


class Vacant(Conflict):
    """Nobody sits there, or somebody else by now."""


class BadDay(Invalid):
    """A last day that is over, or more than ten years ahead."""


def set_end(seat: Seat, last: date | None, *, by: Person) -> AuditEntry | None:
    """Let the holder's term on ``seat`` end with the day ``last`` (of ``by``'s zone), or with none. None: that was so already.

    :raises Vacant: nobody sits there.
    :raises BadDay: on ``day``: it is over, or too far ahead.
    """
    lock(seat)
    _refuse_vacant(seat)
    ends = zones.day_begins(last + timedelta(days=1), by.zone) if last is not None else None
    if ends is not None and not clock.now() < ends <= clock.now() + FARTHEST:
        raise BadDay(
            "day", _("This day is over, or more than ten years ahead. Leave it empty for a term without an end.")
        )
    if ends == seat.held_until:
        return None
    was = seating.sitting(seat.id)
    seat.held_until, seat.end_told_at = ends, None
    return journal.record(SET, seat, by, ngo=seat.ngo_id, person=seat.holder_id, was=was, now=_stands(seat))


def end(seat: Seat, *, by: Person | None) -> AuditEntry:
    """End the holder's term on ``seat`` now; holder and administrators are written to. Flushes.

    :raises Vacant: nobody sits there.
    """
    lock(seat)
    _refuse_vacant(seat)
    person = db.session.get_one(Person, seat.holder_id)
    sat = seating.sitting(seat.id)
    left = several_seats.get_up(person, [seat], by=by)
    former = next(iter(left["former"]), None)
    groups = select(EmailGroup.id).where(EmailGroup.caucus_id == seat.caucus_id)
    places = snapshots.take_off(person, Subscription.group_id.in_(groups)) if former is not None else []
    step = journal.record(
        OVER,
        seat,
        by,
        ngo=seat.ngo_id,
        person=person.id,
        sat=sat,
        former=former,
        up=left["up"],
        subscriptions=places,
        withdrawn=copies.withdraw(person),
        now=_stands(seat),
    )
    db.session.flush()
    ledger.enqueue(seat_letters.over(person, seat), letters.to(person), about=("seats", seat.id))
    for admin in _administrators(seat):
        if admin not in (person, by):
            ledger.enqueue(seat_letters.vacant(admin, seat, person.name), letters.to(admin), about=("seats", seat.id))
    return step


def end_due() -> int:
    """End the terms whose last day is over; how many."""
    due = _running(Seat.held_until <= clock.now())
    for seat in due:
        end(seat, by=None)
    return len(due)


def remind_due() -> int:
    """Tell holder and administrators, once, of each term that ends within a month; how many."""
    now = clock.now()
    soon = _running(Seat.held_until > now, Seat.held_until <= now + AHEAD, Seat.end_told_at.is_(None))
    for seat in soon:
        seat.end_told_at = now
        holder = db.session.get_one(Person, seat.holder_id)
        for person in dict.fromkeys([holder, *_administrators(seat)]):
            letter = seat_letters.ends_soon(person, seat, holder)
            ledger.enqueue(letter, letters.to(person), about=("seats", seat.id))
    return len(soon)


def turn() -> None:
    """Everything that a day brings to terms. A job calls it; twice does no harm."""
    end_due()
    remind_due()


def make_first(seat: Seat, *, by: Person) -> AuditEntry | None:
    """Let an alternate's seat be the representative's, and the other an alternate's. None: it is that already."""
    lock(seat.ngo)
    db.session.refresh(seat)
    if seat.role is SeatRole.REPRESENTATIVE or seat.until is not None:
        return None
    before = [one for one in _beside(seat) if one.role is SeatRole.REPRESENTATIVE]
    for one in before:
        one.role = SeatRole.ALTERNATE
    seat.role = SeatRole.REPRESENTATIVE
    return journal.record(FIRST, seat, by, ngo=seat.ngo_id, person=seat.holder_id, was=[one.id for one in before])


def take_back(change: AuditEntry, *, by: Person | None) -> None:
    """Make it as it was before ``change``.

    :raises MovedOn: it was changed again.
    :raises caucusmail.directory.seating.SeatTaken: somebody else sits there.
    """
    seat = db.session.get(Seat, change.subject_id)
    if seat is None or seat.until is not None:
        raise _moved_on()
    lock(seat)
    if change.verb == FIRST:
        _give_way(seat, change)
        return
    taken = change.verb == OVER and seat.holder_id not in (None, change.detail["person"])
    if not taken and (_stands(seat) != change.detail["now"] or audit.changed_since(change, (SET, OVER))):
        raise _moved_on()
    if change.verb == OVER:
        _sit_again(seat, change, by)
    else:
        seating.take(seat, change.detail["person"], change.detail["was"])


def _give_way(seat: Seat, change: AuditEntry) -> None:
    """The seats that were the representative's before are it again, and ``seat`` an alternate's."""
    beside = {one.id: one for one in _beside(seat)}
    before = [beside.pop(number, None) for number in change.detail["was"]]
    first = [one for one in (seat, *beside.values()) if one.role is SeatRole.REPRESENTATIVE]
    if first != [seat] or any(one is None or one.role is not SeatRole.ALTERNATE for one in before):
        raise _moved_on()
    if audit.changed_since(change, (FIRST,), beside.keys() | set(change.detail["was"])):
        raise _moved_on()
    seat.role = SeatRole.ALTERNATE
    for one in before:
        if one is not None:
            one.role = SeatRole.REPRESENTATIVE


def _beside(seat: Seat) -> Sequence[Seat]:
    """The other seats that the organisation has in the same caucus."""
    same = (Seat.ngo_id == seat.ngo_id, Seat.caucus_id == seat.caucus_id, Seat.until.is_(None), Seat.id != seat.id)
    return db.session.scalars(select(Seat).where(*same).order_by(Seat.id)).all()


def _stands(seat: Seat) -> dict[str, Any]:
    """Who sits there, since when and until when: what is put back only as long as it is so."""
    sat = seating.sitting(seat.id)
    return {"holder": seat.holder_id, "since": sat and sat["since"], "until": sat and sat["until"]}


def _sit_again(seat: Seat, change: AuditEntry, by: Person | None) -> None:
    person = db.session.get(Person, change.detail["person"])
    serves = [one for one in representation.speaking(seat.ngo) if one.person is person]
    if person is None or not serves:
        raise _moved_on()
    sat = change.detail["sat"] | {"until": None, "told": None} if _is_over(change) else change.detail["sat"]
    if change.detail["former"] is not None:
        affiliation.restore(change.detail["former"] | {"sat": sat}, by=by)
    several_seats.sit_again(person, [one | {"sat": sat} for one in change.detail["up"]])
    snapshots.put_back(person, change.detail["subscriptions"])
    copies.ready_again(person, change.detail["withdrawn"])
    ledger.enqueue(seat_letters.runs_on(person, seat), letters.to(person), about=("seats", seat.id))


def _is_over(change: AuditEntry) -> bool:
    """Whether the last day of the term has passed: who sits there again does so without one, or it would end at once."""
    until = change.detail["sat"]["until"]
    return until is not None and datetime.fromisoformat(until) <= clock.now()


def _running(*where: ColumnElement[bool]) -> Sequence[Seat]:
    return db.session.scalars(
        select(Seat)
        .where(Seat.holder_id.is_not(None), Seat.until.is_(None), *where)
        .options(joinedload(Seat.caucus), joinedload(Seat.ngo))
        .order_by(Seat.id)
    ).all()


def _administrators(seat: Seat) -> list[Person]:
    return [one.person for one in representation.speaking(seat.ngo) if one.admin]


def _refuse_vacant(seat: Seat) -> None:
    if seat.holder_id is None or seat.until is not None:
        raise Vacant(_("Nobody holds this seat now."))


def _moved_on() -> MovedOn:
    return MovedOn(_("This has changed in the meantime, so it could not be taken back."))
