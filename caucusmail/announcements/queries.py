"""Announcements by state, as one viewer may see them; the web copy; how many a caucus sent last year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState, AnnouncementText
from caucusmail.database import db
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict
from caucusmail.languages import _
from caucusmail.meetings.models import Meeting, MeetingChange

OPEN_ROWS = (DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.IN_FLIGHT)
"""States in which a copy is not settled."""

GONE = (AnnouncementState.SENDING, AnnouncementState.SENT, AnnouncementState.STOPPED)
"""States in which copies may have left, if it had begun."""

A_PAGE = 12
"""Announcements on one page of a caucus's shelf."""

_LOADED = (
    joinedload(Announcement.caucus),
    joinedload(Announcement.meeting).joinedload(Meeting.venue),
    joinedload(Announcement.author),
)


def announcement(announcement_id: int, by: Viewer) -> Announcement | None:
    """The announcement with this id if ``by`` keeps its caucus."""
    found = db.session.scalar(select(Announcement).options(*_LOADED).where(Announcement.id == announcement_id))
    return found if found is not None and by.keeps_caucus(found.caucus_id) else None


def texts(announcement: Announcement) -> Sequence[AnnouncementText]:
    """Its language versions, in the order they were written."""
    return db.session.scalars(
        select(AnnouncementText)
        .where(AnnouncementText.announcement_id == announcement.id)
        .order_by(AnnouncementText.id)
    ).all()


def per_hour(announcement: Announcement) -> int | None:
    """Copies in one wave of it; None if all leave at once, or it was not confirmed."""
    asked = select(OutgoingMessage.per_hour).where(OutgoingMessage.id == announcement.message_id)
    return db.session.scalar(asked)


def subjects(announcements: Iterable[Announcement]) -> dict[int, dict[str, str]]:
    """For a list: announcement id to its subjects by language; one statement."""
    ids = [one.id for one in announcements]
    found: dict[int, dict[str, str]] = {one: {} for one in ids}
    rows = db.session.execute(
        select(AnnouncementText.announcement_id, AnnouncementText.language, AnnouncementText.subject)
        .where(AnnouncementText.announcement_id.in_(ids))
        .order_by(AnnouncementText.id)
    )
    for announcement_id, language, subject in rows:
        found[announcement_id][language] = subject
    return found


def drafts(by: Viewer) -> Sequence[Announcement]:
    """Drafts of the caucuses ``by`` keeps, newest first."""
    return _listed(by, Announcement.state == AnnouncementState.DRAFT, 200)


def discarded(by: Viewer) -> Sequence[Announcement]:
    """Drafts taken off the list in the last 30 days, newest first."""
    lately = Announcement.ended_at > clock.now() - timedelta(days=30)
    return _listed(by, (Announcement.state == AnnouncementState.CANCELLED) & lately, 50)


def scheduled(by: Viewer) -> Sequence[Announcement]:
    """Confirmed ones that have not begun to leave: held for the undo window, or waiting for their time."""
    return _listed(by, Announcement.state == AnnouncementState.CONFIRMED, 200)


def sending(by: Viewer) -> Sequence[Announcement]:
    """Those that are leaving now."""
    return _listed(by, Announcement.state == AnnouncementState.SENDING, 200)


def sent(by: Viewer, limit: int = 50, before_id: int | None = None) -> Sequence[Announcement]:
    """Sent and stopped ones, newest first; ``before_id`` for the next page."""
    where = Announcement.state.in_((AnnouncementState.SENT, AnnouncementState.STOPPED))
    return _listed(by, where if before_id is None else where & (Announcement.id < before_id), limit)


def by_ids(ids: Iterable[int]) -> Sequence[Announcement]:
    """These announcements, newest first; whoever shows one looks at who may see it."""
    return db.session.scalars(
        select(Announcement).where(Announcement.id.in_(sorted(ids))).order_by(Announcement.id.desc())
    ).all()


def _listed(by: Viewer, where: ColumnElement[bool], limit: int) -> Sequence[Announcement]:
    where &= ~Announcement.for_newcomers  # they stand beside the one they are copied from
    mine = where if by.secretariat else where & Announcement.caucus_id.in_(sorted(by.keeps))
    return db.session.scalars(
        select(Announcement).options(*_LOADED).where(mine).order_by(Announcement.id.desc()).limit(limit)
    ).all()


def readable(by: Viewer) -> ColumnElement[bool]:
    """SQL: whether ``by`` may read the web copy of an announcement: it has begun to leave, and it is public, or ``by``
    was sent it, is a member of its caucus, or keeps it."""
    gone = _begun()
    if by.secretariat:
        return gone
    known = Announcement.public | Announcement.caucus_id.in_(sorted(by.keeps | by.member_of))
    if by.id is not None:
        known |= exists().where(
            Delivery.message_id == Announcement.message_id,
            Delivery.person_id == by.id,
            Delivery.state != DeliveryState.WITHDRAWN,
        )
    return gone & known


def _begun() -> ColumnElement[bool]:
    """SQL: some copies may have left; one that was stopped before its time has told nobody anything."""
    return Announcement.state.in_(GONE) & Announcement.begun_at.is_not(None)


def by_reference(reference: str, by: Viewer) -> Announcement | None:
    """The announcement whose web copy ``by`` may read. None says nothing about whether there is one."""
    return db.session.scalar(
        select(Announcement).options(*_LOADED).where(Announcement.reference == reference, readable(by))
    )


def last_year(caucus_ids: Iterable[int] = ()) -> dict[int, int]:
    """How many announcements each caucus sent in the last twelve months; caucuses that sent none are left out."""
    ids = list(caucus_ids)
    since = Announcement.begun_at > clock.now() - timedelta(days=365)
    statement = select(Announcement.caucus_id, func.count()).where(since, _begun(), ~Announcement.for_newcomers)
    if ids:
        statement = statement.where(Announcement.caucus_id.in_(ids))
    return {caucus_id: count for caucus_id, count in db.session.execute(statement.group_by(Announcement.caucus_id))}


@dataclass(frozen=True)
class Shelf:
    """One page of a caucus's announcements, newest first."""

    announcements: Sequence[Announcement]
    number: int  # of the page, from 1
    more: bool  # there are older ones


def shelf(caucus_id: int, by: Viewer, number: int = 1) -> Shelf:
    """The announcements of a caucus whose web copy ``by`` may read."""
    found = db.session.scalars(
        select(Announcement)
        .where(Announcement.caucus_id == caucus_id, ~Announcement.for_newcomers, readable(by))
        .order_by(Announcement.begun_at.desc(), Announcement.id.desc())
        .offset((number - 1) * A_PAGE)
        .limit(A_PAGE + 1)
    ).all()
    return Shelf(found[:A_PAGE], number, len(found) > A_PAGE)


def changes(announcement: Announcement) -> Sequence[MeetingChange]:
    """What ``announcement`` tells of its meeting, in the order in which it happened."""
    if not announcement.changes:
        return ()
    told = select(MeetingChange).where(MeetingChange.id.in_(announcement.changes)).order_by(MeetingChange.id)
    return db.session.scalars(told).all()


def message_of(announcement: Announcement) -> OutgoingMessage:
    """The message that holds its copies.

    :raises Conflict: it was never confirmed.
    """
    held = announcement.message_id
    message = db.session.get(OutgoingMessage, held) if held is not None else None
    if message is None:
        raise Conflict(_("This announcement has no copies."))
    return message


def messages(announcement: Announcement) -> Select[int | None]:
    """SQL: the ids of the messages that hold its copies: its own, and those of who joined later."""
    later = Announcement.for_newcomers & (Announcement.corrects_id == announcement.id)
    return select(Announcement.message_id).where((Announcement.id == announcement.id) | later)


def newcomers(announcement: Announcement) -> int:
    """How many who joined later were sent it since, or are about to be."""
    later = select(Announcement.message_id).where(
        Announcement.for_newcomers, Announcement.corrects_id == announcement.id
    )
    where = (Delivery.message_id.in_(later), Delivery.state != DeliveryState.WITHDRAWN)
    return db.session.scalar(select(func.count()).where(*where)) or 0


def first(announcement: Announcement) -> str:
    """What the thread of its letters is called: the meeting, or the announcement that it follows, by reference."""
    if announcement.meeting is not None:
        return announcement.meeting.reference
    while announcement.corrects_id is not None:
        announcement = db.session.get_one(Announcement, announcement.corrects_id)
    return announcement.reference


def corrected(announcement: Announcement) -> Announcement | None:
    """What a correction corrects; None if it is none."""
    if announcement.kind is not AnnouncementKind.CORRECTION or announcement.corrects_id is None:
        return None
    return db.session.get(Announcement, announcement.corrects_id)
