"""A hand-over that waits for its day ends without being done: withdrawn, or given up by the successor, or something stands in the way."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from caucusmail.accounts.models import Person
from caucusmail.database import db, moved
from caucusmail.directory import ending_offers, hand_over_letters, hand_overs
from caucusmail.directory.ending_offers import NoLonger
from caucusmail.directory.hand_over_models import WAITING, HandOver, OfferState
from caucusmail.directory.models import Representative
from caucusmail.groups import telling_hand_overs


def withdraw(offered: HandOver, *, by: Person | None) -> Person | None:
    """Take an offer back that is not done yet; who had said yes to it is told, and returned.

    :raises NoLonger: it was done, declined or withdrawn.
    """
    expects = db.session.get(Person, offered.successor_id or 0) if offered.state is OfferState.ACCEPTED else None
    ending_offers.withdraw(offered, by=by)
    if expects is not None:
        telling_hand_overs.withdrawn(offered, expects)
    return expects


def lapse(offered: HandOver, why: str) -> None:
    """Something stands in the way of what was accepted: it is not done, and who asked is told ``why``."""
    if not moved(HandOver, HandOver.id == offered.id, HandOver.state == OfferState.ACCEPTED, state=OfferState.LAPSED):
        return
    for one in ending_offers.askers(offered):
        letter = hand_over_letters.in_the_way(one, offered.representative, offered.name, why)
        ending_offers.tell(one, offered, letter)
    ending_offers.forget(offered)


def expected(person: Person) -> Sequence[HandOver]:
    """The hand-overs to which ``person`` has said yes, and whose day is still to come."""
    return db.session.scalars(
        select(HandOver)
        .where(HandOver.successor_id == person.id, HandOver.state == OfferState.ACCEPTED)
        .order_by(HandOver.id)
    ).all()


def leave(person: Person, caucus_ids: Collection[int] | None = None) -> list[str]:
    """Who leaves these caucuses (None: everything) does not want seats there on a later day either: their yes becomes a no. Of which
    organisations, by name."""
    ended = []
    for offered in expected(person):
        if caucus_ids is None or {seat.caucus_id for seat in hand_overs.caucuses(offered)} & set(caucus_ids):
            try:
                ending_offers.decline(offered, OfferState.ACCEPTED)
            except NoLonger:
                continue  # done, or withdrawn, at this very moment
            ended.append(offered.representative.ngo.name)
    return ended


def erase(person: Person) -> None:
    """Before ``person`` is erased: what was to come to them, or to go from their own seats, ends, and whom it concerns is told, without
    their name. What they offered of others' seats stays."""
    own = select(HandOver).join(HandOver.representative).where(Representative.person_id == person.id)
    for offered in db.session.scalars(own.where(HandOver.state.in_(WAITING)).order_by(HandOver.id)).all():
        withdraw(offered, by=None)
    for offered in hand_overs.meant_for(person):
        ending_offers.decline(offered, offered.state, erased=person)


def has_left(offered: HandOver, successor: Person) -> bool:
    """Whether the successor has left everything since they said yes, or waits for their erasure."""
    said, left = offered.answered_at, successor.left_at
    return successor.goes_at is not None or (left is not None and said is not None and left > said)
