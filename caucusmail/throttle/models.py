"""Counts of tries."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caucusmail.database import Key, Model


class Tally(Model):
    """How often one thing was tried by one key since a moment. Keys are fingerprints: no address and no network is kept."""

    __tablename__ = "tallies"
    __table_args__ = (UniqueConstraint("kind", "key_fingerprint"),)
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(32))
    key_fingerprint: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=1)
