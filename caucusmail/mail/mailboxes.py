"""Mailboxes of members: other members of a caucus write there and learn no address.

``vrwg-member+<token>@mail.example.org``; the token is random, and stands beside a made-up name (``directory.pseudonyms``).
"""

import re

from caucusmail import settings
from caucusmail.mail.addresses import LONGEST_LOCAL_PART

INFIX = "-member+"

_TOKEN = re.compile(r"[0-9a-f]{20}")


def open_here() -> bool:
    """Whether what is sent to such an address comes in at all."""
    told = settings.current()
    return told.embedded or told.mail_comes_in


def address(slug: str, token: str) -> str:
    """The address of one mailbox; ``slug`` is the local part of the caucus."""
    return f"{slug[: LONGEST_LOCAL_PART - len(INFIX) - len(token)]}{INFIX}{token}@{settings.current().mail_domain}"


def token_of(address: str) -> str:
    """The token of such an address of ours; "" of any other."""
    local, _at, domain = address.lower().rpartition("@")
    _slug, found, token = local.rpartition(INFIX)
    ours = bool(found) and domain == settings.current().mail_domain
    return token if ours and _TOKEN.fullmatch(token) else ""
