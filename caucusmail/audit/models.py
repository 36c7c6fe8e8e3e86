"""The journal, and what the jobs last did."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caucusmail.database import Key, Model


class AuditEntry(Model):
    """Who did what to what, when, and why if a reason was asked. Never holds a secret or an address; changed only to
    forget a person (``audit.personal``)."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject_kind", "subject_id"),)
    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    verb: Mapped[str] = mapped_column(String(64))  # "application.approved"
    subject_kind: Mapped[str] = mapped_column(String(32))  # table name
    subject_id: Mapped[int | None]
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )  # None: the house itself, or a stranger
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Heartbeat(Model):
    """When a part of the house was last seen at work."""

    __tablename__ = "heartbeats"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)  # "jobs", "relay"
    at: Mapped[datetime]
    since: Mapped[datetime]  # when it first said what it says now
    detail: Mapped[str] = mapped_column(String(500), default="")
