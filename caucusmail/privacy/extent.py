"""What erasing somebody would take away, and what it cannot reach: numbers for the page that asks them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from caucusmail.accounts.models import Person
from caucusmail.announcements import endings
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.delivery.models import DUE, Delivery, DeliveryState
from caucusmail.directory.models import Seat
from caucusmail.groups import queries as groups
from caucusmail.meetings.minutes import MinutesEdition
from caucusmail.meetings.models import MeetingChange
from caucusmail.privacy import hindrances, takeout, vacancies


@dataclass(frozen=True)
class Extent:
    """What hangs on one person now."""

    places: int  # groups they are in, or wait for
    seats: Sequence[Seat]
    entries: int  # meetings ahead in their calendar
    due: int  # letters that have yet to leave
    delivered: int  # letters that lie in their mailbox
    files: int  # of their data, that were taken
    written: int  # changes of meetings and minutes that stay, without their name
    hindrances: Sequence[str]


def of(person: Person) -> Extent:
    """The extent of ``person``'s erasure. Writes nothing."""
    copies = select(func.count()).where(Delivery.person_id == person.id)
    taken = select(func.count()).where(AuditEntry.by_id == person.id, AuditEntry.verb == takeout.TAKEN)
    changed = select(func.count()).where(MeetingChange.by_id == person.id)
    published = select(func.count()).where(MinutesEdition.by_id == person.id)
    return Extent(
        places=len(groups.places(person)),
        seats=vacancies.seats(person),
        entries=len(endings.entries(person)),
        due=_number(copies.where(Delivery.state.in_(DUE))),
        delivered=_number(copies.where(Delivery.state.in_((DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN)))),
        files=_number(taken),
        written=_number(changed) + _number(published),
        hindrances=hindrances.of(person),
    )


def _number(counted: object) -> int:
    return int(db.session.scalar(counted) or 0)  # type: ignore[call-overload]  # each is a SELECT of one number
