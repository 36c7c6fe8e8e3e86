"""Parse, normalise and compare addresses (RFC 5321, 5322, 6531)."""

import unicodedata
from dataclasses import dataclass

import email_validator
from email_validator import EmailNotValidError, validate_email

from caucusmail.errors import Invalid
from caucusmail.languages import _

email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()  # .example, .test and .invalid are the demo world's; delivery refuses what it must


COVERS = "protected.invalid"
"""The domain of what stands in the place of an address that nobody may read (RFC 2606, 2: no server will have this name)."""

LONGEST_LOCAL_PART = 64  # octets; RFC 5321, 4.5.3.1.1


class BadAddress(Invalid):
    """The text is no address we could write to."""


@dataclass(frozen=True)
class Address:
    """An address: as we write to it, and as we compare it."""

    text: str  # domain lower-case, NFC; local part as typed
    key: str

    @property
    def domain(self) -> str:
        """The part after the last ``@``."""
        return self.text.rpartition("@")[2]


def key(text: str) -> str:
    """The form in which addresses are compared: NFC, lower case; no plus or dot tricks, since only the owner's server knows.

    Not casefolded: that would make one mailbox of ``straße@`` and ``strasse@``, which are two people's.
    """
    return unicodedata.normalize("NFC", text.strip()).lower()


def mailbox(address_key: str) -> str:
    """The key without a subaddress (RFC 5233): what most servers lay into one mailbox. For counting only."""
    local, _at, domain = address_key.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def parse(text: str, field: str = "address") -> Address:
    """Read one address as a person typed it (RFC 5321 Mailbox; no comments, no quoted local part, no display name).

    :raises BadAddress: naming what was read.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=True)
    except (EmailNotValidError, ValueError):
        raise BadAddress(
            field,
            _(
                "“%(read)s” is not a complete email address. It should look like name@example.org.",
                read=text.strip()[:80],
            ),
        ) from None
    if len(found.normalized.rpartition("@")[0].encode()) > LONGEST_LOCAL_PART:
        raise BadAddress(
            field,
            _("What stands before the @ in “%(read)s” is longer than any mail server takes.", read=text.strip()[:80]),
        )
    return Address(found.normalized, key(found.normalized))


def masked(text: str) -> str:
    """``a***@example.org``: enough for its owner to recognise."""
    local, _at, domain = text.rpartition("@")
    return f"{local[:1]}***@{domain}"


def covered(address_key: str) -> bool:
    """Whether this is no address, but what stands for one (``delivery.covers``)."""
    return address_key.endswith(f"@{COVERS}")
