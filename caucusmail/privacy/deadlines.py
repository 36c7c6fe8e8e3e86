"""Until when a request has to be answered; pure.

One month from its receipt, and two more where it is complex and the person was told so within the first (GDPR, Article 12(3)).
A month ends on the same day of the next one, or on its last day (Regulation 1182/71, Article 3(2)(c)); that a last day on a
holiday would run on is not made use of.
"""

from calendar import monthrange
from datetime import date, timedelta

MONTHS, LONGER = 1, 3
REMINDED_AT = (timedelta(days=7), timedelta(days=1))
"""So long before the day the secretariat is reminded."""


def due(received: date, *, extended: bool = False) -> date:
    """The last day for the answer to what was received on this day."""
    months = received.month - 1 + (LONGER if extended else MONTHS)
    year, month = received.year + months // 12, months % 12 + 1
    return date(year, month, min(received.day, monthrange(year, month)[1]))


def reminders(due_on: date, today: date) -> int:
    """How many reminders should have been written by ``today``."""
    return sum(due_on - before <= today for before in REMINDED_AT)
