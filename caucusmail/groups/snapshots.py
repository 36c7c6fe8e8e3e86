"""Places on groups in plain values: taken away, and put back exactly as they were."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, delete, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.groups import queries
from caucusmail.groups.models import EmailGroup, Mode, Subscription

LETS = ("urgent", "coming")


_COLUMNS = (
    Subscription.group_id,
    Subscription.mode,
    Subscription.since,
    Subscription.paused_from,
    Subscription.paused_until,
    Subscription.lets_urgent,
    Subscription.lets_coming,
)


class Was(TypedDict):
    """What a place on a group was."""

    group: int
    caucus: int
    mode: str
    since: str  # ISO 8601, as are the others
    paused_from: str | None
    paused_until: str | None
    lets: list[str]  # what comes through the pause: "urgent", "coming"


def take_off(person: Person, which: ColumnElement[bool]) -> list[Was]:
    """Take the person's places of ``which`` away; what they were. Of two who do it at once, one gets each place."""
    gone = delete(Subscription).where(Subscription.person_id == person.id, which).returning(*_COLUMNS)
    return _written_down(db.session.execute(gone.execution_options(synchronize_session="fetch")).all())


def of(person: Person, which: ColumnElement[bool]) -> list[Was]:
    """What the person's places of ``which`` are; they stay."""
    return _written_down(db.session.execute(select(*_COLUMNS).where(Subscription.person_id == person.id, which)).all())


def _written_down(gone: Sequence[Any]) -> list[Was]:
    ids = [row.group_id for row in gone]
    groups = db.session.execute(select(EmailGroup.id, EmailGroup.caucus_id).where(EmailGroup.id.in_(ids)))
    caucus = {group.id: group.caucus_id for group in groups}
    return [
        Was(
            group=row.group_id,
            caucus=caucus[row.group_id],
            mode=Mode(row.mode).value,
            since=row.since.isoformat(),
            paused_from=_written(row.paused_from),
            paused_until=_written(row.paused_until),
            lets=[name for name in LETS if getattr(row, f"lets_{name}")],
        )
        for row in sorted(gone, key=lambda row: int(row.group_id))
    ]


def hushed(person: Person) -> dict[str, datetime]:
    """The columns of a new place of ``person``, who may wait for their erasure: no letters come by it until then."""
    return {"paused_from": clock.now(), "paused_until": person.goes_at} if person.goes_at is not None else {}


def put_back(person: Person, places: Iterable[Was]) -> None:
    """Give back what ``take_off`` took; a place that was taken anew since stays as it is. Paused, for who waits for their erasure."""
    taken = {subscription.group_id for subscription in queries.subscriptions(person)}
    groups = set(db.session.scalars(select(EmailGroup.id).where(EmailGroup.id.in_([was["group"] for was in places]))))
    for was in places:
        if was["group"] in groups - taken:
            pause: dict[str, Any] = {name: _read(was[name]) for name in ("paused_from", "paused_until")}
            pause |= {f"lets_{name}": name in was.get("lets", ()) for name in LETS}
            if person.goes_at is not None and (pause["paused_until"] or person.made_at) < person.goes_at:
                pause = hushed(person)
            db.session.add(
                Subscription(
                    group_id=was["group"],
                    person_id=person.id,
                    mode=Mode(was["mode"]),
                    since=datetime.fromisoformat(was["since"]),
                    **pause,
                )
            )


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
