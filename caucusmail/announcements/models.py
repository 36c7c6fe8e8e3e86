"""Announcements, their texts by language, who they are meant for and who was left out and why."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.accounts.models import Person
from caucusmail.database import Key, Model
from caucusmail.directory.models import Caucus
from caucusmail.meetings.models import Meeting


class AnnouncementKind(StrEnum):
    """What it announces."""

    NOTICE = "notice"  # no meeting
    MEETING = "meeting"
    CHANGE = "change"  # of a meeting that was announced
    CORRECTION = "correction"


FOLLOWING = (AnnouncementKind.CHANGE, AnnouncementKind.CORRECTION)
"""Kinds that tell those who were sent an announcement what is different: they ask for nothing that was not asked."""


class AnnouncementState(StrEnum):
    """Where an announcement stands. CONFIRMED: its audience is frozen, it is held for the undo window or until its time."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"
    CANCELLED = "cancelled"  # taken back before the first copy left


class Announcement(Model):
    """One message to a chosen audience."""

    __tablename__ = "announcements"
    __table_args__ = (
        Index("ix_announcements_state_release_at", "state", "release_at"),
        CheckConstraint("state = 'draft' OR state = 'cancelled' OR release_at IS NOT NULL", "released_at_a_time"),
    )
    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(24), unique=True)  # in its web address; not guessable
    caucus_id: Mapped[int] = mapped_column(ForeignKey("caucuses.id", ondelete="CASCADE"), index=True)  # in whose name
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    kind: Mapped[AnnouncementKind]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="SET NULL"), index=True)
    sketch: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # scheduling.sketch: a meeting of which times are missing
    changes: Mapped[list[int]] = mapped_column(default=list)  # of a meeting, that it tells: ids, the oldest first
    correction: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # of a correction: what it corrects, as it reads now
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("announcements.id", ondelete="SET NULL"))
    state: Mapped[AnnouncementState] = mapped_column(default=AnnouncementState.DRAFT)
    audience: Mapped[dict[str, Any]] = mapped_column(default=dict)  # audience.Audience as JSON
    for_newcomers: Mapped[bool] = mapped_column(
        default=False
    )  # what it is copied from (corrects_id), to who joined since
    public: Mapped[bool] = mapped_column(default=False)  # its web copy may be read by anyone with the address
    urgent: Mapped[bool] = mapped_column(default=False)  # its copies go before those of other announcements
    made_at: Mapped[datetime]
    revised_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)  # two tabs: the older one is refused, nothing lost
    tested_at: Mapped[datetime | None]  # a test letter of this revision was sent to its author
    scheduled_for: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    release_at: Mapped[datetime | None]  # end of the undo window, or the scheduled time
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # sent, stopped or cancelled
    message_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing_messages.id", ondelete="SET NULL"), unique=True)
    audience_digest: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 over the frozen list
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # audience.Estimate at freezing, as JSON

    caucus: Mapped[Caucus] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])


class AnnouncementText(Model):
    """One language version."""

    __tablename__ = "announcement_texts"
    __table_args__ = (UniqueConstraint("announcement_id", "language"),)
    id: Mapped[Key]
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)  # Markdown


class MeetingReminder(Model):
    """That a person was owed a reminder of a meeting, in which message, of the meeting as it was then; one for ever."""

    __tablename__ = "meeting_reminders"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("outgoing_messages.id", ondelete="CASCADE"), index=True)
    sequence: Mapped[int]  # the meeting's SEQUENCE: another time or place makes another reminder
    owed_at: Mapped[datetime]


class MeetingFarewell(Model):
    """That a person who left was sent the end of their calendar's entry of a meeting; gone once they are invited again."""

    __tablename__ = "meeting_farewells"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("outgoing_messages.id", ondelete="CASCADE"), index=True)
    sequence: Mapped[int]  # RFC 5546 SEQUENCE of that letter: a new invitation needs a higher one
    owed_at: Mapped[datetime]


class LeftOut(StrEnum):
    """Why a person who was meant gets no copy."""

    PAUSED = "paused"
    READS_ON_SITE = "reads-on-site"
    SUPPRESSED = "suppressed"  # bounced or complained
    AWAY = "away"  # a deputy gets it
    PROTECTED = "protected"  # nothing is sent to them for now
    NO_CONSENT = "no-consent"
    EXCLUDED = "excluded"  # by the audience's own exclusion
    DECLINED = "declined"  # said that they do not come to the meeting that changes
    LEFT = "left"
    LAPSED = "lapsed"  # the membership of their organisation
    OTHER_LANGUAGE = "other-language"
    NO_REGION = "no-region"  # none is known: an individual expert has none
    OTHER_REGION = "other-region"
    OTHER_ROLE = "other-role"
    NOT_SENT = "not-sent"  # the announcements that this one is for the readers of


class AudienceGap(Model):
    """A person of the chosen groups who was left out of the frozen audience, and why."""

    __tablename__ = "audience_gaps"
    __table_args__ = (UniqueConstraint("announcement_id", "person_id"),)
    id: Mapped[Key]
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    reason: Mapped[LeftOut]
    until: Mapped[datetime | None]  # when a pause ends; None: nobody has said
