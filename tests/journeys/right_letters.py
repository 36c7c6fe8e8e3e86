"""What each letter of an announcement must have, as a mail server received it; and what a mail program does with one."""

import re
import urllib.request
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import icalendar

from tests.sink import Caught


def every_letter(letters: list[Caught]) -> None:
    """What each one must have."""
    for letter in letters:
        message, (reader,) = letter.message, letter.recipients
        assert re.fullmatch(r"vrwg-bounce\+[0-9a-f]+@caucus\.example", letter.sender)
        assert [one.addr_spec for one in message["To"].addresses] == [reader]
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(r"<http://localhost:\d+/leave/[\w-]+>(?:, <mailto:[^<>]+>)?", message["List-Unsubscribe"])
        assert "vrwg" in message["List-Id"]
        for name in ("List-Help", "List-Owner", "List-Archive", "Feedback-ID"):
            assert message[name], name
        kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
        assert kinds[:2] == ["text/plain", "text/html"]
        assert not re.search(r"<img|src=|url\(", letter.html)
        assert letter.text.count("/my/") == 1
        calendar(message, reader)


def calendar(message: Any, reader: str) -> None:
    """One invitation, to its reader alone, at the right instant."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    invitation = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    (event,) = invitation.walk("VEVENT")
    assert part.get_param("method") == invitation["METHOD"] == "REQUEST"
    assert str(event["ATTENDEE"]).lower() == f"mailto:{reader.lower()}"  # one; several would be a list
    assert event["DTSTART"].dt.astimezone(UTC) == datetime(2027, 11, 30, 7, 15, tzinfo=UTC)
    assert event["DTEND"].dt.astimezone(UTC) == datetime(2027, 11, 30, 8, 15, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert [zone["TZID"] for zone in invitation.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
    assert event["SEQUENCE"] == 0


def alone(letters: list[Caught]) -> list[Caught]:
    """Those whose mailbox is nobody else's (an organisation's can be shared; each person has their own letter then)."""
    mailboxes = Counter(letter.recipients[0] for letter in letters)
    return [letter for letter in letters if mailboxes[letter.recipients[0]] == 1]


def one_click(letter: Caught) -> None:
    """What a mail program does: one POST, no cookie, no page."""
    address = letter.message["List-Unsubscribe"].partition(">")[0].strip("<")
    for _number in range(2):  # and again, as some do
        with urllib.request.urlopen(urllib.request.Request(address, b"List-Unsubscribe=One-Click")) as answer:
            assert (answer.status, answer.url, answer.headers["Set-Cookie"]) == (200, address, None)
