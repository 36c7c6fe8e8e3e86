"""Whom an address of ours is for. Everything that is accepted at RCPT is named here; the rest is refused there."""

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import exists, select

from caucusmail import settings
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import tracing
from caucusmail.delivery.models import Delivery
from caucusmail.directory import pseudonyms
from caucusmail.directory.models import Caucus
from caucusmail.groups.models import EmailGroup
from caucusmail.mail import headers, mailboxes, organizers, verp
from caucusmail.meetings.models import Meeting
from caucusmail.tokens import BadToken


class Kind(StrEnum):
    """What a message to such an address means."""

    RETURN_PATH = "return-path"  # it is about one copy
    ONE_CLICK = "one-click"  # leave what brought this copy (RFC 8058's address for those who write)
    ORGANIZER = "organizer"  # a calendar's reply to one person's invitation
    MEMBER = "member"  # a member's mailbox, for other members of a caucus
    KEEPERS = "keepers"  # of a caucus
    SECRETARIAT = "secretariat"


@dataclass(frozen=True)
class Destination:
    """Where a message goes: ``id`` is that of the copy, the meeting, the pseudonym or the caucus, None for the secretariat."""

    kind: Kind
    id: int | None = None
    person_id: int | None = None  # whose invitation it was


ROLES = ("postmaster", "abuse", "mailer-daemon", headers.NOTICES)
"""Local parts that reach the secretariat (RFC 2142; RFC 5321, 4.5.1), and the one our own letters come from."""

_SPEAKABLE = re.compile(r"[A-Za-z0-9._+=-]{1,64}")  # all that we ever make; and what every database takes

SUFFIXES = ("-request", "-owner", "-bounces")
"""What an email group or a caucus has beside its own name (RFC 2142, 6)."""


def destination(address: str) -> Destination | None:
    """Whom ``address`` is for; None: nobody here. A return path that we did not make is nobody's."""
    local, at, domain = address.rpartition("@")
    if not at and domain.lower() == "postmaster":
        return Destination(Kind.SECRETARIAT)
    if domain.lower() != settings.current().mail_domain or not _SPEAKABLE.fullmatch(local):
        return None
    if verp.INFIX in local.lower():
        return _about(tracing.by_return_path(address), Kind.RETURN_PATH)
    if organizers.INFIX in local.lower():
        return _organizer(address)
    if mailboxes.INFIX in local.lower():
        return _member(address)
    if local.lower().startswith(headers.LEAVE):
        return _about(tracing.by_one_click(local[len(headers.LEAVE) :]), Kind.ONE_CLICK)
    return _of_a_role(local.lower())


def _about(row: Delivery | None, kind: Kind) -> Destination | None:
    return Destination(kind, row.id) if row is not None else None


def _organizer(address: str) -> Destination | None:
    try:
        meeting_id, person_id = organizers.read(address)
    except BadToken:
        return None
    there = select(Meeting.id).where(Meeting.id == meeting_id, exists().where(Person.id == person_id))
    return Destination(Kind.ORGANIZER, meeting_id, person_id) if db.session.scalar(there) is not None else None


def _member(address: str) -> Destination | None:
    """Whoever writes, the answer is the same: whether they may is looked at behind the door."""
    found = pseudonyms.written_to(mailboxes.token_of(address))
    return Destination(Kind.MEMBER, found.id) if found is not None else None


def _of_a_role(local: str) -> Destination | None:
    if local.partition("+")[0] in ROLES:
        return Destination(Kind.SECRETARIAT)
    names = {local, *(local.removesuffix(suffix) for suffix in SUFFIXES)}
    caucus_id = db.session.scalar(select(Caucus.id).where(Caucus.slug.in_(names)).limit(1)) or db.session.scalar(
        select(EmailGroup.caucus_id).where(EmailGroup.local_part.in_(names)).limit(1)
    )
    return Destination(Kind.KEEPERS, caucus_id) if caucus_id is not None else None
