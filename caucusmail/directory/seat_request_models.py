"""Somebody asks an organisation for a seat: they have moved to it, and are known here."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.accounts.models import Person
from caucusmail.database import Key, Model
from caucusmail.directory.models import Ngo


class RequestState(StrEnum):
    """Where such a request stands."""

    OPEN = "open"
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class SeatRequest(Model):
    """A person asks to speak for an organisation, on seats of it."""

    __tablename__ = "seat_requests"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    ngo_id: Mapped[int] = mapped_column(ForeignKey("ngos.id", ondelete="CASCADE"), index=True)
    agreed: Mapped[dict[str, str]]  # caucus id: fingerprint of the consent text
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    ngo: Mapped[Ngo] = relationship()
