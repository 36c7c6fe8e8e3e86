"""Which of our copies a report is about. Only what we signed counts as proof: anybody can write an address.

The proof is in the return path (``mail.verp``), in our Message-ID, whose last part is a keyed hash, or in the one-click
address; each names one row of the ledger.
"""

import re
from datetime import timedelta

from caucusmail import clock, tokens
from caucusmail.database import db
from caucusmail.delivery import discreet, filling
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.mail import verp
from caucusmail.mail.traces import Traces
from caucusmail.tokens import BadToken, Purpose

FRESH = timedelta(days=60)
"""No server tries for longer: what comes back later is counted nowhere."""

_OWN_ID = re.compile(r"<([0-9]{1,18})\.[0-9]{1,18}\.[0-9a-f]{16}@")
_LEFT = (DeliveryState.IN_FLIGHT, DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN, DeliveryState.FAILED)


def by_return_path(address: str) -> Delivery | None:
    """The copy whose envelope sender this was; None: forged, of another list, or gone from the record."""
    try:
        row = db.session.get(Delivery, verp.read(address))
    except BadToken:
        return None
    if row is None or verp.return_path(discreet.sender(row.language, row.message.sender), row.id) != address.lower():
        return None
    return row


def by_traces(traces: Traces) -> Delivery | None:
    """The copy that a report shows to be ours, by whatever of it is signed."""
    for path in traces.return_paths:
        if row := by_return_path(path):
            return row
    for message_id in traces.message_ids:
        if row := _by_message_id(message_id):
            return row
    for token in traces.one_clicks:
        if row := by_one_click(token):
            return row
    return None


def by_one_click(token: str) -> Delivery | None:
    """The copy whose one-click address holds this token."""
    try:
        (delivery_id,) = tokens.read(Purpose.ONE_CLICK, token, 1)
    except BadToken:
        return None
    return db.session.get(Delivery, delivery_id)


def fresh(row: Delivery) -> bool:
    """Whether the copy left, and so lately that a report about it can be true."""
    return row.state in _LEFT and row.begun_at is not None and clock.now() - row.begun_at <= FRESH


def _by_message_id(message_id: str) -> Delivery | None:
    named = _OWN_ID.match(message_id)
    row = db.session.get(Delivery, int(named[1])) if named else None
    return row if row is not None and filling.message_id(row) == message_id else None
