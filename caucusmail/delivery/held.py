"""by_token(): the letter that a discreet copy or a notice holds back, or all that a digest holds, for whoever has its link."""

from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from markupsafe import Markup
from sqlalchemy import select

from caucusmail import languages, tokens
from caucusmail.database import db
from caucusmail.delivery import discreet, filling, riding
from caucusmail.delivery.ledger import links_ended, settings_version
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingText
from caucusmail.languages import _
from caucusmail.mail import pictures, rendering
from caucusmail.mail.mime import Attachment
from caucusmail.tokens import BadToken, Purpose

GONE = (DeliveryState.WITHDRAWN,)


@dataclass(frozen=True)
class Held:
    """What the letter would have said."""

    language: str
    subject: str
    text: str
    discreet: bool = False  # its reader asked for discreet letters; else for notices, or a digest
    parts: Sequence["Held"] = ()  # of a digest: the letters in it, each whole
    pictures: Sequence[Attachment] = ()  # that came with it

    @property
    def html(self) -> Markup:
        """The text for a page, its addresses as links; everything is escaped."""
        return rendering.html_of(self.text)


class SignInFirst(BadToken):
    """The links of that time were made invalid, as by a change of address: whom the letter was for reads it signed in."""


def by_token(token: str, reader_id: int | None = None) -> Held:
    """The letter, in the very words in which others got it. ``reader_id`` is who is signed in.

    :raises SignInFirst: made invalid by its reader, who is not signed in.
    :raises BadToken: forged, of another purpose, withdrawn, or no longer on record.
    """
    delivery_id, version = tokens.read(Purpose.READ, token, 2)
    row = db.session.get(Delivery, delivery_id)
    if row is None or row.person_id is None or row.state in GONE:
        raise BadToken
    if row.person_id != reader_id and (not _holds(row, version) or links_ended(row.person_id, tokens.made(token))):
        raise SignInFirst
    inside = riding.held_in(row)
    if inside:
        subject = _("Your digest")
        return Held(
            languages.current(),
            subject,
            "",
            discreet.is_discreet(row.language),
            list(filter(None, map(_letter, inside))),
        )
    found = _letter(row)
    if found is None:
        raise BadToken
    return found


def _holds(row: Delivery, version: int) -> bool:
    """Whether the reader has not made the links of that version invalid. What went to a mailbox that may no longer be the reader's
    has none (0), and is read there as long as it is on record: it says how to stop what was done without them."""
    if row.settings_version is None:
        return version == 0
    return settings_version(row.person_id) == version


def _letter(row: Delivery) -> Held | None:
    """What this copy says, or holds back; None: it was withdrawn, or its text is no longer kept."""
    kept = db.session.scalar(
        select(OutgoingText).where(
            OutgoingText.message_id == row.message_id, OutgoingText.language == discreet.plain(row.language)
        )
    )
    if row.state in GONE or kept is None or not kept.raw:
        return None
    raw = filling.Version(kept.words, kept.raw).letter(row, row.begun_at or row.due_at)
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("plain",))
    text = body.get_content().replace("\r\n", "\n") if body is not None else ""
    subject, hidden = str(message["Subject"]), discreet.is_discreet(row.language)
    return Held(str(message["Content-Language"]), subject, text, hidden, pictures=_pictures(message))


def _pictures(message: EmailMessage) -> Sequence[Attachment]:
    return [
        Attachment(part.get_filename("picture"), part.get_content_type(), part.get_content())
        for part in message.iter_attachments()
        if part.get_content_type() in pictures.ENDINGS
    ]
