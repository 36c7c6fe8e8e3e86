"""Copies that lay ready for one person are owed to another instead: of each message one, and none to who has one already."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from caucusmail import database, languages
from caucusmail.database import db
from caucusmail.delivery import covers, discreet, ledger, notice
from caucusmail.delivery.ledger import DELIVER, To
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage, OutgoingText
from caucusmail.mail import addresses, headers


def hand_on(copies: Mapping[int, str], to: To, chain: Sequence[str]) -> list[int]:
    """Owe ``to`` a copy of each message of which ``copies`` (ids of rows that were withdrawn, and why theirs comes) are, in the
    first language of ``chain`` that the message has; the ids of the new rows. Flushes.

    Who has had a copy of a message, or has one still, gets no other; nothing of a message that was stopped is owed.
    """
    had = select(Delivery.message_id).where(Delivery.person_id == to.person_id)
    rows = db.session.execute(
        select(Delivery, OutgoingMessage)
        .join(OutgoingMessage, OutgoingMessage.id == Delivery.message_id)
        .where(Delivery.id.in_(copies), Delivery.message_id.notin_(had), OutgoingMessage.stopped_at.is_(None))
        .order_by(Delivery.id)
    ).all()
    version, quiet = ledger.wishes(to.person_id)
    made = []
    for row, message in rows:
        new = Delivery(
            message_id=message.id,
            person_id=to.person_id,
            lane=row.lane,
            name=to.name,
            address=to.address,
            address_key=addresses.key(to.address),
            language=_edition(message, chain, row.language, quiet=quiet),
            zone=to.zone,
            why=copies[row.id],
            settings_version=version,
            due_at=row.due_at,
        )
        db.session.add(new)
        made.append(new)
        db.session.flush()
        if addresses.covered(new.address_key):
            covers.hold_back(message)
        database.wake(DELIVER[row.lane])
    return [one.id for one in made]


def without_one(copies: Sequence[int], person_id: int) -> list[int]:
    """Those of ``copies`` (ids) of whose message this person has had no copy, and has none that is still to leave."""
    has = select(Delivery.message_id).where(Delivery.person_id == person_id, Delivery.state != DeliveryState.WITHDRAWN)
    return list(
        db.session.scalars(
            select(Delivery.id).where(Delivery.id.in_(copies), Delivery.message_id.notin_(has)).order_by(Delivery.id)
        )
    )


def _edition(message: OutgoingMessage, chain: Sequence[str], was: str, *, quiet: bool) -> str:
    """The version that the reader is given: of those that were compiled, in the first of their languages, else in that of the copy
    that ``was``; a notice if that was one and there is one."""
    kept = set(db.session.scalars(select(OutgoingText.language).where(OutgoingText.message_id == message.id)))
    whole = sorted(key for key in kept if discreet.plain(key) == key)
    fitting = (key for code in chain for key in whole if key.partition("+")[0] == code)
    plain = next((code for code in chain if code in whole), None) or next(fitting, discreet.plain(was))
    if not quiet:
        return notice.key(plain) if notice.is_notice(was) and notice.key(plain) in kept else plain
    if discreet.key(plain) not in kept:
        frame = languages.offered([plain.partition("+")[2] or plain])
        raw = discreet.compile_in(frame, headers.of_letter(), leaves=False)
        ledger.add_text(message, discreet.key(plain), raw, {"frame": frame})
    return discreet.key(plain)
