"""What the house has written to somebody, as it stands in the ledger: no socket needed to read it."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy import select

from caucusmail.accounts import signing_in
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, OutgoingText
from caucusmail.directory import reminders
from caucusmail.mail import addresses


def written() -> None:
    """Let the jobs write what was asked for."""
    with transaction():
        signing_in.write_asked()
        reminders.remind_due()


def to(address: str) -> list[EmailMessage]:
    """The letters owed to ``address``, the oldest first, as they will be sent (slots still open)."""
    written()
    rows = db.session.scalars(
        select(OutgoingText.raw)
        .join(Delivery, (Delivery.message_id == OutgoingText.message_id) & (Delivery.language == OutgoingText.language))
        .where(Delivery.address_key == addresses.key(address))
        .order_by(Delivery.id)
    )
    return [message_from_bytes(raw, policy=policy.default) for raw in rows]


def text(letter: EmailMessage) -> str:
    """The plain part."""
    part = letter.get_body(("plain",))
    assert part is not None
    return part.get_content()


def link(letter: EmailMessage, path: str) -> str:
    """The path of the first link whose path begins with ``path``."""
    found = re.search(rf"https?://[^/\s]+(\S*{re.escape(path)}\S*)", text(letter))
    assert found, text(letter)
    return found[1]


def code(letter: EmailMessage) -> str:
    """The typed code."""
    found = re.search(r"\b(\d{3}-\d{3}|\d{4}-\d{4})\b", text(letter))
    assert found, text(letter)
    return found[0]
