"""What may stand before the @ of an email group: it is written once, and letters come from it and go to it for good."""

import re

from sqlalchemy import ColumnElement, select

from caucusmail.database import db
from caucusmail.directory.models import Caucus
from caucusmail.errors import Invalid
from caucusmail.groups.models import EmailGroup
from caucusmail.languages import _
from caucusmail.mail import headers

OF_THE_PROTOCOLS = "abuse ftp hostmaster info mailer-daemon marketing news noc postmaster root sales security support "
OF_THE_PROTOCOLS += "usenet uucp webmaster www"
"""RFC 2142; RFC 5321, 4.5.1; and what every Unix machine writes as."""

OF_AN_OFFICE = "account accounts admin administrator administration billing board caucusmail chair contact coalition "
OF_AN_OFFICE += (
    "coordinator coordinators data-protection director donate dpo finance gdpr hello help helpdesk join jobs "
)
OF_AN_OFFICE += "legal list-owner lists mail mailman media membership moderator office owner press privacy register "
OF_AN_OFFICE += "registration secretariat secretary signup sign-up staff system team trust verification verify"
"""What readers take for the Coalition itself, or for those who run the site."""

OF_MACHINES = (
    "all bounce bounces confirm daemon devnull dmarc do-not-reply dsn everyone fbl feedback leave list-unsubscribe "
)
OF_MACHINES += (
    "localhost members mta-sts nobody no-reply noreply null owner-list return returns smtp smtp-tls subscribe "
)
OF_MACHINES += "tls-reports tlsrpt unsubscribe"
"""What mail servers, reports and habits write to, or from."""

RESERVED = frozenset(f"{OF_THE_PROTOCOLS} {OF_AN_OFFICE} {OF_MACHINES}".split()) | {
    headers.NOTICES,
    headers.LEAVE.rstrip("+"),
}

ENDINGS = (
    "-admin",
    "-bounce",
    "-bounces",
    "-confirm",
    "-join",
    "-leave",
    "-owner",
    "-request",
    "-subscribe",
    "-unsubscribe",
)
"""What stands behind the name of a group or a caucus in an address of its own (RFC 2142, 6)."""

LONGEST = 40
_SHAPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class BadName(Invalid):
    """The name cannot stand before the @ of a group."""


class Reserved(Invalid):
    """The house keeps this address for itself, or a reader would take it for the house's own."""


class Taken(Invalid):
    """Another group, or another caucus, has this address."""


def check(caucus: Caucus, local_part: str) -> None:
    """Whether ``caucus`` may have a group with this address.

    :raises BadName: something else than lower-case letters, digits and single hyphens.
    :raises Reserved: it is not for groups.
    :raises Taken: it is in use. A caucus's own name is its own: its letters come from there.
    """
    if not _SHAPE.match(local_part) or len(local_part) > LONGEST:
        raise BadName(
            "local_part",
            _(
                "“%(read)s” cannot be the name of a group. Use small letters, digits and hyphens, like water-news.",
                read=local_part[:60],
            ),
        )
    if local_part in RESERVED or local_part.endswith(ENDINGS):
        raise Reserved(
            "local_part",
            _(
                "“%(name)s” is kept for the site itself, or would be taken for it. Choose another, like %(like)s.",
                name=local_part,
                like=f"{caucus.slug}-news",
            ),
        )
    of_a_group = EmailGroup.local_part == local_part
    of_another = (Caucus.slug == local_part) & (Caucus.id != caucus.id)
    if _there_is(of_a_group) or _there_is(of_another):
        raise Taken("local_part", _("The address %(name)s is in use already. Choose another.", name=local_part))


def _there_is(one: ColumnElement[bool]) -> bool:
    return db.session.scalar(select(1).where(one).limit(1)) is not None
