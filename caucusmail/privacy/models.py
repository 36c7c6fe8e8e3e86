"""What people asked about their data: an erasure that waits for its day, a request that the secretariat answers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.accounts.models import Person
from caucusmail.database import Key, Model


class Erasure(Model):
    """Somebody asked to be erased, and may still think again; the row goes with the person."""

    __tablename__ = "erasures"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    remember: Mapped[bool]  # keep the keyed fingerprint of the address, so that nobody puts it on a list again
    paused_id: Mapped[int | None]  # the journal's entry of the pause that came with it

    person: Mapped[Person] = relationship()


class Right(StrEnum):
    """What somebody may ask (GDPR, Articles 15 to 18 and 21)."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    OBJECTION = "objection"


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    IDENTITY = "waiting-for-identity"  # it is not sure yet who asks; the clock goes on
    DONE = "done"
    REFUSED = "refused"


class DataRequest(Model):
    """Somebody asked about their data, by mail or otherwise; or did it by themselves, which is noted as done."""

    __tablename__ = "data_requests"
    __table_args__ = (
        CheckConstraint("state NOT IN ('done', 'refused') OR closed_at IS NOT NULL", "closed_at_a_time"),
        Index("ix_data_requests_state_due_on", "state", "due_on"),
    )
    id: Mapped[Key]
    right: Mapped[Right]
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    own: Mapped[bool] = mapped_column(default=False)  # done by the person, without anybody's help
    asker_sealed: Mapped[str] = mapped_column(
        Text, default=""
    )  # who asks and how to answer them (``privacy.requests``)
    received_on: Mapped[str] = mapped_column(String(10))  # ISO 8601, as all days here
    due_on: Mapped[str] = mapped_column(String(10))
    extended_at: Mapped[datetime | None]
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    reminded: Mapped[int] = mapped_column(default=0)  # how many of the reminders were written
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )  # who asks, where they are known
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    refusal: Mapped[str] = mapped_column(Text, default="")  # why it was refused, as they were told


class RetentionRun(Model):
    """One day of one rule of forgetting (``privacy.rules``): when it last ran, and how many it forgot that day."""

    __tablename__ = "retention_runs"
    rule: Mapped[str] = mapped_column(String(32), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    number: Mapped[int]
    failed: Mapped[bool] = mapped_column(default=False)  # it broke off when it last ran
