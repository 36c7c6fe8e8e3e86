"""What came in: one message for one recipient, as it came, until it is judged and for a while after."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from caucusmail.database import Key, Model


class Fate(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    DONE = "done"
    ASIDE = "aside"  # it could not be understood, or not be handled: for a person to look at
    SEEN = "seen"  # it lay aside, and a person has looked


class Received(Model):
    """One message for one recipient. Kept before 250 is said, so that nothing that we took over is ever lost.

    The three columns that are unique together make one row of a message that the mail server hands over again because
    it never heard our 250.
    """

    __tablename__ = "received"
    __table_args__ = (
        UniqueConstraint("recipient", "message_id", "body_hash"),
        Index("ix_received_fate_id", "fate", "id"),
    )
    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    recipient: Mapped[str] = mapped_column(String(320))  # of the envelope
    sender: Mapped[str] = mapped_column(String(320), default="")  # of the envelope; "" is the null path
    message_id: Mapped[str] = mapped_column(String(255), default="")
    body_hash: Mapped[str] = mapped_column(String(64))
    raw: Mapped[bytes] = deferred(mapped_column(LargeBinary))  # with CRLF line endings, and no other

    fate: Mapped[Fate] = mapped_column(default=Fate.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(64), default="")  # in the house's words (``handling.Outcome``)
    detail: Mapped[str] = mapped_column(String(500), default="")
