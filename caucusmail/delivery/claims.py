"""Which rows are due, whose they are for now, and what becomes of the rows of a worker that died.

A claim is a lease, committed with its disk flush before anything of its rows is said to a server. What is marked on them
afterwards (``delivery.marks``) need not have reached the disk; so after a power cut nobody knows what became of rows that
were leased at that moment, and all of them are *uncertain*. ``since_start`` tells a power cut from a killed worker.

No clock is believed alone. A lease that has lapsed by the clock is only *missed*: its worker, if it lives, renews it within
moments, and nothing has happened. So neither a clock that jumps on, nor a machine that slept, nor two machines that do not
agree take a row from a worker that is alive. A lease that reaches further than a lease can was made by a clock that was ahead:
it is cut.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from sqlalchemy import ColumnElement, Dialect, Update, and_, bindparam, func, or_, select, text, tuple_, update

from caucusmail import clock, database, failpoints
from caucusmail.database import db, transaction
from caucusmail.delivery.ledger import DELIVER
from caucusmail.delivery.locking import unlocked
from caucusmail.delivery.models import DUE, LEASED, OWED, Delivery, DeliveryState, Lane, OutgoingMessage
from caucusmail.delivery.prepared import Prepared, among, listed, one_of
from caucusmail.delivery.queues import domain_of
from caucusmail.delivery.retry import Fault

LEASE = timedelta(seconds=25)  # with two sweeps, ten seconds each, less than a minute until a dead worker's rows go on
RENEW = timedelta(seconds=4)  # how often a worker renews its leases
ANSWER = timedelta(seconds=9)  # so long whoever missed it may still renew; less than from one sweep to the next
_LATER = ("lease_until", "lease_by", "missed_at", "bounced_at", "bounce", "bounce_words", "complained_at", "moved_at")
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_POSTGRESQL = text("SELECT pg_postmaster_start_time(), stats_reset FROM pg_stat_bgwriter")


def live() -> ColumnElement[bool]:
    """The message was released and nobody has paused or stopped it: of one that is held the rows stay due, unclaimed.

    A question for each row, and no EXISTS: PostgreSQL would make a join of that, and look through all rows of a message
    for the few that are asked for.
    """
    leaves = and_(
        OutgoingMessage.released_at.is_not(None),
        OutgoingMessage.paused_at.is_(None),
        OutgoingMessage.stopped_at.is_(None),
    )
    return select(leaves).where(OutgoingMessage.id == Delivery.message_id).correlate(Delivery).scalar_subquery()


def due(now: datetime, lane: Lane) -> Any:
    """SELECT of the ids of this lane's rows that may be claimed, the earliest first."""
    return (
        select(Delivery.id)
        .where(
            OWED,
            Delivery.lane == lane,
            Delivery.due_at <= now,
            Delivery.lease_until.is_(None),  # what became of a lapsed lease is found out by ``recover`` alone
            live(),
        )
        .order_by(Delivery.due_at, Delivery.id)
    )


def up_to(lane: Lane) -> list[Lane]:
    """``lane`` and those that are served before it, in their order."""
    lanes = list(Lane)
    return lanes[: lanes.index(lane) + 1]


def candidates(now: datetime, lane: Lane, limit: int, but: Collection[str], after: Any = None) -> Sequence[Any]:
    """Due rows of this lane that nobody else is claiming, locked: id, due_at, address_key; those that follow ``after``, one of them."""
    found = _but(due(now, lane), lane, but).add_columns(Delivery.due_at, Delivery.address_key)
    if after is not None:
        found = found.where(tuple_(Delivery.due_at, Delivery.id) > tuple_(after.due_at, after.id))
    return db.session.execute(found.limit(limit).with_for_update(skip_locked=True, of=Delivery)).all()


def _but(found: Any, lane: Lane, domains: Collection[str]) -> Any:
    """Without the rows for these recipient domains; letters that somebody waits for are found nevertheless."""
    if not domains or lane is Lane.TRANSACTIONAL:
        return found
    return found.where(domain_of(Delivery.address_key).not_in(one_of(domains, db.engine.dialect)))


def anything_due(last: Lane, but: Collection[str] = ()) -> bool:
    """Whether a turn of the lane ``last`` and those before it would find anything, for recipient domains ``but`` these.

    Needs a unit of work.
    """
    now = clock.now()
    return any(db.session.scalar(_but(due(now, lane), lane, but).limit(1)) is not None for lane in up_to(last))


def claim(
    holder: str, last: Lane, limit: int, choose: Callable[[datetime, int], list[int]] | None = None
) -> list[Delivery]:
    """Lease at most ``limit`` due rows of the lane ``last`` and those before it to ``holder``, the earliest lane first; a unit of work of its own.

    ``choose(now, limit)`` names their ids, locked, where more is asked than that they are due.

    What is returned are rows of a result, which read like a Delivery and belong to no session.
    """
    now = clock.now()
    with transaction():
        database.flush_at_commit()
        if db.engine.dialect.name == "postgresql":  # a plan made while the table was small would read all of it later
            db.session.execute(text("SET LOCAL enable_seqscan = off"))
        ids = choose(now, limit) if choose else _first(now, last, limit)
        taken = {"rows": listed(ids, db.engine.dialect), "until": now + LEASE, "holder": holder, "now": now}
        cursor = db.session.connection().connection.cursor()
        rows = _take(db.engine.dialect).rows(cursor, taken) if ids else []
        failpoints.reach("before_claim_commit")
    place = {row: number for number, row in enumerate(ids)}
    return cast("list[Delivery]", sorted(rows, key=lambda row: place[row.id]))


def _first(now: datetime, last: Lane, limit: int) -> list[int]:
    ids: list[int] = []
    for lane in up_to(last):
        found = due(now, lane).limit(limit - len(ids)).with_for_update(skip_locked=True, of=Delivery)
        ids += db.session.scalars(found)
        if len(ids) == limit:
            break
    return ids


@cache
def _take(dialect: Dialect) -> Prepared:
    """UPDATE that leases rows and gives them back, but for what came after an earlier attempt."""
    columns = Delivery.__table__.c
    now = bindparam("now", required=True, type_=columns.begun_at.type)
    statement = (
        update(Delivery.__table__)  # type: ignore[arg-type]  # a mapped class's table is one
        .where(among(columns.id, dialect))
        .values(
            lease_until=bindparam("until", required=True, type_=columns.lease_until.type),
            lease_by=bindparam("holder", required=True),
            missed_at=None,
            begun_at=func.coalesce(columns.begun_at, now),
        )
        .returning(*(column for column in columns if column.name not in _LATER))
    )
    return Prepared(statement, dialect)


def held(holder: str) -> Update:
    """UPDATE of the rows that ``holder`` has leased and not begun."""
    return update(Delivery).where(LEASED, Delivery.lease_by == holder, Delivery.state.in_(DUE))


def renew(holder: str) -> int:
    """The leases of ``holder`` go on, of what is in flight too; how many. A unit of work of its own."""
    mine = unlocked(LEASED, Delivery.lease_by == holder)
    with transaction():
        return count(update(Delivery).where(mine).values(lease_until=clock.now() + LEASE, missed_at=None))


def recover() -> int:
    """What leases have left whose workers are dead: how many rows. A unit of work of its own.

    Rows in flight become uncertain, and after a power cut all that were leased; the others are due again. A worker is
    dead when its lease has lapsed, and was not renewed for ``ANSWER`` after that was seen.
    """
    now = clock.now()
    with transaction():
        ahead = Delivery.lease_until > now + LEASE
        count(update(Delivery).where(unlocked(ahead)).values(lease_until=now + LEASE))
        lapsed = Delivery.lease_until < now
        dead = and_(lapsed, Delivery.missed_at <= now - ANSWER)
        lost = _uncertain(Fault.WORKER_DIED, now, dead, Delivery.state == DeliveryState.IN_FLIGHT)
        other_start = ~Delivery.lease_by.endswith(f"/{since_start()}", autoescape=True)
        lost += _uncertain(Fault.POWER_CUT, now, dead, Delivery.state.in_(DUE), other_start)
        again = unlocked(dead, Delivery.state.in_(DUE))
        freed = count(update(Delivery).where(again).values(lease_until=None, lease_by=""))
        unseen = or_(Delivery.missed_at.is_(None), Delivery.missed_at > now)  # or seen by a clock that is ahead of ours
        count(update(Delivery).where(unlocked(lapsed, unseen)).values(missed_at=now))
        for lane in Lane:
            if db.session.scalar(due(now, lane).limit(1)) is not None:
                database.wake(DELIVER[lane])
    return lost + freed


def _uncertain(fault: Fault, now: datetime, *where: ColumnElement[bool]) -> int:
    values = {"state": DeliveryState.UNCERTAIN, "settled_at": now, "note": fault.value, "lease_until": None}
    return count(update(Delivery).where(unlocked(*where)).values(**values))


def since_start() -> str:
    """Eight hex digits that change when the database may have lost what was not flushed: the machine or the server restarted.

    Needs a unit of work. SQLite loses nothing with a killed process, only with the machine (its boot id). PostgreSQL
    does with its server (the time of its start), and when one of its own processes is killed: then it starts anew inside,
    and forgets its statistics.
    """
    if db.engine.dialect.name == "sqlite":
        return _short(_boot())
    return _short(str(db.session.execute(_POSTGRESQL).one()))


@cache
def _boot() -> str:
    try:
        return _BOOT.read_text()
    except OSError:
        return "no boot id on this system"


def _short(mark: str) -> str:
    return sha256(mark.encode()).hexdigest()[:8]


def count(statement: Update) -> int:
    """Execute ``statement``; how many rows it changed."""
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
