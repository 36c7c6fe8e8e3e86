"""Organizers of invitations: the mailbox that a reader's calendar replies to names one meeting and one person.

``vrwg-answer+<meeting>-<person>-<mac>@mail.example.org``, in hexadecimal (local parts get folded on the way) and within the
64 octets of RFC 5321, 4.5.3.1.1. It is the same in every letter about a meeting to one reader: a calendar takes a change
from nobody but the organizer it knows (RFC 5546, 2.1.3).
"""

import hmac
import re
import struct

from caucusmail import settings, tokens
from caucusmail.mail.addresses import LONGEST_LOCAL_PART
from caucusmail.tokens import BadToken

MAC_BYTES = 8
INFIX = "-answer+"

_TOKEN = re.compile(r"([0-9a-f]{1,15})-([0-9a-f]{1,15})-([0-9a-f]{16})")


def _mac(meeting_id: int, person_id: int) -> str:
    return tokens.mac("caucusmail:organizer", struct.pack(">QQ", meeting_id, person_id), MAC_BYTES).hex()


def mailbox(sender: str, meeting_id: int, person_id: int) -> str:
    """The organizer of one person's invitation; ``sender`` is the local part of the caucus."""
    token = f"{meeting_id:x}-{person_id:x}-{_mac(meeting_id, person_id)}"
    return f"{sender[: LONGEST_LOCAL_PART - len(INFIX) - len(token)]}{INFIX}{token}@{settings.current().mail_domain}"


def read(address: str) -> tuple[int, int]:
    """The meeting and the person that such a mailbox names.

    :raises BadToken: not one of ours.
    """
    local, _at, domain = address.lower().rpartition("@")
    _sender, found, token = local.rpartition(INFIX)
    named = _TOKEN.fullmatch(token)
    if not found or named is None or domain != settings.current().mail_domain:
        raise BadToken
    meeting_id, person_id = int(named[1], 16), int(named[2], 16)
    if not hmac.compare_digest(named[3], _mac(meeting_id, person_id)):
        raise BadToken
    return meeting_id, person_id
