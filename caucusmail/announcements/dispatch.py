"""confirm, undo, schedule, stop: an announcement from its author's last word to its last copy.

Confirming compiles the letters and freezes the audience in one transaction; the rows are due when the hold is over, or
at the time that was chosen. Nothing is expanded later.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import audience, checking, composition, holding, leaving, letters, naming, queries, timing
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import CannotSend, NotADraft, OlderRevision
from caucusmail.announcements.editions import Edition
from caucusmail.announcements.holding import NothingToStop as NothingToStop
from caucusmail.announcements.holding import NotReady as NotReady
from caucusmail.announcements.holding import Overtaken as Overtaken
from caucusmail.announcements.holding import TooLate as TooLate
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.audit import journal
from caucusmail.database import moved
from caucusmail.delivery import ledger
from caucusmail.delivery.models import Lane
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed
from caucusmail.languages import _

_OPEN = (AnnouncementState.CONFIRMED, AnnouncementState.SENDING)


class NotConfirmed(Invalid):
    """What was typed does not name those who would get it."""


class NoTest(Conflict):
    """No test letter of this version was sent yet."""


def send_test(announcement: Announcement, by: Viewer) -> int:
    """Owe ``by`` one letter in each language version, marked as a test; how many. ``confirm`` asks for it once a version.

    :raises NotADraft: it has been confirmed.
    :raises NotReady: there is no text.
    """
    _keeps(announcement, by)
    if announcement.state is not AnnouncementState.DRAFT:
        raise NotADraft(_("This announcement has been confirmed already. Tests are sent before that."))
    texts = queries.texts(announcement)
    ready = [text.language for text in texts if text.subject]
    if not ready or by.person is None:
        raise NotReady(_("There is no text yet. Write a subject and a text in at least one language."))
    for version in ready:
        edition = replace(
            Edition.of(version), discreet=by.person.discreet
        )  # as its readers get it, whatever the writer reads
        message = holding.open_message(announcement, "announcement-test", Lane.TRANSACTIONAL)
        for one in Edition.needed([edition.key]):
            letters.compile_into(message, announcement, one, test=True)
        ledger.owe_each(message, _only(by.person, edition), clock.now())
    announcement.tested_at = clock.now()
    journal.record("announcement.tested", announcement, by.person, revision=announcement.revision)
    return len(ready)


def confirm(
    announcement: Announcement,
    typed: str,
    revision: int,
    by: Viewer,
    at: datetime | None = None,
    per_hour: int | None = None,
) -> Announcement:
    """Freeze the audience and hold the copies: for two minutes, or until ``at``; then all leave, or ``per_hour`` an hour.

    :raises NotConfirmed: on ``typed``: it is not what names the audience (``naming.word``).
    :raises OlderRevision: a newer version was saved meanwhile.
    :raises NotADraft: it was confirmed already, perhaps by a second click.
    :raises NoTest, NotReady, CannotSend, NotAllowed: as they say.
    :raises Invalid: on ``scheduled_for``: not in the future; on ``per_hour``: too slow for the meeting.
    """
    _may_confirm(announcement, typed, revision, by)
    now = clock.now()
    release_at = timing.release(announcement, at, now, by)
    won = moved(
        Announcement,
        Announcement.id == announcement.id,
        Announcement.state == AnnouncementState.DRAFT,
        Announcement.revision == revision,
        state=AnnouncementState.CONFIRMED,
        confirmed_at=now,
        confirmed_by_id=by.id,
        scheduled_for=at,
        release_at=release_at,
    )
    if not won:
        raise NotADraft(_("This announcement has been confirmed or changed meanwhile. Please look at it again."))
    copies = holding.hold(announcement, release_at, per_hour)
    journal.record(
        "announcement.confirmed", announcement, by.person, copies=copies, revision=revision, per_hour=per_hour
    )
    return announcement


def undo(announcement: Announcement, by: Viewer) -> Announcement:
    """Back to a draft, as if never confirmed; also takes a scheduled one off the schedule.

    :raises TooLate: the first copy has left, or may have.
    :raises Overtaken: somebody took it back just before, or gave it another time.
    """
    _keeps(announcement, by)
    holding.unheld(
        announcement,
        state=AnnouncementState.DRAFT,
        confirmed_at=None,
        confirmed_by_id=None,
        scheduled_for=None,
        release_at=None,
        audience_digest="",
        counts={},
    )
    journal.record("announcement.undone", announcement, by.person)
    return announcement


def reschedule(announcement: Announcement, by: Viewer, at: datetime | None = None) -> Announcement:
    """Another time (None: after the usual hold); the audience is frozen again as of then. Waves stay waves.

    :raises TooLate: it has begun to leave.
    :raises Overtaken: somebody took it back just before, or gave it another time.
    :raises Invalid: on ``scheduled_for``: not in the future.
    """
    _may_send(announcement, by)
    release_at = timing.release(announcement, at, clock.now(), by)
    held = queries.per_hour(announcement)
    holding.unheld(announcement, scheduled_for=at, release_at=release_at)
    copies = holding.hold(announcement, release_at, held)
    journal.record("announcement.rescheduled", announcement, by.person, copies=copies)
    return announcement


def stop(announcement: Announcement, by: Viewer) -> int:
    """Nothing more leaves; how many copies were withdrawn.

    :raises NothingToStop: it is not being sent, or no more.
    """
    _keeps(announcement, by)
    won = moved(
        Announcement,
        Announcement.id == announcement.id,
        Announcement.state.in_(_OPEN),
        state=AnnouncementState.STOPPED,
        ended_at=clock.now(),
    )
    if not won:
        raise NothingToStop(_("There is nothing to stop: this announcement is not being sent."))
    withdrawn = ledger.stop(queries.message_of(announcement))
    journal.record("announcement.stopped", announcement, by.person, withdrawn=withdrawn)
    return withdrawn


def can_be_stopped(announcement: Announcement) -> bool:
    """Whether there is something to stop."""
    return announcement.state in _OPEN


def is_late(announcement: Announcement) -> bool:
    """Whether its time passed so long ago that it waits for a person to send it (``reschedule``) or not (``undo``)."""
    waiting = announcement.state is AnnouncementState.CONFIRMED and announcement.release_at is not None
    return waiting and announcement.release_at < clock.now() - leaving.LATE  # type: ignore[operator]  # not None, line above


def undo_left_s(announcement: Announcement) -> int:
    """Seconds left until the first copy may leave; 0 when that moment has come."""
    if announcement.state is not AnnouncementState.CONFIRMED or announcement.release_at is None:
        return 0
    return max(0, int((announcement.release_at - clock.now()).total_seconds()))


def _may_confirm(announcement: Announcement, typed: str, revision: int, by: Viewer) -> None:
    _may_send(announcement, by)
    caucus = announcement.caucus
    if announcement.state is not AnnouncementState.DRAFT:
        raise NotADraft(_("This announcement has been confirmed already."))
    if checking.why_silent(caucus):
        raise CannotSend(checking.why_silent(caucus))
    seen = audience.estimate(announcement)
    word = naming.word(announcement, seen.total)
    if not naming.same(typed, word):
        raise NotConfirmed(
            "typed",
            _("“%(read)s” was read. To be sure whom you write to, type: %(word)s", read=typed[:40], word=word),
        )
    if announcement.revision != revision:
        raise OlderRevision(
            _("This announcement was changed since you looked at it. Please look at it again before you send it."),
            announcement,
        )
    if announcement.tested_at is None:
        raise NoTest(_("Send a test letter of this version to yourself first, and read it."))
    blocking = [finding.text for finding in checking.check(announcement, seen) if finding.blocks]
    if blocking:
        raise NotReady(blocking[0])


def _only(person: Person, edition: Edition) -> Any:
    key, why = literal(edition.key), literal("t")
    columns = (Person.id, Person.name, Person.address, Person.address_key, key, Person.zone, why)
    return select(*columns).where(Person.id == person.id)


def _may_send(announcement: Announcement, by: Viewer) -> None:
    """Whoever has it sent must keep all that it is sent to, whoever wrote it, and still."""
    _keeps(announcement, by)
    composition.allow_audience(Audience.from_json(announcement.audience), by)


def _keeps(announcement: Announcement, by: Viewer) -> None:
    if not by.keeps_caucus(announcement.caucus_id):
        raise NotAllowed(_("Only those who keep this group, or the secretariat, can send its announcements."))
