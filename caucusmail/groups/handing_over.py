"""Seats go from who held them to a successor, with all that hangs on them, in one transaction (back: ``handing_back``).

What goes along: the seats, the memberships on them, places on groups with their modes, and the administrator's role where nobody
else has it. What stays with the holder: pauses, what they are in by themselves, what they keep for a caucus. Of what lies ready
for the holder by these seats the successor gets one copy, and the holder none. The calendar address of who no longer speaks for the
organisation ends: an office may have subscribed to it.
"""

from collections.abc import Collection, Sequence
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, select

from caucusmail import clock
from caucusmail.accounts import calendar_address, preferences, signing_in
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock, moved
from caucusmail.directory import (
    affiliation,
    consent,
    ending_offers,
    hand_overs,
    keeping,
    representation,
    seating,
    several_seats,
)
from caucusmail.directory import queries as directory
from caucusmail.directory.affiliation import Other
from caucusmail.directory.hand_over_models import HandOver, OfferState
from caucusmail.directory.models import Affiliation, AffiliationState, Representative, Seat
from caucusmail.directory.representation import Term
from caucusmail.directory.seating import SeatTaken
from caucusmail.directory.several_seats import Left
from caucusmail.errors import Conflict
from caucusmail.groups import calling_off, copies, queries, snapshots, standing_down, telling_hand_overs
from caucusmail.groups.models import EmailGroup, Mode, Subscription
from caucusmail.groups.snapshots import Was
from caucusmail.languages import _

DONE = "hand-over.done"


class HasLeft(Conflict):
    """Who said yes has left everything since then, or asked to be erased."""


class Stood(TypedDict):
    """How the successor stood in a caucus before."""

    caucus: int
    seat: int  # the one that was taken over
    state: str | None  # None: no place at all
    since: str | None  # ISO 8601
    ended_by: int | None
    shown: str | None
    own_seat: int | None
    vacated: list[Other]  # seats of the same organisation that they left for this one
    consent: int


def accept(offered: HandOver) -> AuditEntry | None:
    """The successor says yes, and agrees to what was shown: done at once, or on its day (then None).

    :raises caucusmail.directory.ending_offers.NoLonger: it was answered or withdrawn.
    :raises SeatTaken: one of the seats is somebody else's by now.
    :raises HasLeft: they wait for their erasure.
    :raises caucusmail.directory.keeping.LastCoordinator: nobody else coordinates one of the caucuses.
    """
    later = offered.due_at is not None and offered.due_at > clock.now()
    ending_offers.answer(offered, OfferState.ACCEPTED)
    person = _person(offered)
    if person.id == offered.representative.person_id:
        raise SeatTaken(_("You hold these seats yourself. Say no, and name somebody else."))
    if person.goes_at is not None:
        raise HasLeft(_("You have asked to be erased. Call that back first, by the link in our letter; then say yes."))
    offered.successor_id = person.id
    offered.agreed = {
        str(seat.caucus_id): consent.keep(consent.shown(seat.caucus)) for seat in hand_overs.caucuses(offered)
    }
    journal.record("hand-over.accepted", offered, person, ngo=offered.representative.ngo_id)
    return None if later else do(offered, by=person)


def brings_administration(offered: HandOver) -> bool:
    """Whether who says yes would look after the organisation, too, as nobody else would."""
    holder = offered.representative
    keeps = {seat.id for seat in hand_overs.seats(holder)} - set(offered.seat_ids)
    others = any(one.admin and one.id != holder.id for one in representation.speaking(holder.ngo))
    return holder.admin and not keeps and not others


def _person(offered: HandOver) -> Person:
    """Who reads there under that name; made now if there is nobody."""
    found = hand_overs.known(offered.name, offered.address_key)
    if found is None:
        found = Person(
            name=offered.name,
            address=offered.address,
            address_key=offered.address_key,
            languages=[offered.language],
            zone=offered.representative.person.zone,
            made_at=clock.now(),
        )
        db.session.add(found)
        db.session.flush()
    return found


def do_due() -> int:
    """Do what was accepted for a day that has come; how many. What cannot be done lapses, and who asked is told why. A job calls
    it."""
    due = db.session.scalars(
        select(HandOver).where(HandOver.state == OfferState.ACCEPTED, HandOver.due_at <= clock.now())
    ).all()
    done = 0
    for one in due:
        try:
            with db.session.begin_nested():
                do(one, by=None)
            done += 1
        except Conflict as problem:
            calling_off.lapse(one, str(problem))
    return done


def do(offered: HandOver, *, by: Person | None) -> AuditEntry:
    """Move everything, and write to holder, successor and coordinators. Flushes.

    :raises caucusmail.directory.ending_offers.NoLonger: it was done or withdrawn.
    :raises SeatTaken: one of the seats is somebody else's by now.
    :raises HasLeft: see there.
    """
    holder, title = offered.representative, offered.title
    lock(holder.ngo)
    if not moved(
        HandOver,
        HandOver.id == offered.id,
        HandOver.state == OfferState.ACCEPTED,
        state=OfferState.DONE,
        done_at=clock.now(),
    ):
        raise ending_offers.NoLonger(_("This was answered or withdrawn in the meantime. Nothing was changed now."))
    successor = db.session.get(Person, offered.successor_id) if offered.successor_id else None
    if successor is None or not hand_overs.present(offered):
        raise SeatTaken(
            _(
                "One of these seats has gone to somebody else in the meantime, so nothing was changed. Ask who offered them to you."
            )
        )
    chosen = hand_overs.caucuses(offered)
    if calling_off.has_left(offered, successor):
        raise HasLeft(_("%(name)s does not take them over any more.", name=offered.name))
    keeping.refuse_last(holder.person, several_seats.without(holder.person, chosen))
    step = journal.record(DONE, offered, by, **_moved(offered, successor, chosen, title, by))
    preferences.arrive(successor)
    db.session.flush()
    telling_hand_overs.done(offered, successor, [seat.caucus for seat in chosen], step)
    ending_offers.forget(offered)
    return step


def _moved(
    offered: HandOver, successor: Person, chosen: Sequence[Seat], title: str, by: Person | None
) -> dict[str, Any]:
    """Move everything; what was before, in plain values, for ``handing_back``."""
    holder = offered.representative
    left, places, shared = _leave(holder.person, chosen, by)
    term, admin = _end(holder, by)
    appointed = _appoint(holder, successor, title, admin=admin, by=by)
    stood = [_sit(successor, seat, offered, by) for seat in chosen]
    served = _serve(successor, [*places, *shared])
    db.session.flush()
    withdrawn = copies.withdraw(holder.person)
    return {
        "ngo": holder.ngo_id,
        "person": holder.person_id,
        "successor": successor.id,
        "representative": holder.id,
        "former": left["former"],
        "up": left["up"],
        "subscriptions": places,
        "term": term,
        "appointed": appointed,
        "stood": stood,
        "served": served,
        "withdrawn": withdrawn,
        "handed_on": copies.hand_on(withdrawn, successor),
        "calendar": calendar_address.end(holder.person, offered.id) if term is not None else None,
    }


def _leave(person: Person, chosen: Sequence[Seat], by: Person | None) -> tuple[Left, list[Was], list[Was]]:
    """The holder gets up from the seats, and is off the groups of what ended with them; the last: their places where they stay in by
    another seat."""
    left = several_seats.get_up(person, chosen, by=by)
    ended = {former["caucus"] for former in left["former"]}
    stays = {seat.caucus_id for seat in chosen} - ended
    return left, snapshots.take_off(person, _groups(ended)), snapshots.of(person, _groups(stays))


def _groups(caucus_ids: Collection[int]) -> ColumnElement[bool]:
    return Subscription.group_id.in_(select(EmailGroup.id).where(EmailGroup.caucus_id.in_(caucus_ids)))


def _end(holder: Representative, by: Person | None) -> tuple[Term | None, bool]:
    """End the term of who holds no seat any more; what it was, and whether nobody would look after the organisation."""
    if hand_overs.seats(holder):
        return None, False
    now, until, admin = clock.now(), holder.until, holder.admin
    moved(Representative, Representative.id == holder.id, until=now, admin=False)
    standing_down.leave(holder.person, holder.ngo)
    if admin:
        signing_in.sign_out_everywhere(holder.person, by=by)
    term = Term(
        representative=holder.id,
        admin=admin,
        until=until.isoformat() if until else None,
        ended_at=now.isoformat(),
        former=[],
        up=[],
    )
    return term, admin and not representation.looked_after(holder.ngo)


def _appoint(
    holder: Representative, successor: Person, title: str, *, admin: bool, by: Person | None
) -> dict[str, Any]:
    """The successor speaks for the organisation; how they stood before."""
    serves = [one for one in representation.speaking(holder.ngo) if one.person_id == successor.id]
    was = {"served": bool(serves), "admin": bool(serves) and serves[0].admin}
    one = representation.appoint(holder.ngo, successor, title=title, admin=admin, by=by)
    if admin and not was["admin"]:
        signing_in.sign_out_everywhere(successor, by=by)
    db.session.flush()
    return was | {"representative": one.id, "made_admin": admin and not was["admin"]}


def _sit(successor: Person, seat: Seat, offered: HandOver, by: Person | None) -> Stood:
    """The successor takes one seat and is in; how they stood there before."""
    place = directory.affiliation(successor, seat.caucus)
    was = _stood(place, seat)
    given = consent.give(
        successor, seat.caucus, offered.agreed[str(seat.caucus_id)], form="hand-over", asked_at=offered.asked_at
    )
    given.given_at = offered.answered_at or given.given_at
    if place is not None and place.state is AffiliationState.ACTIVE:
        own = [one for one in directory.held_seats(successor.id, seat.caucus_id) if one.ngo_id == seat.ngo_id]
        was["vacated"] = [Other(seat=one.id, sat=seating.sitting(one.id)) for one in own]
        seating.take(seat, successor.id)
        if place.seat_id is None or place.seat_id in {one.id for one in own}:
            place.seat_id = seat.id
        several_seats.get_up(successor, own, by=by)  # nobody sits on two chairs of one organisation
    else:
        affiliation.activate(affiliation.wait(successor, seat.caucus, by=by), by=by, seat=seat)
    db.session.flush()
    was["consent"] = given.id
    return was


def _stood(place: Affiliation | None, seat: Seat) -> Stood:
    return Stood(
        caucus=seat.caucus_id,
        seat=seat.id,
        state=place.state.value if place else None,
        since=place.since.isoformat() if place else None,
        ended_by=place.ended_by_id if place else None,
        shown=place.shown.value if place else None,
        own_seat=place.seat_id if place else None,
        vacated=[],
        consent=0,
    )


def _serve(successor: Person, places: Sequence[Was]) -> list[int]:
    """Give the successor the holder's places on groups, with their modes, but for those they have already; which."""
    taken = {one.group_id for one in queries.subscriptions(successor)}
    new = [was for was in places if was["group"] not in taken]
    for was in new:
        db.session.add(
            Subscription(group_id=was["group"], person_id=successor.id, mode=Mode(was["mode"]), since=clock.now())
        )
    return [was["group"] for was in new]
