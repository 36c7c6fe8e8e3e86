"""take(): somebody wrote to a member's mailbox. What they wrote themselves waits until they have seen it and said yes.

A From header proves nothing. So nothing is passed on by mail alone: a letter goes to the address that the mail claims to be
from, if that is a member's who may write there, and its link shows what would be passed on. To anybody else nothing is said.
Of the mail itself nothing is kept, whoever wrote it; of pictures what ``mail.pictures`` made of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import update

from caucusmail import clock, languages, links, settings, tokens
from caucusmail.accounts import addressing, revoking
from caucusmail.accounts import queries as accounts
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.directory import pseudonyms, writing
from caucusmail.directory.models import Affiliation
from caucusmail.directory.pseudonym_models import Pseudonym
from caucusmail.directory.writing import Words
from caucusmail.inbound import intake, passing_on
from caucusmail.inbound.models import Received
from caucusmail.inbound.passing_on import Draft
from caucusmail.mail import addresses, mailboxes, parts, rendering
from caucusmail.mail.mime import Attachment
from caucusmail.mail.rendering import Letter
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from caucusmail.tokens import BadToken, Purpose

HELD_FOR = timedelta(days=3)
ASKED = Limit("member-letters-asked", 20, timedelta(days=1))
"""Letters a day that ask one address whether it wrote."""

WAITS, SENT = "waits", "sent"
"""What ``Received.detail`` says of a mail that was held."""


class Taken(StrEnum):
    """What became of a mail to a member."""

    HELD = "held"
    AUTOMATIC = "automatic"
    NOT_A_MEMBER = "not-a-member"
    TOO_MANY = "too-many"


@dataclass(frozen=True)
class Held:
    """A mail that waits for its writer's word; ``draft`` is None once it was sent."""

    to: Pseudonym
    place: Affiliation
    draft: Draft | None


def take(received: Received, pseudonym_id: int, *, automatic: bool) -> Taken:
    """Keep what is to be passed on of ``received`` and ask whoever may have written it; what became of it."""
    raw, received.raw = received.raw, b""
    message = parts.read(raw)
    address = parts.address(message.get("from"))
    if automatic or address.lower().endswith(f"@{settings.current().mail_domain}"):
        return Taken.AUTOMATIC
    to = db.session.get_one(Pseudonym, pseudonym_id)
    writers = [
        place
        for person in accounts.reached_at(addresses.key(address))
        if (place := writing.place_beside(to, person)) is not None
    ]
    if not writers:
        return Taken.NOT_A_MEMBER
    if not limits.spend(ASKED, addresses.key(address)):
        return Taken.TOO_MANY
    own = [one for place in writers for one in addressing.all_of(place.person)]
    received.raw = passing_on.packed(passing_on.draft(parts.read(raw, intake.LARGEST), own))
    for place in writers:
        person = place.person
        mailbox = accounts.mailbox(addresses.key(address))
        ledger.enqueue(_letter(received, to, place), To(mailbox, person.name, person.id, person.zone))
    return Taken.HELD


def _letter(received: Received, to: Pseudonym, place: Affiliation) -> Letter:
    language = languages.offered(place.person.languages)
    with languages.use(language):
        link = links.letter_to_member(tokens.sign(Purpose.MEMBER_LETTER, received.id, place.id))
        return rendering.letter(
            "inbound/look_and_send",
            language,
            name=place.person.name,
            to=to_whom(to),
            tag=place.caucus.tag,
            link=link,
        )


def to_whom(to: Pseudonym) -> str:
    """What the members call whoever is written to."""
    return writing.known_as(to.affiliation)


def held(token: str) -> Held:
    """The mail that a link in our letter is about.

    :raises BadToken: forged, too old, forgotten; or who may write to whom has changed since.
    """
    return _held(token)[1]


def attached(token: str) -> Sequence[Attachment]:
    """All pictures that may go along, as they would; none once it was sent.

    :raises BadToken: as ``held``.
    """
    drafted = held(token).draft
    return passing_on.attachments(drafted, range(1, len(drafted.pictures) + 1)) if drafted else ()


def _held(token: str) -> tuple[Received, Held]:
    received_id, place_id = tokens.read(Purpose.MEMBER_LETTER, token, 2, int(HELD_FOR.total_seconds()))
    received, place = db.session.get(Received, received_id), db.session.get(Affiliation, place_id)
    if received is None or place is None:
        raise BadToken
    revoking.refuse_old(place.person, token)
    to = pseudonyms.written_to(mailboxes.token_of(received.recipient))
    if to is None or writing.place_beside(to, place.person) is not place:
        raise BadToken
    if received.detail == SENT:
        return received, Held(to, place, None)
    if not received.raw:
        raise BadToken
    return received, Held(to, place, passing_on.unpacked(received.raw))


def send(token: str, subject: str, text: str, pictures: Collection[int] = ()) -> None:
    """Pass on what its writer made of a held mail, with the pictures of these numbers (from 1), and forget it; once.

    :raises BadToken: as ``held``.
    :raises caucusmail.errors.TooMany: as ``writing.write``.
    """
    received, found = _held(token)
    if found.draft is None:
        return
    attached = passing_on.attachments(found.draft, pictures)
    writing.write(found.to, found.place, Words(subject, text, f"mail-{received.id}", attached))
    received.raw, received.detail = b"", SENT


def forget() -> None:
    """Delete what nobody said yes to."""
    old = (Received.detail == WAITS, Received.outcome == Taken.HELD.value, Received.at < clock.now() - HELD_FOR)
    db.session.execute(
        update(Received).where(*old).values(raw=b"", detail="").execution_options(synchronize_session=False)
    )
