"""Everything the house knows of one person: what each package's ``personal`` shows, put together and nothing added."""

from typing import Any

from caucusmail.accounts import personal as accounts
from caucusmail.accounts.models import Person
from caucusmail.announcements import personal as announcements
from caucusmail.audit import personal as audit
from caucusmail.delivery import personal as delivery
from caucusmail.directory import personal as directory
from caucusmail.groups import personal as groups
from caucusmail.inbound import personal as inbound
from caucusmail.meetings import personal as meetings
from caucusmail.privacy import personal

Known = dict[str, dict[str, Any]]
"""By package, then by kind: plain values, as JSON has them; moments as ISO 8601."""


def of(person: Person) -> Known:
    """Everything that is known of ``person``, what they look for first in front. Writes nothing."""
    return {
        "accounts": accounts.export(person),
        "directory": directory.export(person),
        "groups": groups.export(person),
        "meetings": meetings.export(person),
        "announcements": announcements.export(person),
        "delivery": delivery.export(person.id),
        "inbound": inbound.export(person),
        "audit": audit.export(person.id),
        "privacy": personal.export(person),
    }
