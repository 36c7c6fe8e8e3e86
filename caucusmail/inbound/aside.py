"""What a person decides about what came back: an address is written to again, a message has been looked at."""

from collections.abc import Sequence

from caucusmail import database
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.delivery import suppression
from caucusmail.delivery.models import Suppression
from caucusmail.errors import Invalid, NotFound
from caucusmail.inbound import queries
from caucusmail.inbound.models import Fate, Received
from caucusmail.languages import _

SHOWN = 64 * 1024  # characters of a message


def suppressed() -> Sequence[Suppression]:
    """The addresses to which nothing is sent, masked, the newest first."""
    return suppression.listed()


def lift(fingerprint: str, reason: str, *, by: Person | None) -> str:
    """Write to an address again; the address, masked.

    :raises NotFound: it is not suppressed.
    :raises Invalid: on ``reason``: there is none.
    """
    if not reason.strip():
        raise Invalid("reason", _("Please say why: it stands in the journal."))
    lifted = suppression.lift(fingerprint)
    if lifted is None:
        raise NotFound(_("This address is written to already."))
    if by is not None:
        journal.record("address.lifted", by, by, reason=reason, person=lifted.person_id, was=lifted.reason)
    return lifted.shown


def message(received_id: int) -> Received:
    """One message that came in.

    :raises NotFound: it was never here, or is deleted.
    """
    found = queries.received(received_id)
    if found is None:
        raise NotFound(_("This message is not here any more."))
    return found


def readable(received: Received) -> str:
    """The message as it came, as text."""
    return received.raw[:SHOWN].decode("utf-8", "replace").replace("\r\n", "\n").replace("\0", "\ufffd")


def look_at(received: Received, *, by: Person | None) -> None:
    """A person has seen what lay aside."""
    _move(received, Fate.ASIDE, Fate.SEEN, "received.seen", by)


def lay_again(received: Received, *, by: Person | None) -> None:
    """Take that back."""
    _move(received, Fate.SEEN, Fate.ASIDE, "received.unseen", by)


def _move(received: Received, was: Fate, fate: Fate, verb: str, by: Person | None) -> None:
    if database.moved(Received, Received.id == received.id, Received.fate == was, fate=fate):
        journal.record(verb, received, by)
