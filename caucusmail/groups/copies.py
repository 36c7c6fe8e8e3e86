"""What still lies ready to be sent to a person, when their places change.

An audience is frozen when it is confirmed, but nobody is written to who has left, or paused, since. A copy names the
groups that brought it (``Delivery.why``); it stays while one of them still serves the person.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import Words, db
from caucusmail.delivery import handing_on, withdrawal
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import DUE, Delivery, DeliveryState
from caucusmail.groups import queries
from caucusmail.groups.models import EmailGroup, Mode, Subscription

NOTE = "left-or-paused"
CLOSED = "group-closed"
SLIP = timedelta(hours=1)
"""A change taken back within this time costs nobody a letter that has become due since."""

_GROUP = re.compile(r"g([0-9]+)\Z")
SEAT = re.compile(r"s([0-9]+)\.([0-9]+)\Z")
"""The reason of a deputy's copy: the absence, and the group in which they stand in."""
URGENT, COMING, THROUGH = "u", "c", "p"
"""Marks in ``Delivery.why`` beside the groups: it is urgent; its reader comes to the meeting that it says is off or moves; it
passes the pause of each group that brings it."""


def groups_of(why: str) -> set[int]:
    """The ids of the email groups that brought a copy; its other reasons are left out."""
    return {int(found[1]) for key in why.split() if (found := _GROUP.match(key))}


def copy(delivery_id: int) -> Delivery | None:
    """The copy with this id, as long as it is on record."""
    return db.session.get(Delivery, delivery_id)


def reader(copy: Delivery) -> Person | None:
    """Whom a copy was for, if they are still somebody."""
    return db.session.get(Person, copy.person_id) if copy.person_id is not None else None


@dataclass(frozen=True)
class Brought:
    """What brought a copy, as its reader knows it: a caucus, or a group whose caucus stays when it is left."""

    names: Words
    group_ids: tuple[int, ...]


def brought_by(copy: Delivery, person: Person) -> tuple[list[Brought], list[Words]]:
    """What leaving by this copy would leave, and the names of the caucuses that would stay."""
    named = groups_of(copy.why)
    going: list[Brought] = []
    staying: list[Words] = []
    for place in queries.places(person):
        left = [subscription.group for subscription in place.subscriptions if subscription.group_id in named]
        if left and len(left) == len(place.subscriptions):
            going.append(Brought(place.caucus.names, tuple(group.id for group in left)))
        else:
            going.extend(Brought(group.names, (group.id,)) for group in left)
            staying.append(place.caucus.names)
    return going, staying


def withdraw(person: Person) -> list[int]:
    """Withdraw the copies that no place of the person asks for any more; their ids."""
    places = queries.subscriptions(person)
    due = db.session.execute(
        select(Delivery.id, Delivery.why, Delivery.due_at).where(
            Delivery.person_id == person.id, Delivery.state.in_(DUE), Delivery.why != ""
        )
    ).all()
    unwanted = [row.id for row in due if not wanted(row.why, row.due_at, places)]
    return withdrawal.withdraw(unwanted, NOTE)


def match(person: Person) -> None:
    """Have ready what the person's places ask for now, and nothing else: after any change of how they are served."""
    withdrawn = select(Delivery.id).where(
        Delivery.person_id == person.id, Delivery.state == DeliveryState.WITHDRAWN, Delivery.note == NOTE
    )
    ready_again(person, db.session.scalars(withdrawn).all())
    withdraw(person)


def ready_again(person: Person, withdrawn: Iterable[int], note: str = NOTE) -> None:
    """Owe again those copies of ``withdrawn``, with this ``note``, that the person's places ask for, unless their time has long
    passed."""
    places = queries.subscriptions(person)
    rows = db.session.execute(
        select(Delivery.id, Delivery.why, Delivery.due_at).where(
            Delivery.person_id == person.id, Delivery.id.in_(list(withdrawn)), Delivery.due_at > clock.now() - SLIP
        )
    ).all()
    withdrawal.owe_again([row.id for row in rows if wanted(row.why, row.due_at, places)], note)


def hand_on(withdrawn: Iterable[int], to: Person) -> list[int]:
    """Owe ``to`` one copy of each message of ``withdrawn`` (ids) that their places ask for, and that they have none of; the ids."""
    places = queries.subscriptions(to)
    rows = db.session.execute(
        select(Delivery.id, Delivery.why, Delivery.due_at).where(Delivery.id.in_(list(withdrawn)))
    ).all()
    own = {place.group_id for place in places}
    asked = {
        row.id: " ".join(f"g{number}" for number in sorted(groups_of(row.why) & own))
        for row in rows
        if groups_of(row.why) & own and wanted(row.why, row.due_at, places)
    }
    again = select(Delivery.id).where(
        Delivery.person_id == to.id,
        Delivery.message_id.in_(select(Delivery.message_id).where(Delivery.id.in_(asked))),
    )
    ready_again(to, db.session.scalars(again).all())
    return handing_on.hand_on(asked, To(to.address, to.name, to.id, to.zone), to.languages)


def close(group: EmailGroup) -> None:
    """Withdraw the copies that only this group asks for, now that it is closed. Two statements, and one that withdraws."""
    withdrawal.withdraw([key for key, stays in _brought_by(group, Delivery.state.in_(DUE)) if not stays], CLOSED)


def open_again(group: EmailGroup) -> None:
    """Owe again what was withdrawn when this group was closed and is asked for now, unless its time has long passed."""
    held = (Delivery.state == DeliveryState.WITHDRAWN, Delivery.note == CLOSED, Delivery.due_at > clock.now() - SLIP)
    withdrawal.owe_again([key for key, stays in _brought_by(group, *held) if stays], CLOSED)


def _brought_by(group: EmailGroup, *where: ColumnElement[bool]) -> list[tuple[int, bool]]:
    """The copies that name this group as a reason, by id, and whether any of their reasons still holds."""
    named = (*where, Delivery.why.contains(f"g{group.id}"))
    rows = db.session.execute(
        select(Delivery.id, Delivery.person_id, Delivery.why, Delivery.due_at).where(*named)
    ).all()
    places: dict[int, list[Subscription]] = {}
    for place in db.session.scalars(
        select(Subscription)
        .where(Subscription.person_id.in_(select(Delivery.person_id).where(*named)))
        .options(joinedload(Subscription.group))
        .execution_options(populate_existing=True)
    ):
        places.setdefault(place.person_id, []).append(place)
    return [
        (row.id, wanted(row.why, row.due_at, places.get(row.person_id, ())))
        for row in rows
        if group.id in groups_of(row.why)
    ]


def passes(place: Subscription, marks: Collection[str]) -> bool:
    """Whether a copy with these marks comes through a pause of ``place``."""
    return (place.lets_urgent and URGENT in marks) or (place.lets_coming and COMING in marks)


def wanted(why: str, due_at: datetime, places: Sequence[Subscription]) -> bool:
    """Whether one of the reasons still holds at the time of sending. A reason that is no group always does."""
    marks = {key for key in why.split() if not _GROUP.match(key)}
    if marks - {URGENT, COMING, THROUGH}:
        return True
    named, moment = groups_of(why), max(due_at, clock.now())
    return any(
        place.group_id in named
        and place.group.closed_at is None
        and place.mode is not Mode.NONE
        and (not queries.is_paused(place, moment) or passes(place, marks))
        for place in places
    )
