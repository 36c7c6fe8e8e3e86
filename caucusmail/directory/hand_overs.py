"""A seat's holder, or who looks after the organisation, names a successor: the offer, until it is answered.

Nobody's seat moves here: that is ``groups.handing_over``, once the successor has said yes. An open offer bars others of its seats.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from caucusmail import clock, tokens
from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, lock
from caucusmail.delivery import ledger, suppression
from caucusmail.delivery.ledger import To
from caucusmail.directory import hand_over_letters, inviting, joining, keeping, lookalikes, several_seats
from caucusmail.directory.ending_offers import ANSWER_WITHIN
from caucusmail.directory.hand_over_models import WAITING, HandOver, OfferState
from caucusmail.directory.models import Ngo, Representative, Seat
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotFound, TooMany
from caucusmail.languages import _
from caucusmail.mail import addresses
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from caucusmail.tokens import BadToken, Purpose

WAY_BACK = timedelta(days=30)
FARTHEST = timedelta(days=366)
LETTERS_PER_ADDRESS = Limit("hand-over-letter", 3, timedelta(days=1))  # by one organisation
LETTERS_IN_ALL = Limit(
    "hand-over-letter-all", 6, timedelta(days=1)
)  # to one address; nobody is told, for it tells of others
LETTERS_PER_PERSON = Limit("hand-over-asked", 10, timedelta(days=1))


@dataclass(frozen=True)
class Successor:
    """Who is to take over, as it was typed; which seats, from when, and with what words."""

    name: str
    address: str
    language: str
    seat_ids: Sequence[int]
    title: str = ""
    words: str = ""
    due_at: datetime | None = None


class NoSeats(Invalid):
    """No seat was chosen, or one that is not the holder's."""


class BadDay(Invalid):
    """The day is past, or more than a year ahead."""


class OfferedAlready(Conflict):
    """One of these seats is offered to somebody who may still answer."""


def representative(by: Viewer, ngo_id: int, representative_id: int) -> Representative:
    """One whose seats ``by`` may hand over: their own, or those of an organisation they look after.

    :raises NotFound: there is none, or it is none of the viewer's business.
    """
    found = db.session.get(Representative, representative_id)
    if found is None or found.ngo_id != ngo_id:
        raise NotFound
    may = by.secretariat or ngo_id in by.administers or found.person_id == by.id
    if not may or (found.until is not None and found.until <= clock.now()):
        raise NotFound
    return found


def own_term(person: Person, representative_id: int) -> Representative:
    """A running term of ``person`` themselves.

    :raises NotFound: there is none like this.
    """
    found = db.session.get(Representative, representative_id)
    if found is None or found.person_id != person.id or (found.until is not None and found.until <= clock.now()):
        raise NotFound
    return found


def seats(holder: Representative) -> Sequence[Seat]:
    """The seats that this representative holds now, by id."""
    return db.session.scalars(
        select(Seat)
        .where(Seat.ngo_id == holder.ngo_id, Seat.holder_id == holder.person_id, Seat.until.is_(None))
        .options(joinedload(Seat.caucus))
        .order_by(Seat.id)
    ).all()


def of_person(person: Person) -> Sequence[Representative]:
    """In which capacities a person holds seats that could be handed over, by organisation."""
    held = select(Seat.ngo_id).where(Seat.holder_id == person.id, Seat.until.is_(None))
    serving = Representative.until.is_(None) | (Representative.until > clock.now())
    return db.session.scalars(
        select(Representative)
        .where(Representative.person_id == person.id, Representative.ngo_id.in_(held), serving)
        .options(joinedload(Representative.ngo))
        .order_by(Representative.ngo_id)
    ).all()


def waiting(holders: Collection[Representative]) -> Sequence[HandOver]:
    """The offers of these holders' seats that are open, or accepted for a later day; the oldest first."""
    return db.session.scalars(
        select(HandOver)
        .where(HandOver.representative_id.in_([one.id for one in holders]), HandOver.state.in_(WAITING))
        .options(joinedload(HandOver.representative).joinedload(Representative.person))
        .order_by(HandOver.id)
    ).all()


def meant_for(person: Person) -> Sequence[HandOver]:
    """The offers that ``person`` is asked about, or has said yes to for a later day; of those who share a mailbox each has their own."""
    keys = [addresses.key(one) for one in accounts.addresses_of(person)]
    found = db.session.scalars(
        select(HandOver)
        .where(
            HandOver.state.in_(WAITING),
            (HandOver.successor_id == person.id) | (HandOver.successor_id.is_(None) & HandOver.address_key.in_(keys)),
        )
        .order_by(HandOver.id)
    )
    return [one for one in found if person in joining.meant(one.successor_id, one)]


def lately(ngo: Ngo) -> Sequence[HandOver]:
    """The offers of an organisation's seats that wait, and those that were done within the last 30 days; the oldest first."""
    since = clock.now() - WAY_BACK
    return db.session.scalars(
        select(HandOver)
        .join(HandOver.representative)
        .where(
            Representative.ngo_id == ngo.id,
            HandOver.state.in_(WAITING) | ((HandOver.done_at > since) & HandOver.successor_id.is_not(None)),
        )
        .options(contains_eager(HandOver.representative).joinedload(Representative.person))
        .order_by(HandOver.id)
    ).all()


def offer(holder: Representative, to: Successor, *, by: Person) -> HandOver:
    """Write to a successor, who may accept or decline. Flushes for the id.

    :raises caucusmail.mail.addresses.BadAddress: it cannot be an address.
    :raises NoSeats, BadDay: see there.
    :raises OfferedAlready: one of these seats is offered to somebody.
    :raises caucusmail.directory.keeping.LastCoordinator: the holder alone coordinates one of these caucuses.
    :raises caucusmail.directory.representation.NoPlaceLeft: the holder keeps a seat, and there is no place for one more.
    :raises TooMany: too many such letters were asked for.
    """
    parsed = addresses.parse(to.address)
    theirs = f"{holder.ngo_id}:{parsed.key}"
    if not limits.hit(LETTERS_PER_PERSON, str(by.id)) or not limits.hit(LETTERS_PER_ADDRESS, theirs):
        raise TooMany(_("Several such letters were written today. Please try again tomorrow."))
    lock(holder.ngo)
    chosen = _chosen(holder, to, parsed.key)
    _refuse_holder(holder.person, to, parsed.key, by)
    made = HandOver(
        representative_id=holder.id,
        seat_ids=[seat.id for seat in chosen],
        name=to.name,
        address=parsed.text,
        address_key=parsed.key,
        language=to.language,
        title=to.title,
        words=to.words,
        due_at=to.due_at,
        asked_at=clock.now(),
        asked_by_id=by.id,
    )
    db.session.add(made)
    journal.record("hand-over.offered", made, by, ngo=holder.ngo_id, person=holder.person_id, seats=made.seat_ids)
    letter = hand_over_letters.offered(
        holder, to.language, [seat.caucus for seat in chosen], _token(made), made.asked_at + ANSWER_WITHIN
    )
    if not suppression.left_alone(parsed.text) and limits.spend(LETTERS_IN_ALL, parsed.key):
        ledger.enqueue(letter, To(parsed.text), about=("hand_overs", made.id))
    return made


def _token(made: HandOver) -> str:
    return tokens.sign(Purpose.HAND_OVER, made.id)


def _chosen(holder: Representative, to: Successor, key: str) -> Sequence[Seat]:
    held, now = seats(holder), clock.now()
    chosen = [seat for seat in held if seat.id in to.seat_ids]
    if not chosen or len(chosen) != len(set(to.seat_ids)):
        raise NoSeats("seats", _("Tick at least one seat. One that is not on the list was given up in the meantime."))
    if to.due_at is not None and not now - timedelta(days=1) < to.due_at <= now + FARTHEST:
        raise BadDay("day", _("This day is past, or more than a year ahead. Leave it empty to hand over at once."))
    for one in waiting([holder]):
        if set(one.seat_ids) & {seat.id for seat in chosen}:
            raise OfferedAlready(
                _("One of these seats is offered to %(name)s already. Withdraw that offer first.", name=one.name)
            )
    keeping.refuse_last(holder.person, several_seats.without(holder.person, chosen))
    if len(chosen) < len(held):
        inviting.refuse_beyond_places(holder.ngo, key)
    return chosen


def _refuse_holder(holder: Person, to: Successor, key: str, by: Person) -> None:
    """Nobody hands seats to themselves. Which further addresses somebody reads is told to nobody else: there the yes is refused."""
    asked_of_own = by.id == holder.id or key == holder.address_key
    if asked_of_own and known(to.name, key) is holder:
        raise Invalid("address", _("This is who holds the seats now. Name somebody else."))


def known(name: str, address_key: str) -> Person | None:
    """Who reads at this address under that name, if we know them."""
    readers = accounts.reached_at(address_key)
    same = next((one for one in readers if lookalikes.plain(one.name) == lookalikes.plain(name)), None)
    return same or next((one for one in readers if lookalikes.same_person(one.name, name)), None)


def read(token: str) -> HandOver:
    """What the link in the letter to a successor is about, in whatever state.

    :raises BadToken: forged, or older than the offer could be answered.
    """
    (number,) = tokens.read(Purpose.HAND_OVER, token, 1)
    found = db.session.get(HandOver, number)
    if found is None or found.state in (OfferState.WITHDRAWN, OfferState.LAPSED):
        raise BadToken
    if found.state is OfferState.OPEN and clock.now() - found.asked_at > ANSWER_WITHIN:
        raise BadToken
    joining.refuse_old(token, found.successor_id, found)
    return found


def own(by: Viewer, ngo_id: int, hand_over_id: int) -> HandOver:
    """An offer that ``by`` may withdraw, or a hand-over they may take back: the organisation's, or what they offered of their own.

    :raises NotFound: there is none, or it is none of the viewer's business.
    """
    found = db.session.get(HandOver, hand_over_id)
    if found is None or found.representative.ngo_id != ngo_id:
        raise NotFound
    theirs = found.by_holder() and found.representative.person_id == by.id
    if not (by.secretariat or ngo_id in by.administers or theirs):
        raise NotFound
    return found


def caucuses(offered: HandOver) -> Sequence[Seat]:
    """The seats of an offer, by id, with their caucuses."""
    return db.session.scalars(
        select(Seat).where(Seat.id.in_(offered.seat_ids)).options(joinedload(Seat.caucus)).order_by(Seat.id)
    ).all()


def present(offered: HandOver) -> bool:
    """Whether the holder still sits on all of these seats."""
    held = {seat.id for seat in seats(offered.representative)}
    return set(offered.seat_ids) <= held
