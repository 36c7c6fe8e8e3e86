"""Another like this, and repeating: drafts made after a meeting, each with a meeting and a UID of its own.

The wall time stays on each day's own clock. What no clock shows on one of the days is told before anything is made.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from caucusmail import zones
from caucusmail.announcements import composition, queries
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Draft, Text
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState
from caucusmail.database import db
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed
from caucusmail.languages import _
from caucusmail.meetings import scheduling, spans
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import Meeting


class SomeHaveLeft(Conflict):
    """Not all of a series are drafts any more, so it cannot be taken back as a whole."""


@dataclass(frozen=True)
class Repetition:
    """The meeting on one more day, or why it cannot be then."""

    day: date
    meeting: MeetingDraft
    problem: str = ""  # a sentence; "": none

    @property
    def spoken(self) -> str:
        """``Tue 30 Nov 2027, 08:15 in The Hague``; of a day on which no clock shows that time, the day."""
        if self.problem or self.meeting.starts is None:
            return zones.written(self.day)
        at = zones.instant(self.meeting.starts, self.meeting.zone, second=self.meeting.second_hour)
        return zones.spoken(at, self.meeting.zone)


def another(meeting: Meeting, by: Viewer) -> Announcement:
    """A new draft with everything of ``meeting`` but its day; what hangs on the day (deadline, room day) is open too.

    :raises NotAllowed, CannotSend: as for any draft.
    """
    was = scheduling.draft_of(meeting)
    known = {"starts": meeting.starts.time().isoformat(), "ends": meeting.ends.time().isoformat()}
    emptied = replace(
        was, starts=None, ends=None, second_hour=None, known=known, reply_by=None, reply_zone="", room_by=None
    )
    return composition.draft(replace(_like(meeting, by), meeting=emptied), by)


def repetitions(meeting: Meeting, days: Sequence[date]) -> list[Repetition]:
    """``meeting`` on each of these days of its city's calendar, at the same time on the wall."""
    return [_on(scheduling.draft_of(meeting), day) for day in days]


def repeat(meeting: Meeting, days: Sequence[date], by: Viewer) -> Sequence[Announcement]:
    """A draft for each of these days, all of one series. Flushes for their ids.

    :raises Invalid: on ``days``: on one of them no clock shows that time; nothing is made.
    :raises NotAllowed, CannotSend: as for any draft.
    """
    made_of = repetitions(meeting, days)
    wrong = [f"{zones.written(one.day)}: {one.problem}" for one in made_of if one.problem]
    if wrong:
        raise Invalid("days", " ".join(wrong))
    draft, series = _like(meeting, by), secrets.token_urlsafe(12)
    made = [composition.draft(replace(draft, meeting=one.meeting), by) for one in made_of]
    for announcement in made:
        assert announcement.meeting is not None  # its times are known
        announcement.meeting.series = series
    db.session.flush()
    return made


def of(series: str) -> Sequence[Announcement]:
    """The announcements of a series, by the time of their meetings, those taken off the list among them."""
    if not series:
        return []
    return db.session.scalars(
        select(Announcement)
        .join(Meeting, Meeting.id == Announcement.meeting_id)
        .where(Meeting.series == series, Announcement.kind == AnnouncementKind.MEETING, ~Announcement.for_newcomers)
        .order_by(Meeting.starts_at, Announcement.id)
    ).all()


def discard(series: str, by: Viewer) -> int:
    """Take every draft of a series off the list; how many.

    :raises SomeHaveLeft: one of them was confirmed.
    """
    here = of(series)
    if any(one.state not in (AnnouncementState.DRAFT, AnnouncementState.CANCELLED) for one in here):
        raise SomeHaveLeft(
            _(
                "Some of this series have been confirmed, so it cannot be taken back as a whole. Take the drafts off singly."
            )
        )
    drafts = [one for one in here if one.state is AnnouncementState.DRAFT]
    for one in drafts:
        composition.discard(one, by)
    return len(drafts)


def restore(series: str, by: Viewer) -> int:
    """Bring back every draft of a series that was taken off the list; how many."""
    gone = [one for one in of(series) if one.state is AnnouncementState.CANCELLED]
    for one in gone:
        composition.restore(one, by)
    return len(gone)


def _like(meeting: Meeting, by: Viewer) -> Draft:
    """What announced ``meeting``, as far as ``by`` may write so; else its title, to its own caucus."""
    found = db.session.scalar(
        select(Announcement)
        .where(Announcement.meeting_id == meeting.id, Announcement.kind == AnnouncementKind.MEETING)
        .order_by(Announcement.id)
        .limit(1)
    )
    own = Audience(caucus_ids=(meeting.caucus_id,))
    if found is None:
        texts = {language: Text(title) for language, title in meeting.titles.items()}
        return Draft(meeting.caucus_id, AnnouncementKind.MEETING, texts, own)
    texts = {text.language: Text(text.subject, text.body) for text in queries.texts(found)}
    audience = replace(Audience.from_json(found.audience), sent_announcement_ids=())
    try:
        composition.allow_audience(audience, by)
    except NotAllowed:
        audience = own
    return Draft(meeting.caucus_id, AnnouncementKind.MEETING, texts, audience, public=found.public)


def _on(was: MeetingDraft, day: date) -> Repetition:
    assert was.starts is not None  # it was made of a meeting
    assert was.ends is not None  # it was made of a meeting
    on = day - was.starts.date()
    moved = replace(
        was,
        starts=was.starts + on,
        ends=was.ends + on,
        reply_by=was.reply_by + on if was.reply_by else None,
        room_by=was.room_by + on if was.room_by else None,
    )
    return Repetition(day, moved, _problem(moved, was.starts + on, was.ends + on))


def _problem(meeting: MeetingDraft, starts: datetime, ends: datetime) -> str:
    try:
        spans.span(starts, ends, meeting.zone, meeting.second_hour)
        if meeting.reply_by is not None:
            spans.deadline(meeting.reply_by, meeting.reply_zone or meeting.zone)
    except Invalid as problem:
        return str(problem)
    return ""


def after(meeting: Meeting, now: datetime) -> date:
    """The day after which a meeting can be repeated: its own, or today in its city, or the day before where it has not begun."""
    today = zones.day(now, meeting.zone)
    begun = now.astimezone(zones.zone(meeting.zone)).time() >= meeting.starts.time()
    return max(meeting.starts.date(), today if begun else today - timedelta(days=1))
