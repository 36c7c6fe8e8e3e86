"""hit() and spend() count one try and say whether it was one too many; tried() only asks.

The counts live in the database. ``hit`` counts in a small unit of work of its own (``database.aside``), so that a refused
request still counts; call it before the request's own first write. ``spend`` counts in the caller's transaction: what is
not kept was not spent. Keys are kept as fingerprints only.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import case

from caucusmail import clock, database, tokens
from caucusmail.database import db, delete_some
from caucusmail.throttle.models import Tally

KEPT = timedelta(days=30)
"""How long a tally is kept, so no window may be longer."""


@dataclass(frozen=True)
class Limit:
    """At most ``tries`` within ``window`` from the first of them.

    :raises ValueError: the tally would be forgotten before the window is over.
    """

    kind: str
    tries: int
    window: timedelta

    def __post_init__(self) -> None:
        if self.window > KEPT:
            raise ValueError(f"the window of {self.kind} is longer than tallies are kept")


class _UsedUp(Exception):
    pass


def hit(limit: Limit, key: str) -> bool:
    """Count one try of ``key``; True while it is within the limit. One atomic statement: parallel tries all count."""
    with database.aside() as session:
        tries = session.execute(_counting(limit, key)).scalar_one()
    return bool(tries <= limit.tries)


def spend(limit: Limit, key: str) -> bool:
    """Like ``hit``, in the caller's transaction: for what is counted if and only if it is done (a letter to an address).

    Two transactions that spend several keys must do so in the same order.
    """
    return bool(db.session.execute(_counting(limit, key)).scalar_one() <= limit.tries)


def spend_all(key: str, *limits: Limit) -> bool:
    """``spend`` one of each limit, or of none if one of them is used up."""
    try:
        with db.session.begin_nested():
            if not all(spend(limit, key) for limit in limits):
                raise _UsedUp
    except _UsedUp:
        return False
    return True


def give_back(limit: Limit, key: str) -> None:
    """Take one try of ``key`` off again, which was none to be limited; in the caller's transaction."""
    mine = (Tally.kind == limit.kind, Tally.key_fingerprint == _fingerprint(limit, key), Tally.tries > 0)
    db.session.execute(update(Tally).where(*mine).values(tries=Tally.tries - 1))


def tried(limit: Limit, key: str) -> bool:
    """Whether ``key`` was counted more often than ``limit`` allows within its window; counts nothing."""
    return bool(
        db.session.scalar(
            select(Tally.tries > limit.tries).where(
                Tally.kind == limit.kind,
                Tally.key_fingerprint == _fingerprint(limit, key),
                Tally.since > clock.now() - limit.window,
            )
        )
    )


def _fingerprint(limit: Limit, key: str) -> str:
    return tokens.fingerprint("throttle", f"{limit.kind}:{key}")


def _counting(limit: Limit, key: str) -> Any:
    now = clock.now()
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    over = Tally.since <= now - limit.window
    statement = insert(Tally).values(kind=limit.kind, key_fingerprint=_fingerprint(limit, key), since=now, tries=1)
    return statement.on_conflict_do_update(
        index_elements=["kind", "key_fingerprint"],
        set_={"tries": case((over, 1), else_=Tally.tries + 1), "since": case((over, now), else_=Tally.since)},
    ).returning(Tally.tries)


def forget() -> int:
    """Delete some tallies whose window is over, whichever it is; how many. A job calls it daily."""
    return delete_some(Tally, Tally.since < clock.now() - KEPT)
