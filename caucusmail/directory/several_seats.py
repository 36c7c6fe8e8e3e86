"""One person's membership of a caucus, and the seats on which it rests: for one organisation or for several (decision 0029).

Who gets up from one seat stays in by the others; only with the last one the membership ends.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import TypedDict

from sqlalchemy import select

from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory import affiliation, queries, seating
from caucusmail.directory.affiliation import Former, MovedOn
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus, Ngo, NgoState, Seat
from caucusmail.directory.seating import Sat
from caucusmail.languages import _


class Up(TypedDict):
    """A seat that was left without ending a membership. Plain values, for the journal."""

    seat: int
    sat: Sat | None
    affiliation: int | None  # the membership that goes on; None: there was none
    first: bool  # it was the seat that pages show first


class Left(TypedDict):
    """What came of leaving seats."""

    former: list[Former]  # memberships that ended, with their last seat
    up: list[Up]


def of(ngo: Ngo, person: Person) -> Sequence[Seat]:
    """The seats of an organisation on which ``person`` sits now."""
    mine = (Seat.ngo_id == ngo.id, Seat.holder_id == person.id, Seat.until.is_(None))
    return db.session.scalars(select(Seat).where(*mine).order_by(Seat.id)).all()


def others(seat: Seat, person: Person) -> list[Seat]:
    """The further seats that ``person`` holds in the caucus of ``seat``."""
    return [one for one in queries.held_seats(person.id, seat.caucus_id) if one.id != seat.id]


def without(person: Person, seats: Collection[Seat]) -> list[Caucus]:
    """The caucuses in which ``person`` would hold no seat any more without these."""
    ids = {one.id for one in seats}
    left = {seat.caucus: {one.id for one in queries.held_seats(person.id, seat.caucus_id)} - ids for seat in seats}
    return [caucus for caucus, rest in left.items() if not rest]


def get_up(person: Person, seats: Iterable[Seat], *, by: Person | None) -> Left:
    """Leave these seats, which stay with their organisations: a membership goes on by the other seats in its caucus, and ends with
    the last. Flushes."""
    left = Left(former=[], up=[])
    for seat in seats:
        place = queries.affiliation(person, seat.caucus)
        rest = others(seat, person)
        rests = place is not None and place.state is AffiliationState.ACTIVE and place.seat_id is not None
        if place is not None and rests and not rest:
            ended = affiliation.end(place, by=by)
            left["former"] += [ended] if ended is not None else []
            continue
        first = place is not None and rests and place.seat_id == seat.id
        member = place.id if place is not None and place.state is AffiliationState.ACTIVE else None
        left["up"].append(Up(seat=seat.id, sat=seating.sitting(seat.id), affiliation=member, first=first))
        seating.leave_seat(seat.id, person.id)
        if place is not None and first:
            place.seat_id = _next(rest).id
            db.session.flush()
            db.session.expire(place, ["seat"])
        db.session.flush()
    return left


def sit_again(person: Person, up: Sequence[Up]) -> None:
    """Take seats again that were left by ``get_up``, once the memberships that ended are back. Flushes.

    :raises MovedOn: the membership that went on has ended since.
    :raises caucusmail.directory.seating.SeatTaken: somebody else sits there, or they speak for the organisation no more.
    """
    for one in reversed(up):
        place = db.session.get(Affiliation, one["affiliation"]) if one["affiliation"] is not None else None
        if one["affiliation"] is not None and (place is None or place.state is not AffiliationState.ACTIVE):
            raise MovedOn(_("This has changed in the meantime, so it could not be taken back."))
        seating.back(one["seat"], person.id, one["sat"])
        if place is not None and one["first"]:
            place.seat_id = one["seat"]
            db.session.flush()
            db.session.expire(place, ["seat"])
        db.session.flush()


def show_others(ngo: Ngo) -> None:
    """Let the memberships that pages show on a seat of ``ngo``, which has lapsed, rest on another seat, where there is one."""
    shown = (
        select(Affiliation).join(Affiliation.seat).where(Seat.ngo_id == ngo.id, Seat.holder_id == Affiliation.person_id)
    )
    for place in db.session.scalars(shown.where(Affiliation.state == AffiliationState.ACTIVE)):
        held = queries.held_seats(place.person_id, place.caucus_id)
        live = [one for one in held if one.ngo.state is not NgoState.LAPSED]
        if live:
            place.seat_id = live[0].id


def _next(seats: Sequence[Seat]) -> Seat:
    """Which of these is shown first: one of an organisation whose membership runs."""
    return min(seats, key=lambda one: (one.ngo.state is NgoState.LAPSED, one.id))
