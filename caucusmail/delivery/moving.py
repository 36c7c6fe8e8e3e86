"""A person changed their address: what is still owed to them goes to the new one."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery.locking import in_order
from caucusmail.delivery.models import DUE, Delivery, OutgoingMessage
from caucusmail.mail import addresses

ABOUT_THE_ACCOUNT = "accounts/"
"""Kinds of letters that are for the mailbox they were written to: links to sign in, notices of a change."""


def move(person_id: int, left: Collection[str], address: str) -> int:
    """Have what has not begun and is owed to ``person_id`` at one of the address keys ``left`` leave for ``address``; how many.

    A row that a worker has claimed is moved too: it looks at the address once more before the content leaves
    (``delivery.outgoing``), and what has begun is not touched. Letters about the account stay where they are.
    """
    own = select(OutgoingMessage.id).where(OutgoingMessage.kind.startswith(ABOUT_THE_ACCOUNT))
    parsed = addresses.parse(address)
    result: Any = db.session.execute(
        update(Delivery)
        .where(
            in_order(
                Delivery.person_id == person_id,
                Delivery.state.in_(DUE),
                Delivery.address_key.in_(left),
                Delivery.message_id.notin_(own),
            )
        )
        .values(address=parsed.text, address_key=parsed.key, moved_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )
    return int(result.rowcount)
