"""How announcements went, over time: for the charts of the secretariat's page of mail."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Integer, cast, extract, func, select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.announcements import again, dispatch, queries
from caucusmail.announcements.again import Paused
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.database import db
from caucusmail.delivery import queues
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.directory.visibility import Viewer

LATELY = timedelta(days=30)
AT_MOST = 40  # announcements on one page
BARS = 24  # of one chart
DRAWN = (DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.ACCEPTED)
"""States that have a moment, from the ground up: what is rare stands below, where it can always be seen."""


@dataclass(frozen=True)
class Course:
    """One announcement: how many copies were settled when, and how many still wait."""

    announcement: Announcement
    begins: datetime
    width: timedelta  # of one bar
    bars: Sequence[dict[DeliveryState, int]]
    states: dict[DeliveryState, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """Copies that are not settled."""
        return sum(self.states.get(state, 0) for state in queries.OPEN_ROWS)

    @property
    def ends(self) -> datetime:
        """The end of the last bar."""
        return self.begins + self.width * len(self.bars)


def lately() -> Sequence[Course]:
    """The announcements that began within the last 30 days, newest first; three statements."""
    gone = db.session.scalars(
        select(Announcement)
        .options(joinedload(Announcement.caucus))
        .where(
            Announcement.state.in_(queries.GONE),
            ~Announcement.for_newcomers,
            Announcement.begun_at > clock.now() - LATELY,
        )
        .order_by(Announcement.begun_at.desc(), Announcement.id.desc())
        .limit(AT_MOST)
    ).all()
    minute = cast(extract("epoch", Delivery.settled_at), Integer) // 60
    rows = db.session.execute(
        select(Delivery.message_id, Delivery.state, minute, func.count())
        .where(Delivery.message_id.in_([one.message_id for one in gone]))
        .group_by(Delivery.message_id, Delivery.state, minute)
    )
    settled: dict[int, list[tuple[DeliveryState, int | None, int]]] = {}
    for message_id, state, at, count in rows:
        settled.setdefault(message_id, []).append((state, at, count))
    return [_course(one, settled.get(one.message_id or 0, [])) for one in gone]


def _course(announcement: Announcement, rows: Sequence[tuple[DeliveryState, int | None, int]]) -> Course:
    """Fold minutes into at most ``BARS`` bars of equal width, from the first settled copy to the last."""
    drawn = [(state, at, count) for state, at, count in rows if state in DRAWN and at is not None]
    states: dict[DeliveryState, int] = {}
    for state, _at, count in rows:
        states[state] = states.get(state, 0) + count
    if not drawn:
        begins = announcement.begun_at or clock.now()
        return Course(announcement, begins, timedelta(minutes=1), [], states)
    first, last = min(at for _s, at, _c in drawn), max(at for _s, at, _c in drawn)
    width = -(-(last - first + 1) // BARS)  # minutes, rounded up
    bars: list[dict[DeliveryState, int]] = [{} for _ in range(-(-(last - first + 1) // width))]
    for state, at, count in drawn:
        bar = bars[(at - first) // width]
        bar[state] = bar.get(state, 0) + count
    return Course(announcement, datetime.fromtimestamp(first * 60, UTC), timedelta(minutes=width), bars, states)


@dataclass(frozen=True)
class Asking:
    """An announcement that waits for a person, and why."""

    announcement: Announcement
    late: bool  # its time passed long ago
    blamed: int  # copies refused for reasons that are ours
    paused: Paused | None = None


def for_a_person(by: Viewer) -> Sequence[Asking]:
    """Announcements somebody must look at, the paused first: paused, too late to leave by themselves, or refused for
    reasons that are ours."""
    open_ones = db.session.scalars(
        select(Announcement)
        .options(joinedload(Announcement.caucus))
        .where(Announcement.state.in_((AnnouncementState.CONFIRMED, AnnouncementState.SENDING)))
        .order_by(Announcement.release_at)
        .limit(AT_MOST)
    ).all()
    messages = [one.message_id for one in open_ones if one.message_id]
    blamed, paused = queues.counted(Fault.POLICY.value, messages), queues.paused(messages)
    found = []
    for one in open_ones:
        key = one.message_id or 0
        pause = again.read_pause(*paused[key], by) if key in paused else None
        found.append(Asking(one, dispatch.is_late(one), blamed.get(key, 0), pause))
    asking = [one for one in found if one.paused or one.late or one.blamed]
    return sorted(asking, key=lambda one: (one.paused is None, not one.late))
