"""wear(): what a letter said and what servers answered goes after 90 days; that it was sent, and what became of it, stays.

The words are needed as long as a letter may have to be made again, or is read behind a discreet copy. The texts of
announcements stay: they are their caucus's.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from caucusmail import clock
from caucusmail.database import AT_ONCE, db
from caucusmail.delivery.locking import unlocked
from caucusmail.delivery.models import DUE, Delivery, DeliveryState, Lane, OutgoingMessage, OutgoingText

KEPT = timedelta(days=90)


def wear() -> int:
    """Blank some of the words of the oldest letter that still has them; how many rows, with the letter itself."""
    old = (OutgoingMessage.worn_at.is_(None), OutgoingMessage.made_at < clock.now() - KEPT, ~_still_open())
    first = select(OutgoingMessage).where(*old).order_by(OutgoingMessage.made_at, OutgoingMessage.id).limit(1)
    message = db.session.scalar(first)
    if message is None:
        return 0
    said = or_(Delivery.reply != "", Delivery.bounce_words.is_not(None))
    some = select(Delivery.id).where(Delivery.message_id == message.id, said).order_by(Delivery.id).limit(AT_ONCE)
    rows = _changed(update(Delivery).where(unlocked(Delivery.id.in_(some))).values(reply="", bounce_words=None))
    if rows < AT_ONCE:
        message.worn_at = clock.now()
        if message.lane is Lane.TRANSACTIONAL:
            _changed(update(OutgoingText).where(OutgoingText.message_id == message.id).values(raw=b"", words={}))
    return rows + 1


def _still_open() -> Any:
    waits = Delivery.state.in_((*DUE, DeliveryState.IN_FLIGHT))
    return select(Delivery.id).where(Delivery.message_id == OutgoingMessage.id, waits).exists()


def _changed(statement: Any) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
