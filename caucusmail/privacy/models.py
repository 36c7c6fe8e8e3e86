"""What people asked about their data: an erasure that waits for its day."""

from datetime import datetime

from sqlalchemy import ForeignKey
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
