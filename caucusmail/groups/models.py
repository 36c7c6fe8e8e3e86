"""Email groups and places on them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.accounts.models import Person
from caucusmail.database import Key, Model, Words
from caucusmail.directory.models import Caucus


class GroupKind(StrEnum):
    """What the group is for. Announcement-only is the default: no reply-all path exists."""

    ANNOUNCEMENT = "announcement"
    DISCUSSION = "discussion"


class EmailGroup(Model):
    """An email group of a caucus. Some caucuses have one, some none."""

    __tablename__ = "email_groups"
    __table_args__ = (CheckConstraint("closed_at IS NULL OR closed_why != ''", "closed_for_a_reason"),)
    id: Mapped[Key]
    caucus_id: Mapped[int] = mapped_column(ForeignKey("caucuses.id", ondelete="CASCADE"), index=True)
    local_part: Mapped[str] = mapped_column(String(40), unique=True)  # of its address and its List-Id; never changes
    names: Mapped[Words]
    kind: Mapped[GroupKind] = mapped_column(default=GroupKind.ANNOUNCEMENT)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # its places stay, and nothing is sent to it
    closed_why: Mapped[str] = mapped_column(Text, default="")  # as whoever closed it says to those who are on it

    caucus: Mapped[Caucus] = relationship()


class Mode(StrEnum):
    """How a subscriber is served."""

    EVERY = "every"
    DIGEST = "digest"  # gathered in one letter with what came by other groups (``announcements.digests``)
    NOTICE = "notice"  # told that there is something, and reads it on the site (``delivery.notice``)
    NONE = "none"  # reads on the site


class Subscription(Model):
    """One person's place on one group; lives while their affiliation is active."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("group_id", "person_id"),
        CheckConstraint("paused_until IS NULL OR paused_from IS NOT NULL", "pause_has_a_beginning"),
    )
    id: Mapped[Key]
    group_id: Mapped[int] = mapped_column(ForeignKey("email_groups.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    mode: Mapped[Mode] = mapped_column(default=Mode.EVERY)
    since: Mapped[datetime]
    paused_from: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]  # None with paused_from: until they say
    lets_urgent: Mapped[bool] = mapped_column(default=False)  # through the pause: urgent announcements
    lets_coming: Mapped[bool] = mapped_column(
        default=False
    )  # through the pause: that a meeting is off or moves which they said they come to

    group: Mapped[EmailGroup] = relationship()
    person: Mapped[Person] = relationship()  # points down; Person knows no subscriptions
