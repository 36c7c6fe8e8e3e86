"""A person's way in and out of a caucus: wait, activate, decline, end, and take an ending back.

Only the directory's own rows move here. What follows from it for email groups (subscriptions, letters still due) is the
floor above: ``groups.membership`` calls these verbs, and a surface that ends a membership calls ``membership``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import select, update

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.directory import queries, seating
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Caucus,
    Consent,
    JoinMode,
    Seat,
    Shown,
)
from caucusmail.directory.seating import Sat, SeatTaken
from caucusmail.errors import Conflict
from caucusmail.languages import _

ASKING = (AffiliationState.WAITING, AffiliationState.INTEREST)
OUTSIDE = (AffiliationState.ENDED, AffiliationState.DECLINED)


class MovedOn(Conflict):
    """The membership has changed since; what was before cannot simply be put back."""


class Other(TypedDict):
    """A further seat that was left with a membership."""

    seat: int
    sat: Sat | None


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
    others: list[Other]  # the further seats they held there (decision 0029)
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
        seating.take(seat, place.person_id)
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
        seating.leave_seat(seat.id, place.person_id)
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

    The seats stay with their organisations, without a holder; the consent is noted as withdrawn.
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
    sat = seating.sitting(was[3])
    held = was[3] is not None and seating.leave_seat(was[3], place.person_id)
    others = _leave_others(place) if was[0] is AffiliationState.ACTIVE else []
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
        others=others,
        consents=list(consents),
    )
    journal.record("affiliation.ended", place, by, was=was[0].value)
    return former


def restore(former: Former, *, by: Person | None) -> Affiliation:
    """Put an ended membership back as it was, on those of its seats that are still free.

    :raises MovedOn: it is no longer ended, or was taken up and ended once more since.
    :raises SeatTaken: none is: the organisation has given the seat to somebody else.
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
    seats = _sit_again(place.person_id, former)
    if seats and former["seat"] not in seats:
        place.seat_id = seats[0]
    db.session.execute(update(Consent).where(Consent.id.in_(former["consents"])).values(withdrawn_at=None))
    journal.record("affiliation.restored", place, by)
    return place


def _sit_again(person_id: int, former: Former) -> list[int]:
    """Take those of the former seats that are still free; which.

    :raises SeatTaken: there were some, and none is.
    """
    first = [Other(seat=former["seat"], sat=former["sat"])] if former["held"] and former["seat"] is not None else []
    problems, taken = [], []
    for one in [*first, *former.get("others", [])]:
        try:
            seating.back(one["seat"], person_id, one["sat"])
            taken.append(one["seat"])
        except SeatTaken as problem:
            problems.append(problem)
    if problems and not taken:
        raise problems[0]
    return taken


def _leave_others(place: Affiliation) -> list[Other]:
    seats = queries.held_seats(place.person_id, place.caucus_id)
    left = [Other(seat=seat.id, sat=seating.sitting(seat.id)) for seat in seats]
    for one in left:
        seating.leave_seat(one["seat"], place.person_id)
    return left


def still_ended(former: Former) -> bool:
    """Whether the ending that made ``former`` is the last thing that happened to this membership."""
    place = db.session.get(Affiliation, former["affiliation"])
    return (
        place is not None
        and place.state is AffiliationState.ENDED
        and place.since == datetime.fromisoformat(former["ended_at"])
    )


def _open_consents(place: Affiliation) -> Sequence[int]:
    return db.session.scalars(
        select(Consent.id)
        .where(
            Consent.person_id == place.person_id, Consent.caucus_id == place.caucus_id, Consent.withdrawn_at.is_(None)
        )
        .order_by(Consent.id)
    ).all()
