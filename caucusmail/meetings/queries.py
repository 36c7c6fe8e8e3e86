"""Coming meetings, as one viewer may see them; one meeting; the venues."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.database import db
from caucusmail.directory.models import Caucus
from caucusmail.directory.visibility import Viewer
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingSession, MeetingState, Venue


def visible(by: Viewer) -> ColumnElement[bool]:
    """Which announced meetings ``by`` may see at all: public ones, and those of the caucuses they are in or keep."""
    announced = Meeting.state != MeetingState.DRAFT
    if by.secretariat:
        return announced
    return announced & or_(Meeting.public, Meeting.caucus_id.in_(sorted(by.member_of | by.keeps)))


def may_see_place(meeting: Meeting, by: Viewer) -> bool:
    """Whether room, access and papers are shown: to members and keepers, never on a public page."""
    return by.keeps_caucus(meeting.caucus_id) or meeting.caucus_id in by.member_of


def coming(by: Viewer, limit: int = 20) -> Sequence[Meeting]:
    """The next meetings ``by`` may see, soonest first, cancelled ones among them until their time has passed."""
    return _listed(visible(by), limit)


def of_caucus(caucus: Caucus, by: Viewer, limit: int = 20) -> Sequence[Meeting]:
    """The next meetings of one caucus that ``by`` may see, soonest first."""
    return _listed(visible(by) & (Meeting.caucus_id == caucus.id), limit)


def _listed(where: ColumnElement[bool], limit: int) -> Sequence[Meeting]:
    return db.session.scalars(
        select(Meeting)
        .options(joinedload(Meeting.caucus), joinedload(Meeting.venue), joinedload(Meeting.session))
        .where(where, Meeting.ends_at > clock.now())
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    ).all()


def by_reference(reference: str, by: Viewer) -> Meeting | None:
    """The meeting with this reference if ``by`` may see it; its keepers see it before it is announced.

    The reference cannot be guessed: who holds it got the letter, so it opens the page of any announced meeting.
    """
    meeting = db.session.scalar(
        select(Meeting)
        .options(joinedload(Meeting.caucus), joinedload(Meeting.venue), joinedload(Meeting.session))
        .where(Meeting.reference == reference)
    )
    if meeting is None or (meeting.state is MeetingState.DRAFT and not by.keeps_caucus(meeting.caucus_id)):
        return None
    return meeting


def changes(meeting: Meeting) -> Sequence[MeetingChange]:
    """What has changed, newest first."""
    return db.session.scalars(
        select(MeetingChange).where(MeetingChange.meeting_id == meeting.id).order_by(MeetingChange.id.desc())
    ).all()


def venues() -> Sequence[Venue]:
    """The presets that are places, with a city and a clock, in their order."""
    return db.session.scalars(select(Venue).where(Venue.zone != "").order_by(Venue.place, Venue.id)).all()


def sessions() -> Sequence[MeetingSession]:
    """The sessions meetings may belong to, newest first."""
    return db.session.scalars(select(MeetingSession).order_by(MeetingSession.begins_on.desc())).all()
