"""What became of the copies: numbers by state, the pace, and the list behind each number."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, or_, select

from caucusmail import clock
from caucusmail.announcements import audience
from caucusmail.announcements.models import Announcement
from caucusmail.database import db
from caucusmail.delivery import retry
from caucusmail.delivery.models import DUE, Delivery, DeliveryState, Lane
from caucusmail.directory.visibility import Viewer
from caucusmail.mail import addresses

PER_PAGE = 25
PACE_OVER = timedelta(minutes=1)
"""The pace of now is reckoned over this stretch. An outage before the first of them counts for nothing."""

SHORTEST_S = 5  # seconds: after a shorter stretch the pace is a guess


@dataclass(frozen=True)
class Numbers:
    """Copies by state; ``settled_lately`` were settled within the last ``lately_s`` seconds, in which copies did leave."""

    states: dict[DeliveryState, int]
    settled_lately: int
    lately_s: float
    unanswered: bool  # copies wait after a try that no server answered, and none was accepted since
    all_s: float = 0.0  # seconds from the first copy to now, or to the last one
    digests: int = 0  # wait for their readers' digests
    later: int = 0  # wait for their readers' hours
    last_later: datetime | None = None  # when the last of both is due
    waits_until: datetime | None = None  # every copy that is open waits for a later try: the first of these

    @property
    def total(self) -> int:
        """All copies."""
        return sum(self.states.values())

    @property
    def due(self) -> int:
        """Copies that have not begun to leave."""
        return sum(self.states.get(state, 0) for state in DUE)

    @property
    def open(self) -> int:
        """Copies that may still leave."""
        return sum(self.states.get(state, 0) for state in (*DUE, DeliveryState.IN_FLIGHT))

    @property
    def moving(self) -> int:
        """Copies that may leave now: the others wait because their readers want it so."""
        return self.open - self.digests - self.later

    @property
    def a_minute(self) -> int:
        """Copies settled in a minute, of late."""
        return round(self.settled_lately * 60 / self.lately_s) if self.lately_s >= SHORTEST_S else 0

    @property
    def a_minute_in_all(self) -> int:
        """Copies settled in a minute, since the beginning; those that were withdrawn never left."""
        settled = self.total - self.open - self.states.get(DeliveryState.WITHDRAWN, 0)
        return round(settled * 60 / self.all_s) if self.all_s >= SHORTEST_S else 0

    @property
    def left_s(self) -> tuple[float, float] | None:
        """At least and at most so many seconds until the rest is settled; None if it does not move, or cannot be told."""
        paces = [pace for pace in (self.a_minute, self.a_minute_in_all) if pace]
        if not self.a_minute or not self.moving or self.waits_until is not None:
            return None
        return self.moving * 60 / max(paces), self.moving * 60 / min(paces)


def numbers(announcement: Announcement) -> Numbers:
    """The numbers as they are now; one statement."""
    now = clock.now()
    since = max(now - PACE_OVER, announcement.begun_at or now)
    left = Delivery.state != DeliveryState.WITHDRAWN
    unanswered = (Delivery.state == DeliveryState.DEFERRED) & Delivery.reply_code.is_(None)
    ahead = (Delivery.state == DeliveryState.QUEUED) & or_(Delivery.due_at > now, Delivery.lane == Lane.DIGEST)
    rows = db.session.execute(
        select(
            Delivery.state,
            func.count().label("copies"),
            func.sum(_one((Delivery.settled_at >= since) & left)).label("lately"),
            func.min(case(((Delivery.settled_at >= since) & left, Delivery.settled_at))).label("first"),
            func.max(case((left, Delivery.settled_at))).label("last"),
            func.max(case((unanswered, Delivery.due_at))).label("again"),
            func.min(case((Delivery.state.in_(DUE), Delivery.due_at))).label("due"),
            func.sum(_one(ahead & (Delivery.lane == Lane.DIGEST))).label("digests"),
            func.sum(_one(ahead & (Delivery.lane != Lane.DIGEST))).label("later"),
            func.max(case((ahead, Delivery.due_at))).label("last_later"),
        )
        .where(Delivery.message_id == announcement.message_id)
        .group_by(Delivery.state)
    ).all()
    states = {row.state: row.copies for row in rows}
    fault_at = max((row.again - retry.AFTER_A_FAULT for row in rows if row.again is not None), default=None)
    accepted_at = max((row.last for row in rows if row.state is DeliveryState.ACCEPTED and row.last), default=None)
    begun = min((row.first for row in rows if row.first is not None), default=now)
    return Numbers(
        states,
        sum(row.lately or 0 for row in rows),
        (now - begun).total_seconds(),
        fault_at is not None and (accepted_at is None or accepted_at <= fault_at),
        _lasted_s(announcement, states, max((row.last for row in rows if row.last), default=now)),
        sum(row.digests or 0 for row in rows),
        sum(row.later or 0 for row in rows),
        max((row.last_later for row in rows if row.last_later), default=None),
        _waits_until(states, min((row.due for row in rows if row.due), default=now), now),
    )


def _lasted_s(announcement: Announcement, states: dict[DeliveryState, int], last: datetime) -> float:
    """Seconds from the beginning to now, or to the last copy if none is open."""
    is_open = any(states.get(state) for state in (*DUE, DeliveryState.IN_FLIGHT))
    until = clock.now() if is_open else last
    return (until - (announcement.begun_at or until)).total_seconds()


def _waits_until(states: dict[DeliveryState, int], due: datetime, now: datetime) -> datetime | None:
    """When the next copy is tried, if that is later and none is leaving or due before."""
    waits = states.get(DeliveryState.DEFERRED) and not states.get(DeliveryState.IN_FLIGHT)
    return due if waits and due > now else None


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where it holds, else 0."""
    return case((condition, 1), else_=0)


_ADDRESS = re.compile(r"(?:\"[^\"\s@]{1,64}\"|[^\s<>\"'(),;:]+)@[^\s<>\"'(),;:]+")


@dataclass(frozen=True)
class Copy:
    """One copy on a list; never with the whole address."""

    id: int
    name: str  # "" where the viewer may not see it
    address: str  # masked; "" where the viewer may not see it
    state: DeliveryState
    at: datetime | None  # settled; else when it is tried (again)
    attempts: int
    code: int | None
    reply: str  # the other server's own words, addresses in it masked
    note: str
    bounced_at: datetime | None = None  # a report came afterwards
    bounce: str = ""  # the words of that report, masked alike
    moved: bool = False  # it goes, or went, to an address that the person has given since it was confirmed
    digest: bool = False  # it leaves, or left, in their digest
    later: bool = False  # it waits for their reading hours


def _masked(address: str, by: Viewer) -> str:
    """An address in a server's words: of a mailbox that may be somebody's, only the secretariat sees the domain."""
    return addresses.masked(address) if by.secretariat else "***"


def words_for(by: Viewer, words: str, row_address: str) -> str:
    """A server's ``words`` about a copy for ``row_address``, without any address and without the name of the mailbox."""
    local = row_address.rpartition("@")[0]
    words = _ADDRESS.sub(lambda found: _masked(found[0], by), words)
    return re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "***", words, flags=re.IGNORECASE) if len(local) > 2 else words


def copies(
    announcement: Announcement, states: Sequence[DeliveryState], by: Viewer, page: int
) -> tuple[Sequence[Copy], int]:
    """One page of the copies in these states, and how many there are."""
    where = (Delivery.message_id == announcement.message_id) & Delivery.state.in_(states)
    total = db.session.scalar(select(func.count()).select_from(Delivery).where(where)) or 0
    rows = db.session.scalars(
        select(Delivery).where(where).order_by(Delivery.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    named = audience.named(announcement, [row.person_id for row in rows if row.person_id is not None], by)
    return [copy(row, named, by) for row in rows], total


def copy(row: Delivery, named: Container[int | None], by: Viewer) -> Copy:
    """``row`` as ``by`` may see it; ``named``: the people whose name they may see."""
    return Copy(
        id=row.id,
        name=row.name if by.secretariat or row.person_id in named else "",
        address=addresses.masked(row.address) if by.secretariat else "",
        state=row.state,
        at=row.settled_at or row.due_at,
        attempts=row.attempts,
        code=row.reply_code,
        reply=words_for(by, row.reply, row.address),
        note=row.note,
        bounced_at=row.bounced_at,
        bounce=words_for(by, row.bounce_words or "", row.address),
        moved=row.moved_at is not None,
        digest=row.lane is Lane.DIGEST,
        later=row.state is DeliveryState.QUEUED and row.due_at > clock.now(),
    )
