"""Review windows: when the secretariat looks at applications, and what an applicant is told of it.

A window is set in whole days of The Hague's calendar, from the first day to the end of the last; no two overlap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from caucusmail import clock, zones
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory.applications import ReviewWindow
from caucusmail.errors import Conflict, Invalid, NotFound
from caucusmail.languages import _

ZONE = zones.THE_HAGUE
REMOVED = "window.removed"


class BadWindow(Invalid):
    """A window must close after it opens, not lie in the past, and lie in no other."""


class NotOpen(Conflict):
    """Only a window that is open now can be closed early."""


@dataclass(frozen=True)
class Review:
    """How reviewing stands at a moment: open until a day, paused until a day, or paused with no day set."""

    open: bool
    until: date | None  # open: its last day; paused: the first day of the next one; None: nobody has said
    note: Mapping[str, str]  # why, by language


def next_window(now: datetime) -> ReviewWindow | None:
    """The window that is open at ``now``, else the next to open."""
    return db.session.scalar(
        select(ReviewWindow).where(ReviewWindow.closes_at > now).order_by(ReviewWindow.opens_at).limit(1)
    )


def review(now: datetime) -> Review:
    """How reviewing stands at ``now``. Where no window was ever set, applications are looked at as they come."""
    window = next_window(now)
    if window is not None:
        is_open = window.opens_at <= now
        return Review(is_open, last_day(window) if is_open else first_day(window), window.note)
    ever = db.session.scalar(select(ReviewWindow.id).limit(1))
    return Review(ever is None, None, {})


def coming() -> Sequence[ReviewWindow]:
    """The windows that are open or yet to open, the next first."""
    return db.session.scalars(
        select(ReviewWindow).where(ReviewWindow.closes_at > clock.now()).order_by(ReviewWindow.opens_at)
    ).all()


def first_day(window: ReviewWindow) -> date:
    """The day on which the window opens."""
    return zones.day(window.opens_at, ZONE)


def last_day(window: ReviewWindow) -> date:
    """The last day on which the window is open, if only for a part of it."""
    return zones.day(window.closes_at - timedelta.resolution, ZONE)


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments between which a window of these days is open: both days count in full."""
    return zones.day_begins(first, ZONE), zones.day_begins(last + timedelta(days=1), ZONE)


def add(first: date, last: date, note: Mapping[str, str], *, by: Person) -> ReviewWindow:
    """Set a window; applicants are told of it from now on. The same days twice are one window. Flushes for the id.

    :raises BadWindow: it closes before it opens, is over already, or overlaps another.
    """
    if last < first:
        raise BadWindow("closes", _("The review must close after it opens. Choose a later closing day."))
    opens_at, closes_at = span(first, last)
    return _set("window.added", opens_at, closes_at, note, by)


def close(window: ReviewWindow, *, by: Person) -> datetime:
    """End a window that is open, now; when it would have closed, to put it back.

    :raises NotOpen: it is not open now.
    """
    now, was = clock.now(), window.closes_at
    if not window.opens_at < now < was:
        raise NotOpen(_("This review window is not open now."))
    window.closes_at = now
    journal.record("window.closed", window, by, was=was.isoformat(), **_moments(window))
    return was


def reopen(window: ReviewWindow, closes_at: datetime, *, by: Person) -> None:
    """Let a window close at ``closes_at`` after all.

    :raises BadWindow: that is before it opens, is over already, or another window lies there by now.
    """
    if closes_at <= max(window.opens_at, clock.now()):
        raise BadWindow("closes", _("This closing day is over already. Choose a day to come."))
    _refuse_overlap(window.opens_at, closes_at, but=window)
    window.closes_at = closes_at
    journal.record("window.reopened", window, by, **_moments(window))


def remove(window: ReviewWindow, *, by: Person) -> AuditEntry:
    """Take a window off the list; the entry by which ``put_back`` finds it again. Flushes for its id."""
    step = journal.record(REMOVED, window, by, note=dict(window.note), **_moments(window))
    db.session.delete(window)
    db.session.flush()
    return step


def days_of(step: AuditEntry) -> tuple[date, date] | None:
    """The first and last day of the window that an entry is about; None: it is about none."""
    if not (step.verb.startswith("window.") and {"opens", "closes"} <= step.detail.keys()):
        return None
    opens_at, closes_at = (datetime.fromisoformat(step.detail[name]) for name in ("opens", "closes"))
    return zones.day(opens_at, ZONE), zones.day(closes_at - timedelta.resolution, ZONE)


def removal(entry_id: int) -> AuditEntry:
    """The entry that ``remove`` wrote.

    :raises NotFound: there is none with this id.
    """
    step = db.session.get(AuditEntry, entry_id)
    if step is None or step.verb != REMOVED:
        raise NotFound(_("There is no such review window."))
    return step


def put_back(step: AuditEntry, *, by: Person) -> ReviewWindow:
    """Set a removed window again, as it was. Twice changes nothing.

    :raises BadWindow: it is over by now, or another lies there.
    """
    opens_at, closes_at = (datetime.fromisoformat(step.detail[name]) for name in ("opens", "closes"))
    return _set("window.put-back", opens_at, closes_at, step.detail["note"], by)


def _set(verb: str, opens_at: datetime, closes_at: datetime, note: Mapping[str, str], by: Person) -> ReviewWindow:
    """The window of these moments: as it stands there, or set now."""
    if closes_at <= clock.now():
        raise BadWindow("closes", _("This closing day is over already. Choose a day to come."))
    same = select(ReviewWindow).where(ReviewWindow.opens_at == opens_at, ReviewWindow.closes_at == closes_at)
    window = db.session.scalar(same)
    if window is not None:
        return window
    _refuse_overlap(opens_at, closes_at)
    window = ReviewWindow(opens_at=opens_at, closes_at=closes_at, note=dict(note))
    try:
        with db.session.begin_nested():
            db.session.add(window)
    except IntegrityError:  # the same form, sent twice at the same moment
        return db.session.scalars(same).one()
    journal.record(verb, window, by, **_moments(window))
    return window


def _moments(window: ReviewWindow) -> dict[str, str]:
    """What an entry keeps of a window, which may be gone when it is read."""
    return {"opens": window.opens_at.isoformat(), "closes": window.closes_at.isoformat()}


def _refuse_overlap(opens_at: datetime, closes_at: datetime, but: ReviewWindow | None = None) -> None:
    overlapping = select(ReviewWindow).where(ReviewWindow.opens_at < closes_at, ReviewWindow.closes_at > opens_at)
    if but is not None:
        overlapping = overlapping.where(ReviewWindow.id != but.id)
    other = db.session.scalar(overlapping.order_by(ReviewWindow.opens_at).limit(1))
    if other is not None:
        raise BadWindow(
            "opens",
            _(
                "Another window lies there, from %(first)s to %(last)s. Choose other days, or change that window first.",
                first=zones.written(first_day(other)),
                last=zones.written(last_day(other)),
            ),
        )
