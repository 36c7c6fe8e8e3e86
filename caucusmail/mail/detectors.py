"""GNU Mailman's detectors of delivery reports (flufl.bounce), asked where our own reader found no address.

They know odd systems that nobody else remembers. Three things are kept from them: messages that no mail system wrote,
since their heuristics find addresses in anything; structures deeper than theirs; and a From that they trip over.
"""

import logging
from email.message import Message
from importlib import import_module

from caucusmail.mail import delivery_status, parts

MOST = 20  # addresses: more are a heuristic gone astray
LONGEST = 16 * 1024  # characters of a part: some detectors take half a second for an empty half megabyte

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs each fault it raises


def recipients(raw: bytes, not_these: set[str]) -> list[str]:
    """The addresses that a mail system's report ``raw`` names as failed; ``not_these`` (lower case) are others'."""
    try:
        temporary, permanent = import_module("flufl.bounce").all_failures(_message(parts.read(raw)))
    except (IndexError, AttributeError, ValueError, LookupError, TypeError, RecursionError):
        return []
    found = [one.decode("ascii", "replace") for one in sorted(permanent) + sorted(temporary)]
    named = [one for one in found if delivery_status.ADDRESS.fullmatch(one) and one.lower() not in not_these]
    return named if len(named) <= MOST else []


def _message(read: parts.Part) -> "Message[str, str]":
    """The same message as the library wants it, made of the parts that were read within our limits."""
    made: Message[str, str] = Message()
    for name, value in read.headers:
        if name != "content-transfer-encoding":
            made[name] = value.encode("ascii", "replace").decode()
    if "from" not in made:
        made["from"] = "unknown@localhost.invalid"
    if read.children:
        made.set_payload([_message(child) for child in read.children])
    else:
        made.set_payload(read.text()[:LONGEST].encode("ascii", "replace").decode())
    return made
