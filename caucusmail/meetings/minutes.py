"""save(), publish(): the minutes of a meeting, as its keepers write them; each published edition is kept beside the next."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from caucusmail import clock
from caucusmail.audit import journal
from caucusmail.database import Key, Model, Words, db, moved
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, NotFound
from caucusmail.languages import _
from caucusmail.meetings import answers, wording
from caucusmail.meetings.models import Meeting, MeetingState

LONGEST = 100_000  # characters, in each language
LONGEST_NOTE = 300


class Minutes(Model):
    """The minutes of one meeting as they are being written. What is not published, only its keepers see."""

    __tablename__ = "meeting_minutes"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    texts: Mapped[Words]  # Markdown, by language
    revision: Mapped[int] = mapped_column(default=1)  # two tabs: the older one is refused, nothing lost
    revised_at: Mapped[datetime]
    published: Mapped[bool] = mapped_column(default=False)  # whether the newest edition is shown


class MinutesEdition(Model):
    """The minutes as they were published at one moment; the next one corrects it."""

    __tablename__ = "meeting_minutes_editions"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    number: Mapped[int]  # from 1
    texts: Mapped[Words]
    note: Mapped[str] = mapped_column(Text, default="")  # what it corrects
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)


class NotYet(Conflict):
    """The meeting has not begun, or is off: there is nothing to take minutes of."""


class OlderRevision(Conflict):
    """Somebody (perhaps the same person in another tab) has saved them meanwhile; ``current`` is what they saved."""

    def __init__(self, message: str, current: Minutes) -> None:
        super().__init__(message)
        self.current = current


class NothingToShow(Conflict):
    """They are not published, or were never; or nothing was written yet."""


def can_be_written(meeting: Meeting) -> bool:
    """Whether it has begun, and takes or took place."""
    return meeting.state is MeetingState.CONFIRMED and meeting.starts_at <= clock.now()


def of(meeting: Meeting) -> Minutes | None:
    """What was written so far."""
    asked = select(Minutes).where(Minutes.meeting_id == meeting.id)
    return db.session.scalar(asked.execution_options(populate_existing=True))


def editions(meeting: Meeting) -> Sequence[MinutesEdition]:
    """What was published, the newest first; whoever shows it looks at whether it is shown, and to whom."""
    return db.session.scalars(
        select(MinutesEdition).where(MinutesEdition.meeting_id == meeting.id).order_by(MinutesEdition.number.desc())
    ).all()


def published(meeting: Meeting) -> bool:
    """Whether they are shown to those who were invited."""
    found = of(meeting)
    return found is not None and found.published


def save(meeting: Meeting, texts: Mapping[str, str], revision: int, by: Viewer) -> Minutes:
    """Keep ``texts`` in the place of revision ``revision`` (0: nothing was written); nobody is shown them. Flushes.

    :raises NotFound: ``by`` does not keep the meeting's caucus.
    :raises NotYet: the meeting has not begun.
    :raises Invalid: on ``texts``: too long, or in no language of ours.
    :raises OlderRevision: a newer one was saved meanwhile; it stands, and the asker still holds theirs.
    """
    _keeps(meeting, by)
    if not can_be_written(meeting):
        raise NotYet(_("Minutes can be written once the meeting has begun."))
    tidy = wording.in_each("texts", texts, LONGEST, many=True)
    answers.one_by_one(meeting)
    found = of(meeting)
    if found is not None and found.revision != revision:
        said = _("A newer version of these minutes was saved meanwhile. Nothing was lost: compare the two below.")
        raise OlderRevision(said, found)
    if found is None:
        found = Minutes(meeting_id=meeting.id, texts=tidy, revision=1, revised_at=clock.now(), published=False)
        db.session.add(found)
    elif found.texts != tidy:
        found.texts, found.revision, found.revised_at = tidy, found.revision + 1, clock.now()
    db.session.flush()
    return found


def publish(meeting: Meeting, revision: int, note: str, by: Viewer) -> MinutesEdition:
    """Show what was saved as revision ``revision`` to those who were invited. Of what is shown already it makes a correction,
    which ``note`` describes; the edition before is kept. Flushes.

    :raises NotFound, OlderRevision: as for ``save``.
    :raises NothingToShow: nothing was written yet.
    :raises Invalid: on ``note``.
    """
    _keeps(meeting, by)
    told = wording.one_line("note", note, LONGEST_NOTE)
    answers.one_by_one(meeting)
    found = of(meeting)
    if found is None or not found.texts:
        raise NothingToShow(_("Nothing was written yet that could be published."))
    if found.revision != revision:
        raise OlderRevision(_("These minutes were changed meanwhile. Look at them again, then publish."), found)
    before = next(iter(editions(meeting)), None)
    found.published = True
    if before is not None and before.texts == found.texts:
        db.session.flush()
        return before
    number = before.number + 1 if before is not None else 1
    made = MinutesEdition(
        meeting_id=meeting.id,
        number=number,
        texts=dict(found.texts),
        note=told if number > 1 else "",
        at=clock.now(),
        by_id=by.id,
    )
    db.session.add(made)
    journal.record("meeting.minutes-published" if number == 1 else "meeting.minutes-corrected", meeting, by.person)
    db.session.flush()
    return made


def withdraw(meeting: Meeting, by: Viewer) -> None:
    """Show them to nobody but keepers any more; ``put_back`` shows them again.

    :raises NothingToShow: they are not shown.
    """
    _move(meeting, shown=False, by=by, said=_("These minutes are not published."))
    journal.record("meeting.minutes-withdrawn", meeting, by.person)


def put_back(meeting: Meeting, by: Viewer) -> None:
    """Show again what was withdrawn.

    :raises NothingToShow: they are shown, or were never published.
    """
    if not editions(meeting):
        raise NothingToShow(_("These minutes were never published."))
    _move(meeting, shown=True, by=by, said=_("These minutes are published already."))
    journal.record("meeting.minutes-put-back", meeting, by.person)


def _move(meeting: Meeting, *, shown: bool, by: Viewer, said: str) -> None:
    _keeps(meeting, by)
    there = Minutes.meeting_id == meeting.id, Minutes.published.is_(not shown)
    if not moved(Minutes, *there, published=shown):
        raise NothingToShow(said)


def _keeps(meeting: Meeting, by: Viewer) -> None:
    if not by.keeps_caucus(meeting.caucus_id):
        raise NotFound
