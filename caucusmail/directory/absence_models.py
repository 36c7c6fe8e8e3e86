"""Absences: for a time a representative's seats are looked after by a deputy of the same organisation."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.accounts.models import Person
from caucusmail.database import Key, Model
from caucusmail.directory.models import Representative


class AbsenceState(StrEnum):
    """Where an absence stands. Only an accepted one, between its two moments, moves a letter."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"  # before its time, by whom it concerns
    LAPSED = "lapsed"  # over before anybody answered


OPEN = (AbsenceState.OFFERED, AbsenceState.ACCEPTED)


class Absence(Model):
    """From when until when a deputy stands in for the seats that a representative holds in one organisation."""

    __tablename__ = "absences"
    __table_args__ = (CheckConstraint("ends_at > begins_at", "ends_after_it_begins"),)
    id: Mapped[Key]
    representative_id: Mapped[int] = mapped_column(ForeignKey("representatives.id", ondelete="CASCADE"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    begins_at: Mapped[datetime]  # the first moment of a day in the holder's zone, as what follows
    ends_at: Mapped[datetime]  # from here on letters come to the holder again
    state: Mapped[AbsenceState] = mapped_column(default=AbsenceState.OFFERED, index=True)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )  # None while ended: the deputy could no longer stand in
    unattended_at: Mapped[datetime | None]  # when the coordinators were told that the deputy is not there either
    caught_up_at: Mapped[datetime | None]  # when the holder was written what was announced meanwhile

    representative: Mapped[Representative] = relationship()  # the holder
    deputy: Mapped[Person] = relationship(foreign_keys=[deputy_id])
