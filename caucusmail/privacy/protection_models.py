"""That somebody is protected, and what was taken out of the tables for as long as they are: sealed, each value with its place."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.accounts.models import Person, Shelter
from caucusmail.database import Key, Model


class How(StrEnum):
    """Who may protect somebody."""

    SELF = "self"
    ADMINISTRATOR = "administrator"  # of an organisation that they speak for
    TWO = "two"  # a coordinator asked, a second person agreed


class Protection(Model):
    """Somebody is protected, from a moment, until a moment or until it is lifted."""

    __tablename__ = "protections"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > begun_at", "ends_after_it_begins"),
        Index(
            "uq_protections_one_open",
            "person_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
            sqlite_where=text("lifted_at IS NULL"),
        ),
        Index(
            "ix_protections_until",
            "until",
            postgresql_where=text("lifted_at IS NULL"),
            sqlite_where=text("lifted_at IS NULL"),
        ),
    )
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)  # of chance: what people call it by
    stands_for: Mapped[str] = mapped_column(String(60))  # the made-up name that stands where theirs did
    shelter: Mapped[Shelter]
    begun_at: Mapped[datetime]
    until: Mapped[datetime | None]  # None: until it is lifted
    how: Mapped[How]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    undo_until: Mapped[datetime]  # by whoever began it
    lifted_at: Mapped[datetime | None]
    numbers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what was done (``privacy.receipts``)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class SealedValue(Model):
    """What stood in one column of some rows before, sealed; deleted when it is put back (``privacy.sealed``)."""

    __tablename__ = "sealed_values"
    id: Mapped[Key]
    protection_id: Mapped[int] = mapped_column(ForeignKey("protections.id", ondelete="CASCADE"), index=True)
    table_name: Mapped[str] = mapped_column(String(64))
    column_name: Mapped[str] = mapped_column(String(64))
    row_keys: Mapped[list[Any]] = mapped_column(JSON)  # the rows in which just this value stood
    sealed: Mapped[str] = mapped_column(Text)
    left: Mapped[str] = mapped_column(String(64))  # keyed fingerprint of what was put in its place
