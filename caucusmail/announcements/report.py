"""What became of an announcement, to be kept: who got it, who did not and why, and how that differs from the frozen list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import audience, progress, queries, standing
from caucusmail.announcements.models import Announcement, AudienceGap, LeftOut
from caucusmail.announcements.progress import Copy
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import notice
from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from caucusmail.directory.visibility import Viewer

TAKEN = "announcement.report-taken"
AT_ONCE = 500  # rows read at a time
SHOWN = 200  # of one state on the page; all are on its list, and in the file


@dataclass(frozen=True)
class Report:
    """The numbers of an announcement that has left, or begun to."""

    frozen: int  # people on the list when it was confirmed
    states: dict[DeliveryState, int]
    first_at: datetime | None  # the first and the last copy that was accepted
    last_at: datetime | None
    came_back: int  # of those that were accepted: a report said so later
    digests: int  # of those that were accepted: they left in digests
    notices: int  # of those that were accepted: they only told that there is something
    withdrawn: dict[str, int]  # by the note of the ledger
    left_out: dict[LeftOut, int]
    newcomers: int  # would be on the list now, were nowhere when it was fixed
    digest: str  # SHA-256 over the addresses of the frozen list


def of(announcement: Announcement) -> Report:
    """As it is now."""
    mine = Delivery.message_id == announcement.message_id
    accepted = func.min(Delivery.settled_at), func.max(Delivery.settled_at), func.count(Delivery.bounced_at)
    in_digest, by_notice = Delivery.lane == Lane.DIGEST, Delivery.language.contains(notice.MARK)
    manners = func.count(case((in_digest, 1))), func.count(case((by_notice & ~in_digest, 1)))
    rows = db.session.execute(
        select(Delivery.state, Delivery.note, func.count(), *accepted, *manners)
        .where(mine)
        .group_by(Delivery.state, Delivery.note)
    ).all()
    states: dict[DeliveryState, int] = {}
    for state, _note, count, *_times in rows:
        states[state] = states.get(state, 0) + count
    took = [row for row in rows if row[0] is DeliveryState.ACCEPTED]
    estimate = audience.estimate(announcement)
    return Report(
        frozen=estimate.total,
        states=states,
        first_at=min((row[3] for row in took if row[3]), default=None),
        last_at=max((row[4] for row in took if row[4]), default=None),
        came_back=sum(row[5] for row in took),
        digests=sum(row[6] for row in took),
        notices=sum(row[7] for row in took),
        withdrawn={note: count for state, note, count, *_ in rows if state is DeliveryState.WITHDRAWN},
        left_out=dict(estimate.left_out),
        newcomers=_newcomers(announcement),
        digest=announcement.audience_digest,
    )


def _newcomers(announcement: Announcement) -> int:
    """How many would get it now and were nowhere when the list was fixed."""
    versions = [text.language for text in queries.texts(announcement)]
    stood = standing.standing(standing.question(announcement, versions, clock.now()), reasons=False)
    owed = select(Delivery.person_id).where(
        Delivery.message_id == announcement.message_id, Delivery.person_id.is_not(None)
    )
    known = select(AudienceGap.person_id).where(AudienceGap.announcement_id == announcement.id)
    where = (stood.c.rank == standing.OPEN, stood.c.person_id.not_in(owed), stood.c.person_id.not_in(known))
    return db.session.scalar(select(func.count()).select_from(stood).where(*where)) or 0


def copies(announcement: Announcement, by: Viewer, state: DeliveryState, *, came_back: bool = False) -> Sequence[Copy]:
    """The first copies in this state, by name, as ``by`` may see them; only those that came back later, if asked."""
    where = [Delivery.message_id == announcement.message_id, Delivery.state == state]
    where += [Delivery.bounced_at.is_not(None)] if came_back else []
    rows = db.session.scalars(select(Delivery).where(*where).order_by(Delivery.name, Delivery.id).limit(SHOWN)).all()
    return _seen(announcement, rows, by)


def every(announcement: Announcement, by: Viewer) -> Iterator[Copy]:
    """Every copy, as ``by`` may see it; read a few at a time."""
    last = 0
    while True:
        where = (Delivery.message_id == announcement.message_id, Delivery.id > last)
        rows = db.session.scalars(select(Delivery).where(*where).order_by(Delivery.id).limit(AT_ONCE)).all()
        if not rows:
            return
        last = rows[-1].id
        yield from _seen(announcement, rows, by)


def _seen(announcement: Announcement, rows: Sequence[Delivery], by: Viewer) -> Sequence[Copy]:
    named = audience.named(announcement, [row.person_id for row in rows if row.person_id is not None], by)
    return [progress.copy(row, named, by) for row in rows]


@dataclass(frozen=True)
class Absent:
    """Somebody who was left out when the list was fixed."""

    name: str  # "" where the viewer may not see it
    reason: LeftOut
    until: datetime | None
    zone: str


def absent(announcement: Announcement, by: Viewer) -> Iterator[Absent]:
    """Everybody who was left out, and why; read a few at a time."""
    last = 0
    while True:
        rows = db.session.execute(
            select(AudienceGap.id, Person.id, Person.name, AudienceGap.reason, AudienceGap.until, Person.zone)
            .join(Person, Person.id == AudienceGap.person_id)
            .where(AudienceGap.announcement_id == announcement.id, AudienceGap.id > last)
            .order_by(AudienceGap.id)
            .limit(AT_ONCE)
        ).all()
        if not rows:
            return
        last = rows[-1][0]
        named = audience.named(announcement, [row[1] for row in rows], by)
        for _id, person_id, name, reason, until, zone in rows:
            yield Absent(name if by.secretariat or person_id in named else "", reason, until, zone)


def taken_along(announcement: Announcement, by: Viewer) -> None:
    """Note that ``by`` took the report with names out of the house."""
    journal.record(TAKEN, announcement, by.person, role=by.role)
