"""Who came, as numbers of an organisation's people: what is kept of it, what was pressed at the door, links that open a door.

Numbers are kept for good. What was pressed, who said of themselves that they are there and who made a link are forgotten
with the answers (``meetings.forgetting``).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.accounts.models import Person
from caucusmail.database import Key, Model
from caucusmail.directory.models import Ngo
from caucusmail.meetings.models import Meeting

LONGEST_NAME = 250
EXPERT = "expert"


class Attendance(Model):
    """How many came of one organisation, of one that was typed at the door, or as individual experts.

    ``key``: ``ngo:7`` for one that was chosen, ``name:…`` with the form in which names are compared for one that was typed,
    ``expert``. What was typed keeps its own line, whoever it turns out to be: a door never tells whether it is a member.
    """

    __tablename__ = "meeting_attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "key"),
        CheckConstraint("number >= 0", "nobody_comes_less_than_not_at_all"),
    )
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(260))
    ngo_id: Mapped[int | None] = mapped_column(ForeignKey("ngos.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")  # as it was typed first; "" where it was chosen
    number: Mapped[int] = mapped_column(default=0)

    ngo: Mapped[Ngo | None] = relationship()
    meeting: Mapped[Meeting] = relationship()


class DoorLink(Model):
    """A link that opens the door page of one meeting to who has no account; good until the door closes, or it is ended."""

    __tablename__ = "meeting_door_links"
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    ended_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship()


class Tap(Model):
    """One press of a button at the door, until it is forgotten: so that it counts once and can be taken back."""

    __tablename__ = "meeting_taps"
    __table_args__ = (CheckConstraint("number <> 0", "says_something"),)
    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(ForeignKey("meeting_attendance.id", ondelete="CASCADE"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)  # of the form's number and what was pressed
    number: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_door_links.id", ondelete="SET NULL"), index=True)
    undone_at: Mapped[datetime | None]

    line: Mapped[Attendance] = relationship()


class CheckIn(Model):
    """That a person said on the meeting's page that they are there; it counts on one line."""

    __tablename__ = "meeting_check_ins"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("meeting_attendance.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class AttendanceTally(Model):
    """How many had come when it was counted last: what is shown of a group whose roster is hidden (``meetings.headcount``)."""

    __tablename__ = "meeting_attendance_tallies"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int]
