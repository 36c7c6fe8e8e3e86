"""What protecting did, in numbers, and what no button can call back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from caucusmail.accounts.models import Person
from caucusmail.announcements.models import Announcement
from caucusmail.database import db
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory import looked_at
from caucusmail.privacy.protection_models import Protection

_LEFT = (DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN, DeliveryState.IN_FLIGHT)


@dataclass(frozen=True)
class Receipt:
    """One protection, in numbers."""

    rows: int  # of the person's own, in all tables
    quotes: int  # rows in which somebody named them
    stopped: int  # letters that were about to leave
    devices: int  # that were signed out
    calendars: int  # entries that letters take out of their calendar
    name_not_searched: bool  # of one word: where others wrote it, it stands
    sent_to_them: int  # letters that arrived with them before: not to be called back
    sent_by_them: int  # announcements that they wrote
    readers: int  # people to whom these went
    lists_taken: int  # lists of their caucuses that somebody took as a file since they are in


def of(protection: Protection) -> Receipt:
    """The receipt, reckoned now; what has left before the protection began cannot be called back."""
    numbers = protection.numbers
    done = {name: int(numbers.get(name, 0)) for name in ("rows", "quotes", "stopped", "devices", "calendars")}
    wrote = Announcement.author_id == protection.person_id
    sent, readers = _copies(select(Announcement.message_id).where(wrote), protection.begun_at)
    return Receipt(
        name_not_searched=bool(numbers.get("one_word")),
        sent_to_them=_to(protection.person, protection.begun_at),
        sent_by_them=sent,
        readers=readers,
        lists_taken=_taken(protection),
        **done,
    )


def _to(person: Person, before: datetime) -> int:
    copies = (Delivery.person_id == person.id, Delivery.state.in_(_LEFT), Delivery.begun_at < before)
    return db.session.scalar(select(func.count()).select_from(Delivery).where(*copies)) or 0


def _copies(messages: Select[Any], before: datetime) -> tuple[int, int]:
    left = (Delivery.message_id.in_(messages), Delivery.state.in_(_LEFT), Delivery.begun_at < before)
    found = select(func.count(Delivery.message_id.distinct()), func.count(Delivery.person_id.distinct())).where(*left)
    sent, readers = db.session.execute(found).one()
    return int(sent), int(readers)


def _taken(protection: Protection) -> int:
    lists = [one for one, _place in looked_at.entries(protection.person_id) if one.verb == looked_at.TAKEN]
    return sum(one.at < protection.begun_at for one in lists)
