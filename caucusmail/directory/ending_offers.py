"""How an offer of seats ends without the seats moving: declined, withdrawn, or lapsed; what was typed of the successor is then deleted."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.delivery import forgetting, ledger, withdrawal
from caucusmail.delivery.ledger import To
from caucusmail.directory import hand_over_letters, representation
from caucusmail.directory.hand_over_models import WAITING, HandOver, OfferState
from caucusmail.errors import Conflict
from caucusmail.languages import _
from caucusmail.mail.rendering import Letter

ANSWER_WITHIN = timedelta(days=14)
NOTE = "withdrawn-offer"


class NoLonger(Conflict):
    """The offer was answered, withdrawn or has lapsed in the meantime."""


def answer(offered: HandOver, state: OfferState, was: OfferState = OfferState.OPEN) -> None:
    """Move an offer on; of two answers one counts.

    :raises NoLonger: it was answered or withdrawn this moment.
    """
    if not moved(
        HandOver,
        HandOver.id == offered.id,
        HandOver.state == was,
        state=state,
        answered_at=clock.now(),
    ):
        raise NoLonger(_("This was answered or withdrawn in the meantime. Nothing was changed now."))


def decline(offered: HandOver, was: OfferState = OfferState.OPEN, *, erased: Person | None = None) -> None:
    """The successor does not want to (any more: ``was``), or is ``erased``. Who asked is told, then without a name; name and address
    are forgotten.

    :raises NoLonger: it was answered or withdrawn.
    """
    name = "" if erased else offered.name
    answer(offered, OfferState.DECLINED, was)
    journal.record("hand-over.declined", offered, None, ngo=offered.representative.ngo_id)
    readers = askers(offered, erased)
    forget(offered)
    for one in readers:
        tell(one, offered, hand_over_letters.declined(one, offered.representative, name))


def askers(offered: HandOver, but: Person | None = None) -> Sequence[Person]:
    """Who is told what becomes of an offer: who made it; if they are gone (or ``but``), who looks after the organisation, or the
    holder."""
    asker = db.session.get(Person, offered.asked_by_id) if offered.asked_by_id else None
    if asker is not None and asker is not but:
        return [asker]
    speaking = representation.speaking(offered.representative.ngo)
    admins = [one.person for one in speaking if one.admin and one.person is not but]
    return admins or [one for one in [offered.representative.person] if one is not but]


def tell(reader: Person, offered: HandOver, letter: Letter) -> None:
    """Owe a letter about the seats of an offer."""
    to = To(reader.address, reader.name, reader.id, reader.zone)
    ledger.enqueue(letter, to, about=("representatives", offered.representative_id))


def withdraw(offered: HandOver, *, by: Person | None) -> None:
    """Take an offer back that is not done yet: its link opens nothing any more.

    :raises NoLonger: it was done, declined or withdrawn.
    """
    if not moved(HandOver, HandOver.id == offered.id, HandOver.state.in_(WAITING), state=OfferState.WITHDRAWN):
        raise NoLonger(_("This was answered or withdrawn in the meantime. Nothing was changed now."))
    withdrawal.withdraw(withdrawal.about("hand_overs", offered.id), NOTE)
    journal.record("hand-over.withdrawn", offered, by, ngo=offered.representative.ngo_id)
    forget(offered)


def forget(offered: HandOver) -> None:
    """Delete what was typed of the successor, here and in the letter that asked them."""
    blank = {"name": "", "address": "", "address_key": "", "title": "", "words": ""}
    db.session.execute(update(HandOver).where(HandOver.id == offered.id).values(blank))
    db.session.refresh(offered)
    forgetting.forget_about("hand_overs", select(HandOver.id).where(HandOver.id == offered.id))


def lapse_due() -> int:
    """Let offers lapse that nobody answered in time; how many."""
    late = db.session.scalars(
        select(HandOver).where(HandOver.state == OfferState.OPEN, HandOver.asked_at < clock.now() - ANSWER_WITHIN)
    ).all()
    for one in late:
        if moved(HandOver, HandOver.id == one.id, HandOver.state == OfferState.OPEN, state=OfferState.LAPSED):
            forget(one)
    return len(late)
