"""Who sits on a seat: sit down, get up, sit down again as before. Memberships follow in ``affiliation`` and ``several_seats``."""

from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import case, literal, select

from caucusmail import clock
from caucusmail.database import db, moved
from caucusmail.directory.models import Representative, Seat
from caucusmail.errors import Conflict
from caucusmail.languages import _


class SeatTaken(Conflict):
    """Somebody else holds the seat by now."""


class Sat(TypedDict):
    """How somebody sat on a seat: since when, until when, and when they were told that it ends; ISO 8601."""

    since: str | None
    until: str | None
    told: str | None


def take(seat: Seat, person_id: int, as_before: Sat | None = None) -> None:
    """Sit down on a vacant seat, from now or ``as_before``; sitting there already is fine, and changes nothing.

    :raises SeatTaken: somebody else does.
    """
    free = Seat.holder_id.is_(None) | (Seat.holder_id == person_id)
    since = literal(clock.now(), type_=Seat.holder_since.type)
    values: dict[str, Any] = {"holder_since": case((Seat.holder_id == person_id, Seat.holder_since), else_=since)}
    if as_before is not None:
        values = {
            "holder_since": _read(as_before["since"]),
            "held_until": _read(as_before["until"]),
            "end_told_at": _read(as_before["told"]),
        }
    if not moved(Seat, Seat.id == seat.id, Seat.until.is_(None), free, holder_id=person_id, **values):
        raise SeatTaken(_("Somebody else of the organisation holds this seat by now."))


def leave_seat(seat_id: int, person_id: int) -> bool:
    """Get up from a seat, which stays with its organisation; whether the person sat there."""
    up = {"holder_id": None, "holder_since": clock.now(), "held_until": None, "end_told_at": None}
    return moved(Seat, Seat.id == seat_id, Seat.holder_id == person_id, **up)


def sitting(seat_id: int | None) -> Sat | None:
    """How its holder sits on a seat now, for ``take``; None: there is no such seat."""
    seat = db.session.get(Seat, seat_id) if seat_id is not None else None
    if seat is None:
        return None
    return Sat(since=_written(seat.holder_since), until=_written(seat.held_until), told=_written(seat.end_told_at))


def back(seat_id: int, person_id: int, sat: Sat | None) -> None:
    """Sit down again, as before, on a seat that was left.

    :raises SeatTaken: somebody else does, or it was given up, or they no longer speak for its organisation.
    """
    seat = db.session.get(Seat, seat_id)
    if seat is None or seat.until is not None:
        raise SeatTaken(_("Your organisation has given up this seat. Ask its administrator, or join again."))
    if not _speaks(person_id, seat.ngo_id):
        raise SeatTaken(_("You no longer speak for this organisation. Ask its administrator, or join by yourself."))
    take(seat, person_id, sat)


def _speaks(person_id: int, ngo_id: int) -> bool:
    serving = Representative.until.is_(None) | (Representative.until > clock.now())
    one = select(Representative.id).where(
        Representative.person_id == person_id, Representative.ngo_id == ngo_id, serving
    )
    return db.session.scalar(one.limit(1)) is not None


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
