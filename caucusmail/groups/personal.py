"""What this package knows of a person."""

from typing import Any

from sqlalchemy import delete

from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.groups import queries
from caucusmail.groups.models import Subscription


def export(person: Person) -> dict[str, Any]:
    """The person's places on email groups, in plain values."""
    return {
        "subscriptions": [
            {
                "group": place.group.local_part,
                "caucus": place.group.caucus.slug,
                "served": place.mode.value,
                "since": place.since.isoformat(),
                "paused_from": place.paused_from.isoformat() if place.paused_from else None,
                "paused_until": place.paused_until.isoformat() if place.paused_until else None,
                "lets_urgent": place.lets_urgent,
                "lets_coming": place.lets_coming,
            }
            for place in queries.subscriptions(person)
        ]
    }


def erase(person: Person) -> None:
    """Forget the person's places on email groups."""
    db.session.execute(delete(Subscription).where(Subscription.person_id == person.id))
