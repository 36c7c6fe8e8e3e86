"""Coming meetings, as one viewer may see them; one meeting; the venues."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, union_all
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.database import db
from caucusmail.directory.models import Affiliation, Caucus, Keeper
from caucusmail.directory.visibility import Viewer
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingSession, MeetingState, Venue

MOST_OF_A_SESSION = 500  # meetings that a session's pages show


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


Which = ColumnElement[bool]
"""Which meetings a calendar feed holds, whenever they are."""


def in_public(caucus: Caucus | None = None) -> Which:
    """The announced meetings that anybody may know of; those of one caucus."""
    public = (Meeting.state != MeetingState.DRAFT) & Meeting.public
    return public if caucus is None else public & (Meeting.caucus_id == caucus.id)


def of_own_groups(by: Viewer) -> Which:
    """The announced meetings of the caucuses ``by`` is in or keeps; of no other, whatever they may see."""
    return (Meeting.state != MeetingState.DRAFT) & Meeting.caucus_id.in_(sorted(by.member_of | by.keeps))


def any_of(which: Which) -> bool:
    """Whether there is such a meeting, or was."""
    return bool(db.session.scalar(select(select(Meeting.id).where(which).exists())))


def listed_since(which: Which, edge: datetime, limit: int) -> Sequence[Meeting]:
    """Those that end after ``edge``, soonest first, with what their entries need."""
    return db.session.scalars(
        select(Meeting)
        .options(joinedload(Meeting.caucus), joinedload(Meeting.venue))
        .where(which, Meeting.ends_at > edge)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    ).all()


def last_end_before(which: Which, edge: datetime) -> datetime | None:
    """When the last of those ended that ended by ``edge``."""
    return db.session.scalar(select(func.max(Meeting.ends_at)).where(which, Meeting.ends_at <= edge))


def places_changed_at(by: Viewer) -> datetime | None:
    """When ``by`` last came into a caucus or left one, as a member or as its keeper."""
    now = clock.now()
    moments = union_all(
        select(Affiliation.since.label("at")).where(Affiliation.person_id == by.id),
        select(Keeper.since).where(Keeper.person_id == by.id, Keeper.since <= now),
        select(Keeper.until).where(Keeper.person_id == by.id, Keeper.until <= now),
    ).subquery()
    found: datetime | None = db.session.scalar(select(func.max(moments.c.at)))
    return found


def changes(meeting: Meeting) -> Sequence[MeetingChange]:
    """What has changed, newest first."""
    return db.session.scalars(
        select(MeetingChange).where(MeetingChange.meeting_id == meeting.id).order_by(MeetingChange.id.desc())
    ).all()


def venues() -> Sequence[Venue]:
    """The presets that are places, with a city and a clock, in their order."""
    return db.session.scalars(select(Venue).where(Venue.zone != "").order_by(Venue.place, Venue.id)).all()


def sessions() -> Sequence[MeetingSession]:
    """The sessions meetings may belong to, the latest first; three statements."""
    found = db.session.scalars(select(MeetingSession).order_by(MeetingSession.id)).all()
    return sorted(found, key=lambda one: one.parts[0].begins_on if one.parts else "", reverse=True)


def session(slug: str) -> MeetingSession | None:
    """The session with this word in its address."""
    return db.session.scalar(select(MeetingSession).where(MeetingSession.slug == slug))


def of_session(session: MeetingSession, by: Viewer) -> Sequence[Meeting]:
    """Every meeting of ``session`` that ``by`` may see, over or to come, cancelled ones among them, soonest first."""
    return db.session.scalars(
        select(Meeting)
        .options(joinedload(Meeting.caucus), joinedload(Meeting.venue))
        .where(visible(by), Meeting.session_id == session.id)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_OF_A_SESSION)
    ).all()
