"""What a report shows of the message it is about: by these we know our own, even where addresses are blacked out."""

import re
from dataclasses import dataclass

from caucusmail.mail import parts
from caucusmail.mail.parts import Part

MOST = 40  # of each kind

_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,255}>")
_RETURN_PATH = re.compile(r"[\w.+=~-]{1,64}-bounce\+[a-z2-7]{8,40}@[\w.-]{1,255}", re.IGNORECASE)
_ONE_CLICK = re.compile(r"https?://[^\s<>\"]{1,200}/leave/([\w-]{20,200})")
_RETURNED = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/global-headers",
    "message/rfc822-headers",
)


@dataclass(frozen=True)
class Traces:
    """Identifiers, each in the order found. Nothing of it is proven: whoever wrote the report wrote these."""

    message_ids: tuple[str, ...] = ()
    feedback_ids: tuple[str, ...] = ()
    one_clicks: tuple[str, ...] = ()  # tokens of List-Unsubscribe
    return_paths: tuple[str, ...] = ()


def find(message: Part, raw: str) -> Traces:
    """What can be found in the returned message, in what the report refers to, and as text anywhere in ``raw``."""
    returned = returned_messages(message)
    ids: list[str] = []
    for part in returned:
        ids += _MESSAGE_ID.findall(part.get("message-id"))
    for name in ("in-reply-to", "references", "x-failed-message-id"):
        ids += _MESSAGE_ID.findall(message.get(name))
    ids += [
        found[1]
        for found in re.finditer(
            r"(?im)^[ \t]{0,8}(?:original-)?message-id[ \t]{0,8}:[ \t]{0,8}(<[^<>\s]{3,400}>)", raw
        )
    ]
    ids = [one for one in ids if one != message.get("message-id")]
    return Traces(
        _first(ids),
        _first([value for part in returned for value in part.all("feedback-id")]),
        _first(_ONE_CLICK.findall(raw)),
        _first(_RETURN_PATH.findall(raw)),
    )


def returned_messages(message: Part) -> list[Part]:
    """The messages that a report returns, with their headers."""
    whole = [part for part in message.walk() if part.kind in ("message/rfc822", "message/global")]
    heads = [part for part in message.walk() if part.kind in _RETURNED and not part.children]
    return [child for part in whole for child in part.children] + [parts.head(one.text().lstrip("\n")) for one in heads]


def _first(found: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:MOST]
