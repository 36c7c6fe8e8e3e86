"""Complaints and other feedback about messages (RFC 5965, 6591), and the forms that some providers have instead."""

import json
import re
from dataclasses import dataclass
from typing import Any

from caucusmail.mail import delivery_status, traces
from caucusmail.mail.parts import Part

PUNISHES = ("abuse", "fraud", "opt-out", "opt-out-list", "other", "virus", "miscategorized")
"""Kinds of feedback after which nobody wants more of the same; "not-spam" takes back, "auth-failure" is about us."""

_FIELD = re.compile(r"(?im)^[ \t]?([a-z-]{4,40})[ \t]*:[ \t]*([^\n]{0,1000})")


@dataclass(frozen=True)
class Feedback:
    """One report: its kind ("abuse", "auth-failure", …) and the addresses it says the message went to."""

    kind: str
    addresses: tuple[str, ...]


def read(message: Part) -> Feedback | None:
    """The feedback that a message is, or None."""
    return _of_rfc_5965(message) or _of_hotmail(message) or _of_notification(message) or _of_apple(message)


def _of_rfc_5965(message: Part) -> Feedback | None:
    for part in message.walk():
        declared = message.parameters.get("report-type", "").lower() == "feedback-report"
        if part.kind != "message/feedback-report" and not (declared and part.kind == "text/plain"):
            continue
        fields = [(name.lower(), value.strip()) for name, value in _FIELD.findall(part.text() or part.body)]
        kind = next(
            (value.split()[0].lower().strip(";") for name, value in fields if name == "feedback-type" and value), ""
        )
        if kind:
            named = [value for name, value in fields if name in ("original-rcpt-to", "removal-recipient")]
            return Feedback(kind, _addresses(named) or _addresses(_receivers(message)))
    return None


def _of_hotmail(message: Part) -> Feedback | None:
    """Hotmail returns the message with a header of its own, and a subject."""
    named = [part.get("x-hmxmroriginalrecipient") for part in message.walk()]
    if not any(named) or not re.match(r"\s*complaint about message", message.get("subject"), re.IGNORECASE):
        return None
    return Feedback("abuse", _addresses(named))


def _of_notification(message: Part) -> Feedback | None:
    """Amazon SES writes JSON: ``{"notificationType": "Complaint", "complaint": {"complainedRecipients": …}}``."""
    told = notification(message)
    complaint = told.get("complaint")
    if not isinstance(complaint, dict):
        return None
    return Feedback(
        str(complaint.get("complaintFeedbackType") or "abuse").lower(), mentioned(complaint, "complainedRecipients")
    )


def notification(message: Part) -> dict[str, Any]:
    """What a message says in JSON, as Amazon SES does, if it is that; else an empty mapping."""
    for part in message.walk():
        text = (
            part.text().strip().replace("!\n ", "") if part.kind == "text/plain" else ""
        )  # as old sendmails cut lines
        if not text.startswith("{") or "otificationType" not in text[:2000] + text[-2000:]:
            continue
        try:
            told = json.JSONDecoder().raw_decode(text)[0]
            told = json.loads(told["Message"]) if isinstance(told.get("Message"), str) else told
        except (ValueError, RecursionError, KeyError, TypeError):
            continue
        return told if isinstance(told, dict) else {}
    return {}


def mentioned(told: dict[str, Any], name: str) -> tuple[str, ...]:
    """The addresses under ``name`` in a part of a notification: strings, or objects with ``emailAddress``."""
    listed = told.get(name)
    found = (
        [one.get("emailAddress") if isinstance(one, dict) else one for one in listed]
        if isinstance(listed, list)
        else []
    )
    return _addresses([one for one in found if isinstance(one, str)])


def _of_apple(message: Part) -> Feedback | None:
    """Apple Mail's button writes to the mailto address of List-Unsubscribe and says so in a header."""
    if message.get("x-apple-unsubscribe").lower() != "true":
        return None
    return Feedback("opt-out", _addresses([message.get("from")]))


def _receivers(message: Part) -> list[str]:
    returned = traces.returned_messages(message)
    return [part.get("to") for part in returned] or [value for part in returned for value in part.all("delivered-to")]


def _addresses(values: list[str]) -> tuple[str, ...]:
    found = [delivery_status.address_of(value) for value in values]
    return tuple(dict.fromkeys(one for one in found if one))
