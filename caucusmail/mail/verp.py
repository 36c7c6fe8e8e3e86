"""Return paths: the envelope sender of each copy names its ledger row and cannot be forged (VERP with a MAC).

``vrwg-bounce+<token>@mail.example.org``; the token is 64 bits of MAC and the row's number in hexadecimal (local parts get
folded on the way), and the whole local part stays within the 64 octets of RFC 5321, 4.5.3.1.1.
"""

import hmac
import struct

from caucusmail import settings, tokens
from caucusmail.mail.addresses import LONGEST_LOCAL_PART
from caucusmail.tokens import BadToken

MAC_BYTES = 8
INFIX = "-bounce+"


def _mac(delivery_id: int) -> bytes:
    return tokens.mac("caucusmail:return-path", struct.pack(">Q", delivery_id), MAC_BYTES)


def return_path(sender: str, delivery_id: int) -> str:
    """The envelope sender of one row; ``sender`` is the local part of the group or ``notices``."""
    packed = struct.pack(">Q", delivery_id).lstrip(b"\0") or b"\0"
    token = (_mac(delivery_id) + packed).hex()
    return f"{sender[: LONGEST_LOCAL_PART - len(INFIX) - len(token)]}{INFIX}{token}@{settings.current().mail_domain}"


def read(address: str) -> int:
    """The row that a return path names.

    :raises BadToken: not one of ours.
    """
    local, _at, domain = address.rpartition("@")
    _sender, found, token = local.lower().rpartition(INFIX)
    if not found or domain.lower() != settings.current().mail_domain:
        raise BadToken
    try:
        raw = bytes.fromhex(token)
    except ValueError:
        raise BadToken from None
    mac, packed = raw[:MAC_BYTES], raw[MAC_BYTES:]
    delivery_id = int.from_bytes(packed, "big")
    if not 0 < len(packed) <= 8 or not hmac.compare_digest(mac, _mac(delivery_id)):
        raise BadToken
    return delivery_id
