"""A person's way in and out of a caucus: wait, activate, decline, end, and take an ending back.

Only the directory's own rows move here. What follows from it for email groups (subscriptions, letters still due) is the
floor above: ``groups.membership`` calls these verbs, and a surface that ends a membership calls ``membership``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import case, literal, select, update

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.directory import queries
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Caucus,
    Consent,
    JoinMode,
    Representative,
    Seat,
    Shown,
)
from caucusmail.errors import Conflict
from caucusmail.languages import _

ASKING = (AffiliationState.WAITING, AffiliationState.INTEREST)
OUTSIDE = (AffiliationState.ENDED, AffiliationState.DECLINED)


class SeatTaken(Conflict):
    """Somebody else holds the seat by now."""


class MovedOn(Conflict):
    """The membership has changed since; what was before cannot simply be put back."""


class Sat(TypedDict):
    """How somebody sat on a seat: since when, until when, and when they were told that it ends; ISO 8601."""

    since: str | None
    until: str | None
    told: str | None


class Former(TypedDict):
    """What an ended membership was: enough to put it back exactly. Plain values, for the journal."""

    affiliation: int
    caucus: int
    ended_at: str  # ISO 8601
    state: str
    since: str  # ISO 8601
    ended_by: int | None
    seat: int | None
    held: bool  # the person held that seat
    sat: Sat | None  # how, if they did
    consents: list[int]  # withdrawn by the ending


def wait(person: Person, caucus: Caucus, *, by: Person | None) -> Affiliation:
    """Note that ``person`` asks to be in ``caucus``: waiting for the secretariat, or interest where interest is gathered.

    Asking twice changes nothing, and nobody who is in loses their place by asking again. Who noted interest and asks
    again once the caucus takes members waits from then on. Flushes for the id.
    """
    asked = AffiliationState.INTEREST if caucus.join_mode is JoinMode.INTEREST else AffiliationState.WAITING
    place = queries.affiliation(person, caucus)
    if place is None:
        place = Affiliation(person_id=person.id, caucus_id=caucus.id, state=asked, since=clock.now())
        db.session.add(place)
        db.session.flush()
    elif place.state in OUTSIDE:
        place.state, place.since, place.ended_by_id = asked, clock.now(), None
        place.seat_id, place.shown = None, Shown.NOTHING  # what they let others see was for their former time
    elif not (asked is AffiliationState.WAITING and _no_longer_interest(place)):
        return place
    journal.record(f"affiliation.{asked.value}", place, by)
    return place


def _no_longer_interest(place: Affiliation) -> bool:
    return moved(
        Affiliation,
        Affiliation.id == place.id,
        Affiliation.state == AffiliationState.INTEREST,
        state=AffiliationState.WAITING,
        since=clock.now(),
    )


def activate(place: Affiliation, *, by: Person | None, seat: Seat | None = None) -> bool:
    """Let the person in, on ``seat`` or as an individual; whether they are in now.

    False: they have withdrawn meanwhile (or were declined), and ask anew if they want to. In twice changes nothing.

    :raises SeatTaken: somebody else holds the seat.
    """
    if seat is not None:
        take(seat, place.person_id)
    entered = moved(
        Affiliation,
        Affiliation.id == place.id,
        Affiliation.state.in_(ASKING),
        state=AffiliationState.ACTIVE,
        since=clock.now(),
        seat_id=seat.id if seat else None,
    )
    if entered:
        journal.record("affiliation.active", place, by, seat=seat.id if seat else None)
    elif place.state is AffiliationState.ACTIVE and seat is not None and place.seat_id is None:
        place.seat_id = seat.id
    elif seat is not None and place.state is not AffiliationState.ACTIVE:
        leave_seat(seat.id, place.person_id)
    return place.state is AffiliationState.ACTIVE


def decline(place: Affiliation, *, by: Person | None, reason: str = "") -> bool:
    """Turn down somebody who waits; whether they were waiting."""
    declined = moved(
        Affiliation,
        Affiliation.id == place.id,
        Affiliation.state.in_(ASKING),
        state=AffiliationState.DECLINED,
        since=clock.now(),
    )
    if declined:
        journal.record("affiliation.declined", place, by, reason=reason)
    return declined


def end(place: Affiliation, *, by: Person | None) -> Former | None:
    """End a membership, or withdraw a wish; what it was, for ``restore``. None: it had ended before.

    The seat stays with the organisation, without a holder; the consent is noted as withdrawn.
    """
    now = clock.now()
    was = place.state, place.since, place.ended_by_id, place.seat_id
    ended = moved(
        Affiliation,
        Affiliation.id == place.id,
        Affiliation.state == was[0],
        Affiliation.state.notin_(OUTSIDE),
        state=AffiliationState.ENDED,
        since=now,
        ended_by_id=by.id if by else None,
    )
    if not ended:
        return None
    sat = sitting(was[3])
    held = was[3] is not None and leave_seat(was[3], place.person_id)
    consents = _open_consents(place)
    db.session.execute(update(Consent).where(Consent.id.in_(consents)).values(withdrawn_at=now))
    former = Former(
        affiliation=place.id,
        caucus=place.caucus_id,
        ended_at=now.isoformat(),
        state=was[0].value,
        since=was[1].isoformat(),
        ended_by=was[2],
        seat=was[3],
        held=held,
        sat=sat if held else None,
        consents=list(consents),
    )
    journal.record("affiliation.ended", place, by, was=was[0].value)
    return former


def restore(former: Former, *, by: Person | None) -> Affiliation:
    """Put an ended membership back exactly as it was.

    :raises MovedOn: it is no longer ended, or was taken up and ended once more since.
    :raises SeatTaken: the organisation has given the seat to somebody else.
    """
    place = db.session.get(Affiliation, former["affiliation"])
    values: dict[str, Any] = {
        "state": AffiliationState(former["state"]),
        "since": datetime.fromisoformat(former["since"]),
        "ended_by_id": former["ended_by"],
        "seat_id": former["seat"],
    }
    if place is None or not moved(
        Affiliation,
        Affiliation.id == place.id,
        Affiliation.state == AffiliationState.ENDED,
        Affiliation.since == datetime.fromisoformat(former["ended_at"]),
        **values,
    ):
        raise MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    if former["held"] and former["seat"] is not None:
        seat = db.session.get(Seat, former["seat"])
        if seat is None or seat.until is not None:
            raise SeatTaken(_("Your organisation has given up this seat. Ask its administrator, or join again."))
        if not _speaks(place.person_id, seat.ngo_id):
            raise SeatTaken(_("You no longer speak for this organisation. Ask its administrator, or join by yourself."))
        take(seat, place.person_id, former["sat"])
    db.session.execute(update(Consent).where(Consent.id.in_(former["consents"])).values(withdrawn_at=None))
    journal.record("affiliation.restored", place, by)
    return place


def _speaks(person_id: int, ngo_id: int) -> bool:
    serving = Representative.until.is_(None) | (Representative.until > clock.now())
    one = select(Representative.id).where(
        Representative.person_id == person_id, Representative.ngo_id == ngo_id, serving
    )
    return db.session.scalar(one.limit(1)) is not None


def still_ended(former: Former) -> bool:
    """Whether the ending that made ``former`` is the last thing that happened to this membership."""
    place = db.session.get(Affiliation, former["affiliation"])
    return (
        place is not None
        and place.state is AffiliationState.ENDED
        and place.since == datetime.fromisoformat(former["ended_at"])
    )


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


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _open_consents(place: Affiliation) -> Sequence[int]:
    return db.session.scalars(
        select(Consent.id)
        .where(
            Consent.person_id == place.person_id, Consent.caucus_id == place.caucus_id, Consent.withdrawn_at.is_(None)
        )
        .order_by(Consent.id)
    ).all()
