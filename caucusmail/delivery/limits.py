"""How many letters a relay, or a recipient domain, may get in a minute: what the operator has set, reckoned in rows.

A bucket for each (GCRA: ITU-T I.371, annex A): one row says from when on a whole burst may leave again, and each letter moves that
on by its share of a minute. So no minute holds more than the limit and one burst, however many workers ask, on however many
machines; and a worker that is killed has used what it took, never more. Where nothing is set no row is read or written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from caucusmail import clock, settings
from caucusmail.database import db
from caucusmail.delivery.models import LimitPace
from caucusmail.hosts import OTHERS

BURSTS = 4
"""A minute's letters in so many parts: one of them may leave at once."""

MINUTE = timedelta(minutes=1)
_US = 60_000_000  # of a minute
_DOMAIN, _RELAY, _LOCK = "domain ", "relay ", ""
SHOWN = 20
"""Domains on the page that have no limit by name, but that of all others: those that wait longest."""


@dataclass(frozen=True)
class Ask:
    """Letters that would begin: ``wanted`` may have to wait, ``anyway`` count and never wait."""

    per_minute: int
    wanted: int
    anyway: int = 0


def relay(name: str) -> str:
    """What the limit of a relay is called, by its host and port."""
    return _RELAY + name


def domain(name: str) -> str:
    """What the limit of a recipient domain is called."""
    return _DOMAIN + name


def of_domain(name: str, told: Mapping[str, int]) -> int:
    """Letters a minute for a recipient domain, by what the operator ``told``; 0: no limit."""
    return told.get(name, told.get(OTHERS, 0))


def burst(per_minute: int) -> int:
    """So many letters may leave at once after a quiet while; pure. Two at least: the sweep does not look in at every second."""
    return max(min(per_minute, 2), per_minute // BURSTS)


def room(per_minute: int, full_at: datetime, now: datetime) -> int:
    """How many letters may leave now; pure."""
    ahead_us = max(0, (full_at - now) // timedelta(microseconds=1))
    return max(0, burst(per_minute) + -ahead_us * per_minute // _US)


def next_at(per_minute: int, full_at: datetime) -> datetime:
    """When one letter may leave at the earliest; pure. It may have passed."""
    return full_at - timedelta(microseconds=(burst(per_minute) - 1) * _US // per_minute)


def moved(per_minute: int, full_at: datetime, now: datetime, letters: int) -> datetime:
    """``full_at`` after so many letters; pure. Those that never wait put the others off by a minute at most."""
    after = max(full_at, now) + timedelta(microseconds=letters * _US // per_minute)
    return min(after, max(full_at, now + MINUTE))


def alone() -> None:
    """Others that take from a limit wait until the caller's transaction ends."""
    lock = _insert(LimitPace).values(name=_LOCK, full_at=clock.now(), minute=0, begun=0)
    db.session.execute(lock.on_conflict_do_update(index_elements=["name"], set_={"begun": 0}))


def take(asked: Mapping[str, Ask]) -> dict[str, int]:
    """Of each of these names, how many of those that may have to wait may leave now; they count. In the caller's
    transaction, after ``alone()``."""
    now, minute = clock.now(), _minute(clock.now())
    known = {row.name: row for row in db.session.execute(_rows().where(LimitPace.name.in_(list(asked))))}
    granted, rows = {}, []
    for name, ask in asked.items():
        row = known.get(name)
        full_at = row.full_at if row else now
        granted[name] = min(ask.wanted, room(ask.per_minute, full_at, now))
        letters = granted[name] + ask.anyway
        begun = row.begun if row and row.minute == minute else 0
        full_at = moved(ask.per_minute, full_at, now, letters)
        rows.append({"name": name, "full_at": full_at, "minute": minute, "begun": begun + letters})
    if rows:
        new = _insert(LimitPace).values(rows)
        taken = {column: new.excluded[column] for column in ("full_at", "minute", "begun")}
        db.session.execute(new.on_conflict_do_update(index_elements=["name"], set_=taken))
    return granted


def give_back(unused: Mapping[str, tuple[int, int]]) -> None:
    """Letters that were taken and have not begun: name to how many, and the limit a minute. In the caller's transaction."""
    unused = {name: one for name, one in unused.items() if one[0] > 0}
    if not unused:
        return
    alone()
    minute = _minute(clock.now())
    for row in db.session.execute(_rows().where(LimitPace.name.in_(list(unused)))).all():
        number, per_minute = unused[row.name]
        values: dict[str, Any] = {"full_at": row.full_at - timedelta(microseconds=number * _US // per_minute)}
        if row.minute == minute:
            values["begun"] = max(0, row.begun - number)
        here = update(LimitPace).where(LimitPace.name == row.name).values(**values)
        db.session.execute(here.execution_options(synchronize_session=False))


def full_domains(told: Mapping[str, int]) -> set[str]:
    """The recipient domains for which no letter may leave now. Needs a unit of work."""
    now = clock.now()
    rows = db.session.execute(
        _rows().where(LimitPace.full_at > now, LimitPace.name.startswith(_DOMAIN, autoescape=True))
    )
    names = {row.name.removeprefix(_DOMAIN): row.full_at for row in rows}
    limits = {name: of_domain(name, told) for name in names}
    return {name for name, most in limits.items() if most and not room(most, names[name], now)}


def tidy() -> None:
    """Forget what limits nothing any more, and cut what a clock that was ahead has left; in the caller's transaction."""
    now = clock.now()
    if db.session.scalar(select(LimitPace.name).where(LimitPace.name != _LOCK).limit(1)) is None:
        return
    alone()  # who takes from limits has locked rows of several, and would wait for these while we wait for theirs
    old = delete(LimitPace).where(LimitPace.full_at < now - 2 * MINUTE)
    ahead = update(LimitPace).where(LimitPace.full_at > now + MINUTE).values(full_at=now + MINUTE)
    for statement in (old, ahead):
        db.session.execute(statement.execution_options(synchronize_session=False))


@dataclass(frozen=True)
class Standing:
    """One limit, as the page of mail shows it."""

    name: str  # of a relay (host and port) or a recipient domain; ``OTHERS``: what each domain gets that is not named
    is_relay: bool
    per_minute: int
    begun: int  # letters that count in this minute
    next_at: datetime | None  # when the next may leave; None: now


def standing() -> Sequence[Standing]:
    """Every limit that is set, relays first, and the domains of which all others' limit makes letters wait; one statement."""
    told, now = settings.current(), clock.now()
    domains = {domain(name): most for name, most in told.mail_domain_limits.items() if most and name != OTHERS}
    named = {relay(name): most for name, most in told.relay_limits.items()} | domains
    rest = told.mail_domain_limits.get(OTHERS, 0)
    if not named and not rest:
        return []
    known = {row.name: row for row in db.session.execute(_rows().order_by(LimitPace.full_at.desc()))}
    free = [name for name, row in known.items() if name.startswith(_DOMAIN) and row.full_at > now]
    unnamed = [name for name in free if name.removeprefix(_DOMAIN) not in told.mail_domain_limits] if rest else []
    others = {domain(OTHERS): rest} if rest else {}
    shown = named | others | dict.fromkeys(unnamed[:SHOWN], rest)
    return [_standing(name, most, known.get(name), now) for name, most in shown.items()]


def _standing(name: str, per_minute: int, row: Any, now: datetime) -> Standing:
    begun = row.begun if row and row.minute == _minute(now) else 0
    at = next_at(per_minute, row.full_at) if row else now
    is_relay = name.startswith(_RELAY)
    return Standing(
        name.removeprefix(_RELAY if is_relay else _DOMAIN), is_relay, per_minute, begun, at if at > now else None
    )


def _rows() -> Any:
    return select(LimitPace.name, LimitPace.full_at, LimitPace.minute, LimitPace.begun)


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)


def _insert(model: Any) -> Any:
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return insert(model)
