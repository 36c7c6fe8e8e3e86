"""What is held between the confirmation and the first copy: the message, its editions, its frozen rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from caucusmail.announcements import audience, checking, letters, timing
from caucusmail.announcements.editions import Edition
from caucusmail.announcements.models import Announcement, AnnouncementState, AudienceGap
from caucusmail.database import db, moved
from caucusmail.delivery import ledger, waves
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage
from caucusmail.errors import Conflict
from caucusmail.languages import _

_NOT_BEGUN = (DeliveryState.QUEUED, DeliveryState.WITHDRAWN)


class NotReady(Conflict):
    """Something must be mended first; the text names it."""


class TooLate(Conflict):
    """The first copy has left, or may have: it can be stopped, not taken back."""


class Overtaken(Conflict):
    """Somebody else took it back, or gave it another time, just before."""


class NothingToStop(Conflict):
    """It is not being sent, or no more."""


def hold(announcement: Announcement, release_at: datetime, per_hour: int | None = None) -> int:
    """Freeze the audience and compile the editions that it asks for; the copies leave at once, or ``per_hour`` in a wave.

    :raises NotReady: nobody is on the list.
    :raises Invalid: on ``per_hour``: the last wave would leave after the meeting has begun.
    """
    lane = Lane.URGENT if announcement.urgent else Lane.ANNOUNCE
    message = open_message(announcement, "announcement", lane, held=True)
    announcement.message_id = message.id
    copies = audience.freeze(announcement, message, release_at)
    if not copies:
        raise NotReady(checking.nobody(audience.estimate(announcement)))
    keys = db.session.scalars(select(Delivery.language).where(Delivery.message_id == message.id).distinct()).all()
    for edition in Edition.needed(keys):
        letters.compile_into(message, announcement, edition)
    db.session.flush()
    if per_hour is not None:
        timing.allow_last(announcement, release_at + (waves.spread(message, per_hour, release_at) - 1) * waves.WAVE)
    return copies


def open_message(announcement: Announcement, kind: str, lane: Lane, *, held: bool = False) -> OutgoingMessage:
    """An empty message about ``announcement``, from its caucus. Flushes for the id."""
    return ledger.open_message(kind, lane, ("announcements", announcement.id), announcement.caucus.slug, held=held)


def unheld(announcement: Announcement, **values: Any) -> None:
    """Its message goes, and ``values`` come instead; of several who try at once, one gets there.

    Locking the rows waits for a worker who is beginning one at this moment. A row that is only claimed may go: the
    worker finds it gone when they want to begin it. So may one that was withdrawn because its reader left meanwhile.

    :raises TooLate: a worker has begun one of its copies.
    :raises Overtaken: it is a draft again, or was given another time.
    """
    held = announcement.message_id
    won = moved(
        Announcement,
        Announcement.id == announcement.id,
        Announcement.state == AnnouncementState.CONFIRMED,
        Announcement.message_id == held,
        **values | {"message_id": None},
    )
    if not won:
        raise _overtaken(announcement)
    message = db.session.get_one(OutgoingMessage, held)
    rows = select(Delivery.state, Delivery.attempts).where(Delivery.message_id == held).order_by(Delivery.id)
    if any(state not in _NOT_BEGUN or attempts for state, attempts in db.session.execute(rows.with_for_update())):
        raise _too_late()
    ledger.take_back(message)
    db.session.expunge(message)  # its id may be given again
    db.session.execute(delete(AudienceGap).where(AudienceGap.announcement_id == announcement.id))


def _overtaken(announcement: Announcement) -> Conflict:
    if announcement.state in (AnnouncementState.DRAFT, AnnouncementState.CONFIRMED):
        return Overtaken(_("It was just taken back, or given another time. This is how it stands now."))
    if announcement.state is AnnouncementState.STOPPED and announcement.begun_at is None:
        return Overtaken(
            _("It was stopped just before, and none of its copies has left. It can be copied to a new draft.")
        )
    return _too_late()


def _too_late() -> TooLate:
    return TooLate(_("The first copies have left, so this can no longer be taken back."))
