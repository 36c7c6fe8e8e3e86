"""What keepers may do for copies that are not settled as they hoped, each with a reason that stays in the journal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import progress, queries, standing
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.delivery import again, pausing, waves
from caucusmail.delivery.again import SENDS
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage, Pause, Step
from caucusmail.delivery.waves import Standing
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed
from caucusmail.languages import _

LONGEST_REASON = 300

_GONE = (AnnouncementState.SENDING, AnnouncementState.SENT)
_VERBS = {
    Step.TRY_NOW: "announcement.copies-tried-now",
    Step.SEND_AGAIN: "announcement.copies-sent-again",
    Step.ARRIVED: "announcement.copies-said-to-have-arrived",
    Step.NOT_ARRIVED: "announcement.copies-said-not-to-have-arrived",
}


class NothingToRepeat(Conflict):
    """None of the copies stands so any more that this can be done, perhaps because of a second click."""


class Stopped(Conflict):
    """The announcement was stopped: nothing more of it leaves."""


class NotPaused(Conflict):
    """It is not paused, or no more."""


class NotSending(Conflict):
    """There is nothing to pause."""


class TooLateToTakeBack(Conflict):
    """All of these copies have been tried meanwhile."""


@dataclass(frozen=True)
class Which:
    """For which copies: all that are open to a step, or less."""

    state: DeliveryState | None = None  # only those that stand like this
    rows: Sequence[int] | None = None  # only these (ids)


ALL = Which()


def take(announcement: Announcement, step: Step, reason: str, by: Viewer, which: Which = ALL) -> int:
    """Take ``step`` for those of these copies that are open to it; how many.

    Those who left, or cannot or do not want to be written to any more, get nothing. One that was sent is being sent again.

    :raises Invalid: on ``reason``: none was given.
    :raises Stopped: nothing more of it leaves.
    :raises NothingToRepeat: no copy is open to it.
    """
    _keeps(announcement, by)
    reason = _given(reason)
    if not allows(announcement, step):
        raise Stopped(_("This announcement was stopped, or has not begun: none of its copies can be sent again."))
    message = queries.message_of(announcement)
    entry = journal.record(_VERBS[step], announcement, by.person, reason=reason)
    db.session.flush()
    asked = again.Asked(entry.id, by.id, entry.reason)
    count = again.step_in(message, step, asked, *_narrower(announcement, step, which))
    if not count:
        raise NothingToRepeat(
            _("There is no such copy any more: it has moved on, or somebody asked for it just before you.")
        )
    entry.detail = {"copies": count}
    if step in SENDS:
        _reopen(announcement)
    return count


def undo(announcement: Announcement, entry_id: int, by: Viewer) -> int:
    """Take one request back for the copies that have not left; how many.

    :raises TooLateToTakeBack: there are none.
    """
    _keeps(announcement, by)
    count = again.undo(queries.message_of(announcement), entry_id)
    if not count:
        raise TooLateToTakeBack(_("This can no longer be taken back: the copies have been tried meanwhile."))
    journal.record("announcement.copies-taken-back", announcement, by.person, copies=count, entry=entry_id)
    return count


@dataclass(frozen=True)
class Paused:
    """That nothing of an announcement leaves until somebody lets it go on."""

    at: datetime
    why: Pause
    words: str  # of a server, without any address


def paused(announcement: Announcement, by: Viewer) -> Paused | None:
    """Whether it is paused, since when and why."""
    row = db.session.execute(
        select(OutgoingMessage.paused_at, OutgoingMessage.paused_why).where(
            OutgoingMessage.id == announcement.message_id, OutgoingMessage.paused_at.is_not(None)
        )
    ).first()
    return read_pause(row.paused_at, row.paused_why, by) if row is not None else None


def read_pause(at: datetime, why: str, by: Viewer) -> Paused:
    """The columns of a message that is paused, read."""
    kind, _space, words = why.partition(" ")
    known = Pause(kind) if kind in set(Pause) else Pause.ASKED
    return Paused(at, known, progress.words_for(by, words if kind in set(Pause) else why, ""))


def waves_of(announcement: Announcement) -> Standing | None:
    """How far it has come if it leaves in waves; None if it leaves all at once."""
    return waves.standing(queries.message_of(announcement).id)


def pause(announcement: Announcement, reason: str, by: Viewer) -> None:
    """Let nothing more of it leave until somebody lets it go on (``go_on``).

    :raises Invalid: on ``reason``: none was given.
    :raises NotSending: it is not being sent, or is paused already.
    """
    _keeps(announcement, by)
    reason = _given(reason)
    sending = announcement.state is AnnouncementState.SENDING
    if not sending or not pausing.pause(queries.message_of(announcement).id, Pause.ASKED, reason):
        raise NotSending(
            _("It is paused already.") if sending else _("There is nothing to pause: it is not being sent.")
        )
    journal.record("announcement.paused", announcement, by.person, reason=reason, why=Pause.ASKED.value)


def go_on(announcement: Announcement, reason: str, by: Viewer) -> None:
    """Let a paused announcement leave again.

    :raises Invalid: on ``reason``: none was given.
    :raises NotPaused: it is not paused, perhaps because of a second click.
    """
    _keeps(announcement, by)
    reason = _given(reason)
    if not pausing.go_on(queries.message_of(announcement)):
        sending = announcement.state is AnnouncementState.SENDING
        raise NotPaused(_("It goes on already.") if sending else _("It is not paused, and no longer being sent."))
    waves.keep_apart()
    journal.record("announcement.let-go-on", announcement, by.person, reason=reason)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid("reason", _("Say in a few words why; it stays beside the copy."))
    return reason.strip()[:LONGEST_REASON]


def people(announcement: Announcement) -> Select[Any]:
    """SQL: the ids of those who can still be written to because of this announcement; filters of the frozen list are over."""
    versions = [text.language for text in queries.texts(announcement)]
    asked = standing.question(announcement, versions, clock.now())
    whole = Audience(
        everybody=asked.audience.everybody,
        caucus_ids=asked.audience.caucus_ids,
        group_ids=asked.audience.group_ids,
    )
    stood = standing.standing(replace(asked, audience=whole), reasons=False)
    return select(stood.c.person_id).where(stood.c.rank == standing.OPEN)


def allows(announcement: Announcement, step: Step) -> bool:
    """Whether ``step`` can be taken at all: it has begun; once it was stopped, no copy leaves, but each can be settled."""
    return announcement.state in _GONE or (announcement.state is AnnouncementState.STOPPED and step not in SENDS)


def _narrower(announcement: Announcement, step: Step, which: Which) -> list[ColumnElement[bool]]:
    found = [again.reachable(people(announcement))] if step in SENDS else []
    found += [Delivery.state == which.state] if which.state is not None else []
    return found + ([Delivery.id.in_(which.rows)] if which.rows is not None else [])


def open_rows(announcement: Announcement, step: Step, which: Which = ALL) -> set[int]:
    """The copies (ids) that are open to ``step``. For a page of a list."""
    where = (Delivery.message_id == announcement.message_id, again.open_to(step))
    if not allows(announcement, step):
        return set()
    return set(db.session.scalars(select(Delivery.id).where(*where, *_narrower(announcement, step, which))))


def offered(announcement: Announcement, step: Step, which: Which = ALL) -> int:
    """How many copies are open to ``step``."""
    where = (Delivery.message_id == announcement.message_id, again.open_to(step))
    if not allows(announcement, step):
        return 0
    counted = select(func.count()).select_from(Delivery).where(*where, *_narrower(announcement, step, which))
    return db.session.scalar(counted) or 0


@dataclass(frozen=True)
class Said:
    """What somebody asked or said of a copy."""

    step: Step
    at: datetime
    name: str  # of who did; "" if they are forgotten
    reason: str


def said(rows: Sequence[int]) -> dict[int, Said]:
    """For each of these copies (ids) the last step that stands."""
    found = again.latest(rows)
    names = _names([one.by_id for one in found.values()])
    return {row: Said(one.step, one.at, names.get(one.by_id or 0, ""), one.reason) for row, one in found.items()}


def pending(announcement: Announcement) -> list[tuple[again.Pending, str]]:
    """Requests that can be taken back, newest first, and the name of who made each."""
    found = again.pending(announcement.message_id)
    names = _names([one.by_id for one in found])
    return [(one, names.get(one.by_id or 0, "")) for one in found]


def _names(ids: Sequence[int | None]) -> dict[int, str]:
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_({one for one in ids if one})))
    return {person_id: name for person_id, name in rows}


def _reopen(announcement: Announcement) -> None:
    """Copies of it leave once more: it is being sent, can be stopped, and ends when they are settled."""
    moved(
        Announcement,
        Announcement.id == announcement.id,
        Announcement.state == AnnouncementState.SENT,
        state=AnnouncementState.SENDING,
        ended_at=None,
    )


def _keeps(announcement: Announcement, by: Viewer) -> None:
    if not by.keeps_caucus(announcement.caucus_id):
        raise NotAllowed(_("Only those who keep this group, or the secretariat, can do this."))
