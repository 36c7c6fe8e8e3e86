"""The yearly question to each organisation whether its people and seats are still true: rounds, and who was asked in them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.database import Key, Model
from caucusmail.directory.models import Ngo


class Answered(StrEnum):
    """What an organisation has answered in a round."""

    WAITING = "waiting"  # nothing
    CONFIRMED = "confirmed"  # all still true
    CHANGED = "changed"  # somebody has gone, or something else is different


class YearlyRound(Model):
    """One time that all organisations are asked."""

    __tablename__ = "yearly_rounds"
    __table_args__ = (CheckConstraint("closes_at IS NULL OR closes_at > begun_at", "closes_after_it_begins"),)
    id: Mapped[Key]
    begins_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]  # None: planned
    closes_at: Mapped[datetime | None]  # the report is written then; an answer counts also later
    closed_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)


class YearlyAnswer(Model):
    """One organisation in one round: when it is written to next, and what it has answered."""

    __tablename__ = "yearly_answers"
    __table_args__ = (UniqueConstraint("round_id", "ngo_id"),)
    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("yearly_rounds.id", ondelete="CASCADE"))
    ngo_id: Mapped[int] = mapped_column(ForeignKey("ngos.id", ondelete="CASCADE"), index=True)
    state: Mapped[Answered] = mapped_column(default=Answered.WAITING)
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # the next letter; None: no more
    letters: Mapped[int] = mapped_column(default=0)
    written_at: Mapped[datetime | None]  # the last one
    unreached: Mapped[bool] = mapped_column(default=False)  # there was nobody to write to
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")  # what else has changed, for the secretariat

    round: Mapped[YearlyRound] = relationship()
    ngo: Mapped[Ngo] = relationship()
