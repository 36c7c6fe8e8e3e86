"""DKIM signatures (RFC 6376, 8301, 8463) on finished messages: rsa-sha256 always, ed25519-sha256 beside it if there is a key.

Both are ``relaxed/relaxed``, over the whole body, and do not end. They hold no time either, so a copy that is made again
has the same bytes to the last. The keys are read at start (``settings``) and used as they are for every message.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from caucusmail import settings, signing_keys
from caucusmail.signing_keys import PrivateKey, SigningKey

ALWAYS_ONE_MORE = (b"from", b"to", b"subject", b"date", b"reply-to", b"message-id", b"mime-version", b"content-type")
"""Signed once more often than they occur, also when they do not: nobody can put a second one on top (RFC 6376, 8.15)."""
ONE_MORE_IF_THERE = (b"list-unsubscribe", b"list-unsubscribe-post")
"""The same where they occur (RFC 8058, 4). A letter without them may pass a group that adds its own."""
AS_OFTEN_AS_THERE = (
    b"sender", b"cc", b"in-reply-to", b"references", b"content-transfer-encoding", b"content-language",
    b"auto-submitted", b"list-id", b"list-help", b"list-subscribe", b"list-owner", b"list-archive", b"list-post",
    b"feedback-id", b"cfbl-address",
)  # fmt: skip
ORDER = (*ALWAYS_ONE_MORE, *ONE_MORE_IF_THERE, *AS_OFTEN_AS_THERE)

_NEXT_FIELD = re.compile(rb"\r\n(?![ \t])")
_BLANKS = re.compile(rb"[ \t]+")
_LINE = 76  # octets of a line of ours, the space at its beginning included
_PADDING, _HASH = PKCS1v15(), SHA256()


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376, 3.4.4: runs of blanks are one space, none ends a line, and no empty line ends the body."""
    if body and not body.endswith(b"\r\n"):
        body += b"\r\n"  # as it will be on the wire, before its final dot
    if b"\t" in body or b"  " in body:
        body = _BLANKS.sub(b" ", body)
    if b" \r\n" in body:
        body = body.replace(b" \r\n", b"\r\n")
    end = len(body)
    while body.endswith(b"\r\n", 0, end):
        end -= 2
    return body[:end] + b"\r\n" if end else b""


@lru_cache(maxsize=256)  # most fields are the same in every copy of an announcement
def relaxed_field(field: bytes) -> tuple[bytes, bytes]:
    """A header field's name, and the whole of it in the form of RFC 6376, 3.4.2, without a line end."""
    name, _colon, value = field.partition(b":")
    name = name.rstrip(b" \t").lower()
    if b"\r\n" in value:
        value = value.replace(b"\r\n", b"")
    return name, name + b":" + _BLANKS.sub(b" ", value).strip(b" ")


class Signer:
    """The keys of one domain, ready for use. ``sign`` can be called from several threads."""

    def __init__(self, domain: str, keys: Sequence[SigningKey]) -> None:
        self._keys = [(one.key, one.selector.encode()) for one in reversed(keys)]  # the first ends up on top
        self._domain = domain.encode()

    def sign(self, raw: bytes) -> bytes:
        """``raw`` (RFC 5322, CRLF line ends) with a DKIM-Signature field for each key on top; the RSA one is first."""
        head, _empty, body = raw.partition(b"\r\n\r\n")
        names, signed = _signed(head)
        body_hash = b64encode(sha256(relaxed_body(body)).digest())
        tail = _names(names) + b"\r\n bh=" + body_hash + b";\r\n b="
        made = raw
        for key, selector in self._keys:
            made = self._signature(key, selector, tail, signed) + made
        return made

    def _signature(self, key: PrivateKey, selector: bytes, tail: bytes, signed: bytes) -> bytes:
        algorithm = b"rsa" if isinstance(key, RSAPrivateKey) else b"ed25519"
        field = _beginning(algorithm, self._domain, selector) + tail
        data = signed + relaxed_field(field)[1]
        if isinstance(key, RSAPrivateKey):
            signature = key.sign(data, _PADDING, _HASH)
        else:
            signature = key.sign(sha256(data).digest())  # RFC 8463, 3: the hash is what is signed
        return field + _folded(b64encode(signature)) + b"\r\n"


def _signed(head: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """Which names go into ``h=``, and the fields they stand for, the last one of a name first (RFC 6376, 5.4.2)."""
    fields: dict[bytes, list[bytes]] = {}
    for field in _NEXT_FIELD.split(head):
        name, relaxed = relaxed_field(field)
        fields.setdefault(name, []).append(relaxed)
    names: list[bytes] = []
    signed: list[bytes] = []
    for name in ORDER:
        there = fields.get(name, ())
        one_more = name in ALWAYS_ONE_MORE or (there and name in ONE_MORE_IF_THERE)
        names += [name] * (len(there) + bool(one_more))
        signed += reversed(there)
    return tuple(names), b"".join(field + b"\r\n" for field in signed)


@lru_cache(maxsize=64)
def _names(names: tuple[bytes, ...]) -> bytes:
    """The tag ``h=`` on lines of its own."""
    lines: list[bytes] = []
    line = b" h=" + names[0]
    for name in names[1:]:
        if len(line) + 1 + len(name) >= _LINE:
            lines, line = [*lines, line + b":"], b"  " + name
        else:
            line += b":" + name
    return b"\r\n".join([*lines, line + b";"])


def _beginning(algorithm: bytes, domain: bytes, selector: bytes) -> bytes:
    """What a signature field begins with; a long domain and a long selector have a line each."""
    tags = b"v=1; a=%s-sha256; c=relaxed/relaxed;\r\n d=%s;\r\n s=%s;\r\n"
    return b"DKIM-Signature: " + tags % (algorithm, domain, selector)


def _folded(encoded: bytes) -> bytes:
    """Base64 on lines; the first one stands after ``b=``."""
    first = _LINE - len(b" b=")
    lines = [encoded[:first], *(encoded[at : at + _LINE - 1] for at in range(first, len(encoded), _LINE - 1))]
    return b"\r\n ".join(lines)


@lru_cache(maxsize=4)
def _signer(domain: str, keys: tuple[SigningKey, ...]) -> Signer:
    return Signer(domain, keys)


def signer() -> Signer | None:
    """Who signs for ``MAIL_DOMAIN``; None where that is left to the relay."""
    told = settings.current()
    return _signer(told.mail_domain, told.signing_keys) if told.signing_keys else None


def record(key: SigningKey) -> str:
    """The text that DNS must hold at ``place`` for ``key`` (RFC 6376, 3.6.1)."""
    kind = "rsa" if isinstance(key.key, RSAPrivateKey) else "ed25519"
    return f"v=DKIM1; k={kind}; p={b64encode(signing_keys.public(key.key)).decode()}"


def place(key: SigningKey, domain: str) -> str:
    """The name in DNS where readers of signatures look for ``key``."""
    return f"{key.selector}._domainkey.{domain}"
