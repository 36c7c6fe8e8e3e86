"""Somebody who keeps a caucus asks that one of its members be protected, and another one has to agree."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.accounts.models import Person
from caucusmail.database import Key, Model
from caucusmail.directory.models import Caucus


class AskingState(StrEnum):
    """What became of it; one that nobody answered in time stays open and counts no more."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ProtectionAsking(Model):
    """That a member be protected, asked in one caucus; one open at a time for each person."""

    __tablename__ = "protection_askings"
    __table_args__ = (
        CheckConstraint("state = 'open' OR answered_at IS NOT NULL", "answered_at_a_time"),
        Index(
            "uq_protection_askings_open",
            "person_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
    )
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    caucus_id: Mapped[int] = mapped_column(ForeignKey("caucuses.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    state: Mapped[AskingState] = mapped_column(default=AskingState.OPEN)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    answered_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    caucus: Mapped[Caucus] = relationship()
