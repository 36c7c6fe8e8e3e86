"""Whose fault it is that a copy did not arrive: from the server's words and its status code; pure.

What a server writes is the best witness, its enhanced status code (RFC 3463) the next, its reply code (RFC 5321, 4.2.1)
the last: many send 5.0.0 or 550 for everything. Words are asked in an order in which the surer ones come first: "user
unknown" in an answer that speaks of a blacklist is about our server, not about the user.
"""

import re
from enum import StrEnum

from caucusmail.mail import fault_words


class Fault(StrEnum):
    """Whose fault it was. Only GONE and FULL are ever held against an address."""

    GONE = "gone"  # there is no such mailbox or domain
    FULL = "full"  # it is there, and takes no more for now
    POLICY = "policy"  # the server does not want it from us: spam, authentication, reputation, rate, size, content
    TRANSPORT = "transport"  # the way there: network, names, time, faults of servers
    TEMPORARY = "temporary"  # the mailbox is switched off or asks for patience, or nobody said why


class Stage(StrEnum):
    """At which command the server refused."""

    UNKNOWN = ""
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"


AGAINST_THE_ADDRESS = (Fault.GONE, Fault.FULL)
"""What is held against an address; the rest is nobody's fault there."""

_HOW = re.IGNORECASE
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\d.:\[])([45]\d\d)(?=[ \-#:]|$)")
_RESTRICTED = re.compile(r"[45]\.7\.1[23]\d")  # Exchange: this mailbox or group takes mail from some senders only
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']{1,128}@[\w.-]{1,255}")
_USER_UNKNOWN = re.compile(r"user unknown|unknown user|no such user", _HOW)
_LATER = re.compile(r"(?<!not going to )try again|temporar", _HOW)
_WEAKLY_OURS = re.compile("|".join(fault_words.WEAKLY_OURS), _HOW)
_NO_HOST = re.compile("|".join(fault_words.NO_HOST), _HOW)
_STAGES = [(Stage(name), re.compile(text, _HOW)) for name, text in fault_words.STAGES]
_MEANINGS = [  # in the order in which they are asked
    (re.compile("|".join(words), _HOW), meaning)
    for words, meaning in (
        (fault_words.SWITCHED_OFF, Fault.TEMPORARY),
        (fault_words.OURS, Fault.POLICY),
        (fault_words.FULL, Fault.FULL),
        (fault_words.PATIENCE, Fault.TEMPORARY),
        (fault_words.NO_HOST, Fault.GONE),
        (fault_words.ABSENT, Fault.GONE),
        (fault_words.ON_THE_WAY, Fault.TRANSPORT),
    )
]

_BY_STATUS: tuple[tuple[str, Fault], ...] = (  # RFC 3463 and 7504/7505, longest first
    ("1.0", Fault.TEMPORARY),  # "other address status": as often the sender's
    ("1.7", Fault.POLICY),
    ("1.8", Fault.POLICY),
    ("1.9", Fault.TRANSPORT),
    ("1.", Fault.GONE),
    ("2.2", Fault.FULL),
    ("2.3", Fault.POLICY),
    ("2.4", Fault.TRANSPORT),
    ("2.", Fault.TEMPORARY),
    ("3.4", Fault.POLICY),
    ("3.", Fault.TRANSPORT),
    ("4.", Fault.TRANSPORT),
    ("5.", Fault.TRANSPORT),
    ("6.", Fault.POLICY),
    ("7.13", Fault.TEMPORARY),
    ("7.17", Fault.GONE),
    ("7.", Fault.POLICY),
)


def stage(words: str) -> Stage:
    """At which command the server refused, as far as the report says so."""
    return next((name for name, pattern in _STAGES if pattern.search(words)), Stage.UNKNOWN)


def status(words: str, field: str = "") -> str:
    """The enhanced status code: that of the server's own words, unless the report's ``field`` says more."""
    said = [".".join(found) for found in _STATUS.findall(words)]
    reported = [".".join(found) for found in _STATUS.findall(field)]
    telling = [code for code in (*said, *reported) if not code.endswith(".0.0")]
    return next(iter(telling or said or reported), "")


def fault(words: str, status_code: str = "", at: Stage = Stage.UNKNOWN) -> Fault:
    """Whose fault it was, by what the server said, its status code and where in the conversation it said it."""
    if _RESTRICTED.fullmatch(status_code):
        return Fault.TEMPORARY
    words = _bare(words)
    for_good = _for_good(words, status_code)
    said = _by_words(words)
    if (said is None and at is Stage.DATA) or (at is Stage.SENDER and for_good and said is not Fault.TEMPORARY):
        return Fault.POLICY  # what was sent, or who sent it, was not wanted
    if said is None:
        return _by_status(status_code, for_good) or _by_weak_words(words, for_good)
    if said is Fault.FULL and status_code.startswith("5.3."):
        return (
            Fault.TRANSPORT
        )  # for good, and blamed on the system (RFC 3463, 3.4): a program's trouble, and nobody's mailbox
    return _doubted(words, status_code, at, for_good) if said is Fault.GONE else said


def _bare(words: str) -> str:
    """Without addresses, whose names may be words: ``spam@``, ``unknown@``."""
    return _ADDRESS.sub("@", " ".join(words[:6000].split())[:2000])


def _by_words(words: str) -> Fault | None:
    return next((meaning for pattern, meaning in _MEANINGS if pattern.search(words)), None)


def _for_good(words: str, status_code: str) -> bool:
    """Whether the server's answer was for good; without any code it was, or there would be no report."""
    if status_code:
        return status_code[0] == "5"
    if _LATER.search(words):
        return False
    code = _CODE.search(words)
    return code is None or code[1][0] == "5"


def _doubted(words: str, status_code: str, at: Stage, for_good: bool) -> Fault:
    """What "there is none" means. A name server may know tomorrow what it did not find today.

    Who is refused after the content was sent, or by a code of policy (RFC 3463, X.7.X), may be there, and not want it: many
    filters say "user unknown" then. So it is taken, where nothing says at which command, if the status code is that of a
    mailbox which exists (X.2.X), or if the answer names no address, as one to RCPT does.
    """
    if not for_good:
        return Fault.TRANSPORT if _NO_HOST.search(words) else Fault.TEMPORARY
    if status_code[2:].startswith(("1.1", "1.2", "1.3", "1.6")) or not _USER_UNKNOWN.search(words):
        return Fault.GONE
    there = status_code[2:].startswith("2.") or "@" not in words
    unwanted = at is Stage.DATA or status_code[2:].startswith("7.")
    return Fault.TEMPORARY if unwanted or (there and at is Stage.UNKNOWN) else Fault.GONE


def _by_status(status_code: str, for_good: bool) -> Fault | None:
    detail = status_code[2:]
    found = next((meaning for start, meaning in _BY_STATUS if detail.startswith(start)), None)
    if found is Fault.GONE and not for_good:
        return Fault.TRANSPORT
    return found


def _by_weak_words(words: str, for_good: bool) -> Fault:
    return Fault.POLICY if for_good and _WEAKLY_OURS.search(words) else Fault.TEMPORARY


def silent(words: str) -> bool:
    """Whether a server said nothing by which anybody could know why."""
    return _by_words(_bare(words)) is None and status(words)[1:] in ("", ".0.0")
