"""What the way in knows of a person: what came from them, and what came back from where they were written to."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select

from caucusmail import settings
from caucusmail.accounts.models import Person, SecondAddress
from caucusmail.database import db
from caucusmail.delivery import discreet
from caucusmail.delivery.models import Delivery, OutgoingMessage
from caucusmail.inbound.models import Received
from caucusmail.mail import organizers, verp

AT_ONCE = 200  # return paths in one statement


def export(person: Person) -> dict[str, Any]:
    """Every message that is kept, with what became of it; its words are the sender's to show."""
    found: dict[int, Received] = {}
    for theirs in _theirs(person):
        found |= {row.id: row for row in db.session.scalars(select(Received).where(theirs))}
    return {
        "received": [
            {"at": row.at.isoformat(), "from": row.sender, "to": row.recipient, "outcome": row.outcome}
            for _number, row in sorted(found.items())
        ]
    }


def erase(person: Person) -> None:
    """Delete these messages, judged or not. Before the ledger forgets whose its copies were."""
    for theirs in _theirs(person):
        db.session.execute(delete(Received).where(theirs).execution_options(synchronize_session=False))


def _theirs(person: Person) -> Iterator[ColumnElement[bool]]:
    """Conditions, each of which holds for messages of this person: sent from their addresses, or about copies of theirs."""
    second = select(SecondAddress.address_key).where(SecondAddress.person_id == person.id)
    yield or_(func.lower(Received.sender) == person.address_key, func.lower(Received.sender).in_(second))
    mac = "_" * 2 * organizers.MAC_BYTES  # LIKE: any one character each
    mailbox = f"%{organizers.INFIX}%-{person.id:x}-{mac}@{settings.current().mail_domain}"
    yield func.lower(Received.recipient).like(mailbox)
    copies = db.session.execute(
        select(Delivery.id, Delivery.language, OutgoingMessage.sender)
        .join(OutgoingMessage, OutgoingMessage.id == Delivery.message_id)
        .where(Delivery.person_id == person.id)
    ).all()
    paths = [verp.return_path(discreet.sender(language, sender), row_id) for row_id, language, sender in copies]
    for start in range(0, len(paths), AT_ONCE):
        yield func.lower(Received.recipient).in_(paths[start : start + AT_ONCE])
