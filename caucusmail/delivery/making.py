"""The letters of claimed rows: each filled from its message's language version, signed, and ready for a line."""

import logging
from collections.abc import Iterable
from typing import Any, cast

import flask_mail
from sqlalchemy import select

from caucusmail import database, settings
from caucusmail.database import db
from caucusmail.delivery import covers, discreet, filling, suppression
from caucusmail.delivery.envelopes import Extensions, needs_utf8, speakable
from caucusmail.delivery.models import Delivery, OutgoingMessage, OutgoingText
from caucusmail.delivery.outcome import Outcome, Phase
from caucusmail.delivery.retry import Fault
from caucusmail.mail import addresses, dkim, verp

logger = logging.getLogger(__name__)


class Ready(flask_mail.Message):
    """A message whose bytes are made already, for one recipient; ``row`` is its place in the ledger."""

    def __init__(self, row: int, envelope_from: str, envelope_to: str, raw: bytes) -> None:
        # Flask-Mail's own constructor formats addresses and looks up defaults for 50 µs; nothing of that is used here.
        self.sender, self.recipients = envelope_from, [envelope_to]
        self.row, self.envelope_from, self.envelope_to, self.raw = row, envelope_from, envelope_to, raw

    def as_bytes(self) -> bytes:
        """The bytes as they are."""
        return self.raw


def may_leave(address: str) -> bool:
    """In the demo world nothing leaves for a domain that could be somebody's."""
    if not settings.current().demo:
        return True
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return any(
        domain == end.lstrip(".") or (end.startswith(".") and domain.endswith(end))
        for end in settings.EMBEDDED_RECIPIENTS
    )


class Maker:
    """What the letters of one turn are made from, read once."""

    def __init__(self) -> None:
        self._texts: dict[tuple[int, str], filling.Version] = {}
        self._senders: dict[int, str] = {}
        self._suppressed: set[str] = set()  # address keys
        self._covered: dict[str, covers.Under] = {}  # by their covers
        self._kinds: dict[int, str] = {}
        self._signer = dkim.signer()

    def read(self, rows: Iterable[Delivery]) -> None:
        """Read what the letters of ``rows`` need; three statements, whatever their number. Outside any transaction."""
        rows = list(rows)
        new = {row.message_id for row in rows} - self._senders.keys()
        with database.reading():
            self._covered |= covers.under(row.address_key for row in rows)
            self._suppressed |= suppression.suppressed(
                row.address_key for row in rows if row.lane in suppression.REACHES
            )
            if new:
                text = OutgoingText
                versions = select(text.message_id, text.language, text.raw, text.words)
                for one in db.session.execute(versions.where(text.message_id.in_(new))):
                    self._texts[one.message_id, one.language] = filling.Version(one.words, one.raw)
                about = select(OutgoingMessage.id, OutgoingMessage.sender, OutgoingMessage.kind)
                for message, sender, kind in db.session.execute(about.where(OutgoingMessage.id.in_(new))):
                    self._senders[message], self._kinds[message] = sender, kind

    def made(self, row: Delivery, offered: Extensions) -> Ready | Outcome:
        """The letter of ``row`` for a server that offers these extensions, or why it is not sent."""
        if addresses.covered(row.address_key):
            under = self._covered.get(row.address_key)
            if under is None or not under.takes(self._kinds[row.message_id]):
                return Outcome(Phase.BEFORE, refused=Fault.PROTECTED)
            row = cast("Any", row)._replace(address=under.address)  # the letter's alone: the row keeps its cover
        if row.lane in suppression.REACHES and row.address_key in self._suppressed:
            return Outcome(Phase.BEFORE, refused=Fault.SUPPRESSED)
        if not may_leave(row.address):
            return Outcome(Phase.BEFORE, refused=Fault.NOT_OURS)
        try:
            ready = self._filled(row)
        except Exception as problem:  # whatever it is: one row that cannot be made must not hold up all the others
            logger.error("delivery %s cannot be written: %s", row.id, type(problem).__name__)
            return Outcome(Phase.BEFORE, refused=Fault.UNSENDABLE)
        if not speakable(ready):
            return Outcome(Phase.BEFORE, refused=Fault.UNSENDABLE)
        if needs_utf8(ready) and not offered.utf8:
            return Outcome(Phase.BEFORE, refused=Fault.NEEDS_SMTPUTF8)
        return ready

    def _filled(self, row: Delivery) -> Ready:
        assert row.begun_at is not None
        sender = verp.return_path(discreet.sender(row.language, self._senders[row.message_id]), row.id)
        made = self._texts[row.message_id, row.language].letter(row, row.begun_at)
        if self._signer is not None:
            made = self._signer.sign(made)
        return Ready(row.id, sender, filling.on_the_wire(row.address), made)
