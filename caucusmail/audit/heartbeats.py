"""When each part of the house was last seen at work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql, sqlite

from caucusmail import clock, settings
from caucusmail.audit.models import Heartbeat
from caucusmail.database import db

LATE_AFTER = timedelta(seconds=90)
GIVEN_UP_AFTER = timedelta(days=7)
INCOMING = "incoming"  # the way in for mail


def beat(name: str, detail: str = "") -> None:
    """``name`` is at work now."""
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    at = clock.now()
    now = {"at": at, "detail": detail[:500]}
    same = Heartbeat.detail == now["detail"]
    statement = insert(Heartbeat).values(name=name, since=at, **now)  # several may say it for the first time at once
    since = case((same, Heartbeat.since), else_=at)
    db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={**now, "since": since}))


def of_relay(name: str) -> str:
    """What the heartbeat of one of several relays is called; ``name`` is its host and port, of which the end counts."""
    return f"relay {name[-57:]}"


def beat_relays(troubles: Mapping[str, str], stands: str = "") -> None:
    """Of each relay that was spoken to what was wrong with it; of one that is the only one, its part's heartbeat is enough.

    ``stands`` is a trouble that was met lately with letters: that the relay greets us is no better word.
    """
    if settings.current().mail_fallbacks:
        for name, trouble in troubles.items():
            if trouble or not stands or lately(of_relay(name)) != stands:
                beat(of_relay(name), trouble)


@dataclass(frozen=True)
class Seen:
    """When a part of the house last spoke, what was wrong then ("": nothing), and since when that has been so."""

    at: datetime
    detail: str
    since: datetime
    late: bool  # nothing was heard for so long that it counts as silent


def seen(name: str) -> Seen | None:
    """The last word of ``name``; None if there never was one."""
    row = db.session.execute(
        select(Heartbeat.at, Heartbeat.detail, Heartbeat.since).where(Heartbeat.name == name)
    ).first()
    return Seen(*row, late=clock.now() - row.at >= LATE_AFTER) if row is not None else None


def alive(name: str) -> bool:
    """Whether ``name`` was seen lately."""
    at = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    return at is not None and clock.now() - at < LATE_AFTER


def used(name: str) -> bool:
    """Whether ``name`` was at work so lately that its silence would be a fault, and not a farewell."""
    last = seen(name)
    return last is not None and clock.now() - last.at < GIVEN_UP_AFTER


def lately(name: str) -> str:
    """What ``name`` had to say when it was seen lately; "" if it was well, or was not seen."""
    return trouble(name) if alive(name) else ""


def trouble(name: str) -> str:
    """What is wrong with ``name``: nothing ("", seen lately and well), or a few words."""
    row = db.session.execute(select(Heartbeat.at, Heartbeat.detail).where(Heartbeat.name == name)).first()
    if row is None:
        return "never seen at work"
    silent = clock.now() - row.at
    if silent >= LATE_AFTER:
        return f"not seen at work for {int(silent.total_seconds())} s"
    return str(row.detail)
