"""How fast letters leave: a limit for all workers together, and a domain that asks for patience gets it.

Neither is ever held against a person: a row that waits for this has counted no attempt.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from caucusmail import clock, settings
from caucusmail.database import db, transaction
from caucusmail.delivery import claims, pausing
from caucusmail.delivery.locking import unlocked
from caucusmail.delivery.models import OWED, Delivery, DomainPace, Lane, MinutePace
from caucusmail.delivery.outcome import Outcome, Phase

WAITS = tuple(timedelta(minutes=one) for one in (1, 2, 4, 8, 16, 30))
"""How long a domain is left alone at each level; the last one repeats."""

AFTER_THE_FIRST = timedelta(seconds=30)
"""When its wait ends, one letter goes to a domain alone; the others follow so much later, unless that one is refused too."""

IN_A_ROW = 5
"""So many letters that a domain puts off, one after another and whatever it says, mean it and not its mailboxes."""

FORGOTTEN = 10
"""Minutes after which no limit looks at a minute any more."""

_SLOWER = (421, 450, 451, 452)
_RATE = re.compile(
    r"\b4\.(?:7\.\d|3\.2\b|4\.5\b)|too (?:many|much|fast)|\brate\b|rate.?limit|throttl|slow down",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"\b4\.2\.\d")
_GREY = re.compile(r"gr[ea]y.?list", re.IGNORECASE)


def asks_for_patience(end: Outcome) -> bool:
    """Whether a server says that we write to it too fast; pure. A grey list means one letter, not its domain."""
    if end.phase < Phase.RCPT or end.code not in _SLOWER or pausing.blames(end):
        return False
    return bool(_RATE.search(end.words)) and not _GREY.search(end.words)


def puts_off(end: Outcome) -> bool:
    """Whether a server says "not now" of what is no mailbox's own, and no grey list's; pure."""
    later = end.phase >= Phase.RCPT and end.code is not None and 400 <= end.code < 500
    return later and not (pausing.blames(end) or _GREY.search(end.words) or _MAILBOX.search(end.words))


def domain(row: Delivery) -> str:
    """The recipient's."""
    return row.address_key.rpartition("@")[2]


def room(per_minute: int, before: int, now: int, second: float) -> int:
    """How many letters may still begin ``second`` seconds into a minute in which ``now`` began, and ``before`` in the
    one before it; pure. So in no sixty seconds many more begin than ``per_minute``."""
    return max(0, per_minute - now - round(before * (60 - second) / 60))


def reserve(wanted: int, last: Lane) -> int:
    """How many of ``wanted`` letters may begin now; they count. A unit of work of its own, if there is a limit at all.

    Letters that somebody waits for count and never wait: they are few, and the limit is there because of the many.
    """
    per_minute = settings.current().mail_per_minute
    if not per_minute or not wanted:
        return wanted
    minute, second = divmod(clock.now().timestamp(), 60)
    with transaction():
        db.session.execute(_insert(MinutePace).values(minute=int(minute), begun=0).on_conflict_do_nothing())
        claims.count(_add(int(minute), 0))  # locks the row: workers come one after another
        begun: dict[int, int] = {
            row.minute: row.begun
            for row in db.session.execute(
                select(MinutePace.minute, MinutePace.begun).where(MinutePace.minute >= int(minute) - 1)
            )
        }
        free = room(per_minute, begun.get(int(minute) - 1, 0), begun[int(minute)], second)
        granted = wanted if last is Lane.TRANSACTIONAL else min(wanted, free)
        claims.count(_add(int(minute), granted))
        old = delete(MinutePace).where(MinutePace.minute < int(minute) - FORGOTTEN)
        db.session.execute(old.execution_options(synchronize_session=False))
    return granted


def used() -> tuple[int, int, bool] | None:
    """The limit for all letters, how many count in this minute, and whether one may begin now; None: there is no limit."""
    per_minute = settings.current().mail_per_minute
    if not per_minute:
        return None
    minute, second = divmod(clock.now().timestamp(), 60)
    rows = db.session.execute(select(MinutePace.minute, MinutePace.begun).where(MinutePace.minute >= int(minute) - 1))
    begun: dict[int, int] = {row.minute: row.begun for row in rows}
    now = begun.get(int(minute), 0)
    return per_minute, now, room(per_minute, begun.get(int(minute) - 1, 0), now, second) > 0


def give_back(number: int) -> None:
    """So many of those that were reserved have not begun; in the caller's transaction."""
    if settings.current().mail_per_minute and number > 0:
        minute = int(clock.now().timestamp() // 60)
        claims.count(_add(minute, -number).where(MinutePace.begun >= number))


def slow_down(slow: Iterable[str]) -> None:
    """Leave these domains alone for a while, each time twice as long; a unit of work of its own.

    Many answers of one while count once. Letters that somebody waits for are tried nevertheless.
    """
    now = clock.now()
    with transaction():
        for one in sorted(slow):
            new = _insert(DomainPace).values(domain=one, level=0, since=now, until=now)
            db.session.execute(new.on_conflict_do_nothing())
            level, until = db.session.execute(
                select(DomainPace.level, DomainPace.until).where(DomainPace.domain == one).with_for_update()
            ).one()
            anew = until <= now
            if anew:
                until = now + WAITS[min(level, len(WAITS) - 1)]
                values = {"level": min(level + 1, len(WAITS)), "until": until}
                claims.count(update(DomainPace).where(DomainPace.domain == one).values(**values))
            _wait(one, until, anew)


def _wait(name: str, until: datetime, anew: bool) -> None:
    """Put off what waits for a domain: one letter until then, if it was put off ``anew``, and the others until a little later."""
    theirs = Delivery.address_key.endswith(f"@{name}", autoescape=True)
    waits = (OWED, Delivery.due_at < until, Delivery.lane != Lane.TRANSACTIONAL, theirs, claims.live())
    first = db.session.scalar(select(Delivery.id).where(*waits).order_by(Delivery.due_at, Delivery.id).limit(1))
    claims.count(update(Delivery).where(unlocked(*waits)).values(due_at=until + AFTER_THE_FIRST))
    if anew and first is not None:
        claims.count(update(Delivery).where(unlocked(Delivery.id == first, OWED)).values(due_at=until))


def speed_up(well: set[str]) -> None:
    """These domains have taken letters: the next wait is half as long, or none; in the caller's transaction."""
    now = clock.now()
    slow = set(db.session.scalars(select(DomainPace.domain).where(DomainPace.until <= now)))
    if slow & well:
        them = DomainPace.domain.in_(slow & well)
        claims.count(update(DomainPace).where(them).values(level=DomainPace.level - 1))
        gone = delete(DomainPace).where(them, DomainPace.level <= 0)
        db.session.execute(gone.execution_options(synchronize_session=False))


def patient() -> Sequence[tuple[str, datetime, datetime]]:
    """Domains that are left alone now: which, since when it asked for patience, until when."""
    rows = db.session.execute(
        select(DomainPace.domain, DomainPace.since, DomainPace.until)
        .where(DomainPace.until > clock.now())
        .order_by(DomainPace.until, DomainPace.domain)
    )
    return [(name, since, until) for name, since, until in rows]


class Pace:
    """What one turn learns of domains."""

    def __init__(self) -> None:
        self.slow: set[str] = set()
        self.well: set[str] = set()
        self._put_off: Counter[str] = Counter()  # letters in a row

    def note(self, row: Delivery, end: Outcome) -> None:
        """What became of one row."""
        name = domain(row)
        if end.accepted:
            self.well.add(name)
            self._put_off[name] = 0
            return
        self._put_off[name] += puts_off(end)
        if asks_for_patience(end) or self._put_off[name] >= IN_A_ROW:
            self.slow.add(name)
            self._put_off[name] = 0

    def apply(self) -> set[str]:
        """Slow down where it was asked for; which domains those are."""
        now, self.slow = self.slow, set()
        slow_down(now)
        self.well -= now
        return now


def _insert(model: Any) -> Any:
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return insert(model)


def _add(minute: int, number: int) -> Any:
    return update(MinutePace).where(MinutePace.minute == minute).values(begun=MinutePace.begun + number)
