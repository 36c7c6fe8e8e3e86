"""make(), end(): links that let somebody without an account count at the door of one meeting, until it closes."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail import clock, links, tokens
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, NotFound
from caucusmail.languages import _
from caucusmail.meetings import answers, door
from caucusmail.meetings.attendance import DoorLink
from caucusmail.meetings.door import DoorShut, Standing
from caucusmail.meetings.models import Meeting
from caucusmail.tokens import BadToken, Purpose

MOST = 12  # that work at the same time


class TooManyLinks(Conflict):
    """As many work as ever may."""


def make(meeting: Meeting, by: Viewer) -> DoorLink:
    """A new link. Flushes for its id.

    :raises NotFound: ``by`` does not keep the meeting's caucus.
    :raises DoorShut: the meeting is off, or long over.
    :raises TooManyLinks: ``MOST`` work already.
    """
    _keeps(meeting, by)
    stands = door.standing(meeting, keeper=False)
    if stands in (Standing.OFF, Standing.CLOSED):
        raise DoorShut(door.said(stands))
    answers.one_by_one(meeting)
    _room_for_one(meeting, by)
    link = DoorLink(meeting_id=meeting.id, made_at=clock.now(), made_by_id=by.id)
    db.session.add(link)
    journal.record("meeting.door-link-made", meeting, by.person)
    db.session.flush()
    return link


def end(meeting: Meeting, link_id: int, by: Viewer) -> None:
    """Let a link work no more, from this moment. Twice changes nothing.

    :raises NotFound: the meeting has no such link, or ``by`` does not keep it.
    """
    link = _of(meeting, link_id, by)
    if moved(DoorLink, DoorLink.id == link.id, DoorLink.ended_at.is_(None), ended_at=clock.now()):
        journal.record("meeting.door-link-ended", meeting, by.person)


def resume(meeting: Meeting, link_id: int, by: Viewer) -> None:
    """Let an ended link work again. Twice changes nothing.

    :raises NotFound, TooManyLinks: as for ``end`` and ``make``.
    """
    link = _of(meeting, link_id, by)
    answers.one_by_one(meeting)
    if link.ended_at is not None:
        _room_for_one(meeting, by)
    if moved(DoorLink, DoorLink.id == link.id, DoorLink.ended_at.is_not(None), ended_at=None):
        journal.record("meeting.door-link-resumed", meeting, by.person)


def working(meeting: Meeting, by: Viewer) -> Sequence[DoorLink]:
    """The links that work, the oldest first.

    :raises NotFound: ``by`` does not keep the meeting's caucus.
    """
    _keeps(meeting, by)
    if door.standing(meeting, keeper=False) in (Standing.OFF, Standing.CLOSED):
        return []
    return db.session.scalars(
        select(DoorLink).where(DoorLink.meeting_id == meeting.id, DoorLink.ended_at.is_(None)).order_by(DoorLink.id)
    ).all()


def address(link: DoorLink) -> str:
    """Where ``link`` leads, in the current language; the same each time it is asked for."""
    return links.door(tokens.sign_at(Purpose.DOOR, link.id, made=link.made_at))


def by_token(token: str) -> DoorLink:
    """The link with this token, with its meeting.

    :raises BadToken: forged, of another purpose, ended, or its door has closed for good.
    """
    (link_id,) = tokens.read(Purpose.DOOR, token, 1)
    link = db.session.scalar(
        select(DoorLink)
        .options(joinedload(DoorLink.meeting).joinedload(Meeting.caucus))
        .where(DoorLink.id == link_id, DoorLink.ended_at.is_(None))
    )
    if link is None or door.standing(link.meeting, keeper=False) in (Standing.OFF, Standing.CLOSED):
        raise BadToken
    return link


def _of(meeting: Meeting, link_id: int, by: Viewer) -> DoorLink:
    _keeps(meeting, by)
    link = db.session.get(DoorLink, link_id)
    if link is None or link.meeting_id != meeting.id:
        raise NotFound(_("There is no such link."))
    return link


def _room_for_one(meeting: Meeting, by: Viewer) -> None:
    if len(working(meeting, by)) >= MOST:
        raise TooManyLinks(_("%(most)s links work already. End one of them first.", most=MOST))


def _keeps(meeting: Meeting, by: Viewer) -> None:
    if not by.keeps_caucus(meeting.caucus_id):
        raise NotFound
