"""Reminders that paused by themselves, because servers refuse them for reasons that are ours: which, and letting them go on."""

from sqlalchemy import ColumnElement, select

from caucusmail.announcements import again, reminding
from caucusmail.announcements.again import LONGEST_REASON, NotPaused, Paused
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import pausing
from caucusmail.delivery.models import OutgoingMessage
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Invalid
from caucusmail.languages import _
from caucusmail.meetings import scheduling
from caucusmail.meetings.models import Meeting


def paused(meeting: Meeting, by: Viewer) -> Paused | None:
    """Whether a reminder of ``meeting`` is paused, since when and why."""
    row = db.session.execute(
        select(OutgoingMessage.paused_at, OutgoingMessage.paused_why)
        .where(*_of(meeting))
        .order_by(OutgoingMessage.paused_at)
        .limit(1)
    ).first()
    return again.read_pause(row.paused_at, row.paused_why, by) if row is not None else None


def go_on(meeting: Meeting, reason: str, by: Viewer) -> None:
    """Let the reminders of ``meeting`` leave again; those that are no longer true are withdrawn instead (``reminding``).

    :raises NotAllowed: ``by`` does not keep the caucus.
    :raises Invalid: on ``reason``: none was given.
    :raises NotPaused: none is paused, perhaps because of a second click.
    """
    scheduling.allow(meeting.caucus_id, by)
    if not reason.strip():
        raise Invalid("reason", _("Say in a few words why; it stays beside the copy."))
    messages = db.session.scalars(select(OutgoingMessage).where(*_of(meeting))).all()
    if not [one for one in messages if pausing.go_on(one)]:
        raise NotPaused(_("It goes on already."))
    journal.record("meeting.reminder-let-go-on", meeting, by.person, reason=reason.strip()[:LONGEST_REASON])


def _of(meeting: Meeting) -> tuple[ColumnElement[bool], ...]:
    return (
        OutgoingMessage.kind == reminding.KIND,
        OutgoingMessage.subject_kind == Meeting.__tablename__,
        OutgoingMessage.subject_id == meeting.id,
        OutgoingMessage.paused_at.is_not(None),
        OutgoingMessage.stopped_at.is_(None),
    )
