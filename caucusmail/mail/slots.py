"""Slots: the places in a compiled letter where each reader's own words go. A closed list; nothing else is replaced.

In a ``Letter`` a slot is a mark of two private-use characters around its name (``mark("name")``), so that templates,
escaping and Markdown let it pass. ``clean`` takes such characters out of what people write: nobody can write a slot.
"""

from enum import StrEnum

from caucusmail.languages import closed

OPEN, CLOSE = "\ue000", "\ue001"


class Slot(StrEnum):
    """Everything that may differ from one reader's copy to the next."""

    NAME = "name"
    GROUPS = "groups"  # that brought it, by name
    WHY = "why"  # "you get this as …", a whole sentence
    CLOCK = "clock"  # the reader's own clock, as a line after another; empty in a letter without clocks
    ADDRESS = "address"  # masked
    LINK_SETTINGS = "link_settings"
    LINK_LEAVE = "link_leave"  # one-click (RFC 8058), for machines
    LINK_LEAVE_PAGE = "link_leave_page"  # the same, in the reader's language
    LINK_WEB = "link_web"
    LINK_READ = "link_read"  # what a discreet letter holds back
    LINK_ANSWER = "link_answer"  # whether one comes to the meeting
    # of headers and calendar only
    TO = "to"
    DATE = "date"
    MESSAGE_ID = "message_id"
    ORGANIZER = "organizer"  # a whole folded content line, as the next
    ATTENDEE = "attendee"
    FEEDBACK_ID = "feedback_id"
    LEAVE_BY_MAIL = "leave_by_mail"  # an address; whoever writes to it leaves as one click does
    LIST_ID = "list_id"  # of a group that this reader is on


def mark(slot: Slot) -> str:
    """The mark that stands for ``slot`` in a letter."""
    return f"{OPEN}{slot.value}{CLOSE}"


def unmarked(text: str) -> str:
    """``text`` without the characters of marks."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def clean(text: str) -> str:
    """``text`` without the characters of marks, and without what no letter may hold (NUL and other controls)."""
    return "".join(c for c in text if c not in (OPEN, CLOSE) and (c >= " " or c in "\n\t") and c != "\x7f")


def line(text: str) -> str:
    """``text`` on one line: ``clean``, whatever breaks a line in a header, a letter or a calendar is a space, and it turns
    nothing around that follows it (``languages.closed``)."""
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(closed(clean(" ".join(text.split()))).split())
