"""Reading what was caught without the help of the code that made it."""

import quopri
import re
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

import dkim as dkimpy

from tests.golden.capture import DNS
from tests.sink import Caught


def fields(raw: bytes) -> list[tuple[str, str]]:
    """Name and raw value of each header field, folds kept."""
    pairs = (one.partition(b":") for one in re.split(rb"\r\n(?![ \t])", raw.partition(b"\r\n\r\n")[0]))
    return [(name.decode("ascii"), value.decode("ascii")) for name, _colon, value in pairs]


def values(caught: Caught, name: str) -> list[str]:
    """The values of a header, unfolded."""
    return [value.replace("\r\n", "").strip() for one, value in fields(caught.raw) if one.lower() == name.lower()]


def value(caught: Caught, name: str) -> str:
    """The value of a header that is there once."""
    (found,) = values(caught, name)
    return found


def mailbox(caught: Caught, name: str) -> Address:
    """The one mailbox of an address header, as Python's parser reads it."""
    (found,) = message_from_bytes(caught.raw, policy=policy.default)[name].addresses
    return found


def part(caught: Caught, kind: str) -> str:
    """The first part of this type, decoded by hand."""
    for one in message_from_bytes(caught.raw, policy=policy.default).walk():
        if isinstance(one, EmailMessage) and one.get_content_type() == kind:
            return quopri.decodestring(one.get_payload().encode()).decode()
    raise AssertionError(f"no {kind}")


def lookup(name: bytes, timeout: float = 5) -> bytes | None:
    """DNS for dkimpy."""
    return DNS.get(name)


def holds(raw: bytes) -> list[bool]:
    """Whether each signature, from the top, holds."""
    found = []
    for at in range(len([1 for name, _value in fields(raw) if name == "DKIM-Signature"])):
        try:
            found.append(dkimpy.DKIM(raw).verify(idx=at, dnsfunc=lookup))
        except dkimpy.DKIMException:
            found.append(False)
    return found


def tags(value: str) -> dict[str, str]:
    """The tags of a signature, without white space."""
    pairs = (one.partition("=") for one in re.sub(r"\s", "", value).split(";"))
    return {name: text for name, _equals, text in pairs}


def with_header(raw: bytes, name: str, text: str) -> bytes:
    """``raw`` with the value of its header ``name`` replaced."""
    head, empty, body = raw.partition(b"\r\n\r\n")
    split = re.split(rb"\r\n(?![ \t])", head)
    changed = [
        f"{name}: {text}".encode() if one.lower().startswith(f"{name.lower()}:".encode()) else one for one in split
    ]
    assert changed != split
    return b"\r\n".join(changed) + empty + body
