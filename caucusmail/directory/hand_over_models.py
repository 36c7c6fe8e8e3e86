"""Offers of seats to a successor."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.database import Key, Model
from caucusmail.directory.models import Representative


class OfferState(StrEnum):
    """Where an offer of seats stands."""

    OPEN = "open"
    ACCEPTED = "accepted"  # moves on its day
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # not answered in time, or on its day something stood in the way


WAITING = (OfferState.OPEN, OfferState.ACCEPTED)


class HandOver(Model):
    """Seats of an organisation that somebody is to take over from their holder."""

    __tablename__ = "hand_overs"
    id: Mapped[Key]
    representative_id: Mapped[int] = mapped_column(
        ForeignKey("representatives.id", ondelete="CASCADE"), index=True
    )  # the holder's
    seat_ids: Mapped[list[int]]
    name: Mapped[str] = mapped_column(String(200))  # of the successor; as what follows until it is done or over
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320), index=True)
    language: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(120), default="")
    words: Mapped[str] = mapped_column(Text, default="")  # of farewell, to the successor
    state: Mapped[OfferState] = mapped_column(default=OfferState.OPEN, index=True)
    due_at: Mapped[datetime | None]  # None: as soon as it is accepted
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    answered_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    agreed: Mapped[dict[str, str]] = mapped_column(default=dict)  # caucus id: fingerprint of the consent text

    representative: Mapped[Representative] = relationship()

    def by_holder(self) -> bool:
        """Whether whoever held the seats offered them, and not the organisation or the secretariat."""
        return self.asked_by_id == self.representative.person_id
