"""Somebody moves to another organisation: one step that leaves the seats of the one and asks for seats of the other.

What they are in by themselves is not touched; where a caucus admits individuals, they may stay in as one. The seats stay with the
organisation that is left, whose administrators are asked who follows. The whole step can be taken back for 30 days.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail import languages, tokens
from caucusmail.accounts import signing_in
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock
from caucusmail.delivery import ledger
from caucusmail.directory import (
    affiliation,
    consent,
    hand_overs,
    moving_letters,
    representation,
    seat_requests,
    seating,
)
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.models import Admits, Affiliation, AffiliationState, Caucus, Representative, Seat
from caucusmail.directory.seat_request_models import RequestState, SeatRequest
from caucusmail.directory.seating import Sat
from caucusmail.errors import Conflict, Invalid, TooMany
from caucusmail.groups import copies, letters, membership, snapshots, standing_down
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.languages import _
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from caucusmail.tokens import Purpose

MOVED = "representative.moved"
A_DAY = Limit("moving", 5, timedelta(days=1))


class Offered(Conflict):
    """Some of the seats are offered to a successor, who may still answer."""


class NotAlone(Invalid):
    """A caucus in which nobody can be as an individual, or on a seat that is not theirs."""


class NoLonger(Conflict):
    """They do not represent the organisation any more."""


class Alone(TypedDict):
    """A membership that goes on without the seat."""

    affiliation: int
    seat: int
    sat: Sat | None


def sitting(one: Representative) -> Sequence[Affiliation]:
    """The memberships that rest on the seats this representative holds, by caucus."""
    held = select(Seat.caucus_id).where(
        Seat.ngo_id == one.ngo_id, Seat.holder_id == one.person_id, Seat.until.is_(None)
    )
    return db.session.scalars(
        select(Affiliation)
        .join(Affiliation.caucus)
        .where(
            Affiliation.person_id == one.person_id,
            Affiliation.state == AffiliationState.ACTIVE,
            Affiliation.seat_id.is_not(None),
            Affiliation.caucus_id.in_(held),
        )
        .options(joinedload(Affiliation.caucus))
        .order_by(Caucus.place, Caucus.id)
    ).all()


def staying(one: Representative) -> Sequence[Seat]:
    """The seats of other organisations by which they stay in where they sit for this one, too."""
    places = [place.caucus_id for place in sitting(one)]
    return db.session.scalars(
        select(Seat)
        .join(Seat.caucus)
        .where(Seat.holder_id == one.person_id, Seat.until.is_(None))
        .where(Seat.caucus_id.in_(places), Seat.ngo_id != one.ngo_id)
        .options(joinedload(Seat.caucus), joinedload(Seat.ngo))
        .order_by(Caucus.place, Seat.id)
    ).all()


def move(one: Representative, alone: Collection[int], to: str, *, by: Person) -> AuditEntry:
    """Leave the organisation of ``one``: stay in the caucuses ``alone`` (ids) as an individual, leave the others, and ask the
    organisation called ``to`` ("": none) for seats where it has some. Flushes.

    :raises NotAlone: on ``alone``: a caucus that admits organisations only, or is none of theirs.
    :raises Offered: seats are offered to a successor.
    :raises caucusmail.directory.representation.LastAdministrator: nobody would be left to look after the organisation.
    :raises NoLonger: they have left it before.
    :raises TooMany: they have moved several times today.
    """
    if not limits.hit(A_DAY, str(by.id)):
        raise TooMany(_("You have moved several times today. Please try again tomorrow."))
    lock(one.ngo)
    places, others = _free_to_go(one, alone)
    caucuses = [place.caucus for place in places]
    admins = [other.person for other in representation.speaking(one.ngo) if other.admin and other is not one]
    kept = [_alone(place) for place in places if place.caucus_id in alone]
    standing_down.leave(one.person, one.ngo, by=by)
    term = representation.end_term(one, by=by)
    if term is None:
        raise NoLonger(_("You do not represent this organisation any more."))
    left = [former["caucus"] for former in term["former"]]
    groups = select(EmailGroup.id).where(EmailGroup.caucus_id.in_(left))
    subscriptions = snapshots.take_off(one.person, Subscription.group_id.in_(groups))
    asked = seat_requests.ask(one.person, to, [caucus.id for caucus in caucuses]) if to else None
    step = journal.record(
        MOVED,
        one.person,
        by,
        ngo=one.ngo_id,
        representative=one.id,
        term=term,
        former=term["former"],
        alone=kept,
        subscriptions=subscriptions,
        withdrawn=copies.withdraw(one.person),
        request=asked.id if asked else None,
    )
    db.session.flush()
    if term["admin"]:
        signing_in.sign_out_everywhere(one.person, by=by)
    _tell(one, step, caucuses, others, admins, to)
    return step


def _free_to_go(one: Representative, alone: Collection[int]) -> tuple[Sequence[Affiliation], Sequence[Seat]]:
    """What rests on their seats, and other organisations' seats there; refuses what cannot be."""
    places = sitting(one)
    others = staying(one)
    bound = {seat.caucus_id for seat in others}
    both = {place.caucus_id for place in places if place.caucus.admits is Admits.BOTH}
    if set(alone) - (both - bound):
        raise NotAlone("alone", _("In one of these nobody can be as an individual. Load the page again."))
    for offer in hand_overs.waiting([one]):
        raise Offered(
            _("Your seats are offered to %(name)s. Wait for the answer, or withdraw the offer first.", name=offer.name)
        )
    return places, others


def _alone(place: Affiliation) -> Alone:
    """Get up from the seat and stay in."""
    assert place.seat_id is not None  # it hangs on one
    found = Alone(affiliation=place.id, seat=place.seat_id, sat=seating.sitting(place.seat_id))
    seating.leave_seat(place.seat_id, place.person_id)
    place.seat_id = None
    db.session.flush()
    return found


def _tell(
    one: Representative,
    step: AuditEntry,
    caucuses: Sequence[Caucus],
    others: Sequence[Seat],
    admins: Sequence[Person],
    to: str,
) -> None:
    left = {former["caucus"] for former in step.detail["former"]}
    stays = {seat.caucus_id for seat in others}
    with languages.use(languages.offered(one.person.languages)):
        names = [(one.id in left, languages.pick(one.names)) for one in caucuses if one.id not in stays]
        also = [(languages.pick(seat.caucus.names), seat.ngo.name) for seat in others]
    gone, alone = ([name for out, name in names if out is wanted] for wanted in (True, False))
    token = tokens.sign(Purpose.UNDO, step.id)
    about = ("representatives", one.id)
    letter = moving_letters.moved(one.person, one.ngo, gone, alone, token, asked=to, also=also)
    ledger.enqueue(letter, letters.to(one.person), about=about)
    for admin in admins:
        ledger.enqueue(moving_letters.who_follows(admin, one.ngo, one.person, caucuses), letters.to(admin), about=about)


def runs(step: AuditEntry) -> bool:
    """Whether they represent the organisation again that they left."""
    found = db.session.get(Representative, step.detail["representative"])
    return found is not None and any(one.id == found.id for one in representation.speaking(found.ngo))


def take_back(step: AuditEntry, *, by: Person | None) -> None:
    """Everything as it was before the move, but that nobody is administrator again by it; a request that is not answered
    yet is withdrawn.

    :raises MovedOn: the other organisation has given them a seat, or a membership has changed since.
    :raises caucusmail.directory.seating.SeatTaken: somebody else has one of the seats.
    :raises caucusmail.directory.representation.NoPlaceLeft: somebody else has taken the place.
    """
    request = db.session.get(SeatRequest, step.detail["request"]) if step.detail["request"] else None
    if request is not None and request.state is RequestState.GIVEN:
        raise MovedOn(
            _(
                "%(ngo)s has given you a seat since. Ask its administrator to end your term there first.",
                ngo=request.ngo.name,
            )
        )
    if request is not None and request.state is RequestState.OPEN:
        seat_requests.answer(request, RequestState.WITHDRAWN)
    one = representation.restore_term(step.detail["term"], by=by, power=False)
    for was in step.detail["alone"]:
        _sit_again(was, one.person_id)
    snapshots.put_back(one.person, step.detail["subscriptions"])
    copies.ready_again(one.person, step.detail["withdrawn"])
    for other in representation.speaking(one.ngo):
        if other.admin and other is not one:
            letter = moving_letters.stays(other.person, one.ngo, one.person)
            ledger.enqueue(letter, letters.to(other.person), about=("representatives", one.id))


def _sit_again(was: Alone, person_id: int) -> None:
    place, seat = db.session.get(Affiliation, was["affiliation"]), db.session.get(Seat, was["seat"])
    if place is None or seat is None or place.state is not AffiliationState.ACTIVE:
        raise MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    seating.take(seat, person_id, was["sat"])
    place.seat_id = seat.id
    db.session.flush()


def give(request: SeatRequest, *, by: Person) -> Representative:
    """Give who asked their seats: they speak for the organisation, are in and are served; and are written to. Flushes.

    :raises caucusmail.directory.seat_requests.NoLonger: it was answered or withdrawn.
    :raises caucusmail.directory.representation.NoPlaceLeft: the organisation has as many representatives as it may have.
    """
    lock(request.ngo)
    seat_requests.answer(request, RequestState.GIVEN)
    person, ngo = request.person, request.ngo
    made = representation.appoint(ngo, person, by=by)
    caucuses = [one for one in seat_requests.caucuses(request) if representation.has_seat(ngo, one)]
    for caucus in caucuses:
        seat = representation.seat(ngo, caucus, person)
        agreed = request.agreed[str(caucus.id)]
        consent.give(person, caucus, agreed, form="moving", asked_at=request.asked_at)
        if affiliation.activate(affiliation.wait(person, caucus, by=by), by=by, seat=seat):
            membership.subscribe(person, caucus, by=by)
    journal.record("seat-request.given", request, by, ngo=ngo.id, person=person.id)
    letter = moving_letters.given(person, ngo, caucuses)
    ledger.enqueue(letter, letters.to(person), about=("seat_requests", request.id))
    return made
