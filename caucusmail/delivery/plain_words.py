"""What a server's answer means, as a sentence for somebody who has never heard of SMTP; pure.

The enhanced status code says most (RFC 3463, 3; the registry that RFC 5248 set up, with RFC 7372, 7504, 7505, 8616 and
9422). Where a server gives none, its words are asked, then its reply code (RFC 5321, 4.2). A code that is not known means
what its class means. Whether the copy is tried again is not said here: that depends on the row.
"""

import re
from typing import Any

from caucusmail.languages import later
from caucusmail.mail import faults
from caucusmail.mail.faults import Fault, Stage

_NO_MAILBOX = later("There is no such mailbox (any more).")
_BAD_ADDRESS = later("The address is written in a way that server does not understand.")
_NO_DOMAIN = later("The domain of the address does not take mail.")
_SENDER = later("That server does not accept the address we write from. This is ours to mend.")
_MAILBOX = later("Something is wrong with the mailbox; the server did not say what.")
_FULL = later("The mailbox is full.")
_TOO_LARGE = later("The letter is larger than that mailbox may receive.")
_SYSTEM = later("The mail server of the recipient has a problem of its own.")
_UNREACHABLE = later("The mail server of the recipient could not be reached.")
_NETWORK = later("Something went wrong on the way to the mail server of the recipient.")
_BUSY = later("The mail server of the recipient is too busy at the moment.")
_PROTOCOL = later("The two mail servers did not understand each other. This is ours to mend.")
_CONTENT = later("That server could not accept the form of the letter. This is ours to mend.")
_POLICY = later("The server refused it by its own rules. This is nothing against the person.")
_COME_BACK = later("The other server asks us to come back later; many do so with senders they do not know yet.")
_STRANGER = later(
    "The other server asks us to come back in a few minutes, as it does with senders it does not know yet."
)
_NOT_HERE = later("That server does not take mail for this address.")
_BROKE = later("The connection broke.")
_PROOF = later("That server could not confirm that the letter comes from us. This is ours to mend.")
_SECRECY = later("The two mail servers could not agree on how to keep the letter secret. This is ours to mend.")
_SIGN_IN = later("Our own mail relay wants us to sign in differently. This is ours to mend.")
_WAIT = later("The other server asked to wait.")
_REFUSED = later("The other server refused it for good and did not say why.")
_TOO_MANY = later("That mailbox or server gets too much mail at the moment.")
_REPUTATION = later("That server mistrusts the machine our mail comes from. This is ours to mend.")

BY_STATUS: dict[str, Any] = {
    "1.0": later("Something is wrong with the address; the server did not say what."),
    "1.1": _NO_MAILBOX,
    "1.2": _NO_DOMAIN,
    "1.3": _BAD_ADDRESS,
    "1.4": later("The address could mean more than one mailbox there."),
    "1.5": later("The address is right."),
    "1.6": later("The mailbox has moved, and the server does not say where to."),
    "1.7": _SENDER,
    "1.8": _SENDER,
    "1.9": later("The letter was passed on to a server that tells us nothing more."),
    "1.10": later("There is no such mailbox, or its domain takes no mail."),
    "2.0": _MAILBOX,
    "2.1": later("The mailbox is switched off and takes no mail."),
    "2.2": _FULL,
    "2.3": _TOO_LARGE,
    "2.4": later("The address is a list, and the list could not pass the letter on."),
    "3.0": _SYSTEM,
    "3.1": later("The mail server of the recipient has no room left."),
    "3.2": later("The mail server of the recipient takes no mail at the moment."),
    "3.3": later("The mail server of the recipient cannot do what the letter needs."),
    "3.4": later("The letter is larger than the mail server of the recipient allows."),
    "3.5": _SYSTEM,
    "3.6": later("The mail server of the recipient has put off what we asked for."),
    "4.0": _NETWORK,
    "4.1": _UNREACHABLE,
    "4.2": later("The connection to the mail server of the recipient broke."),
    "4.3": later("The address book of the internet did not answer, so the way to the recipient is not known."),
    "4.4": later("No way leads to the mail server of the recipient."),
    "4.5": _BUSY,
    "4.6": later("The letter went round in circles between servers."),
    "4.7": later("The letter could not be delivered for so long that the server gave up."),
    "5.0": _PROTOCOL,
    "5.1": _PROTOCOL,
    "5.2": _PROTOCOL,
    "5.3": later("The letter was for more people at once than that server allows."),
    "5.4": _PROTOCOL,
    "5.5": _PROTOCOL,
    "5.6": _SIGN_IN,
    "6.0": _CONTENT,
    "6.1": _CONTENT,
    "6.2": _CONTENT,
    "6.3": _CONTENT,
    "6.4": _CONTENT,
    "6.5": _CONTENT,
    "6.6": _CONTENT,
    "6.7": later("The server cannot handle addresses in this writing (letters outside English)."),
    "6.8": _CONTENT,
    "6.9": _CONTENT,
    "6.10": _CONTENT,
    "7.0": _POLICY,
    "7.1": _POLICY,
    "7.2": later("The address is a list to which we may not write."),
    "7.3": _SECRECY,
    "7.4": _SECRECY,
    "7.5": _SECRECY,
    "7.6": _SECRECY,
    "7.7": later("The server says that the letter was changed on its way."),
    "7.8": _SIGN_IN,
    "7.9": _SIGN_IN,
    "7.10": _SECRECY,
    "7.11": _SECRECY,
    "7.12": _SIGN_IN,
    "7.13": later("The account of the recipient is switched off."),
    "7.14": _SIGN_IN,
    "7.15": later("That server takes only urgent mail at the moment."),
    "7.16": _TOO_LARGE,
    "7.17": later("The mailbox has another owner than it used to have."),
    "7.18": later("The domain has another owner than it used to have."),
    "7.19": later("The server cannot check whether the mailbox still has the same owner."),
    "7.20": _PROOF,
    "7.21": _PROOF,
    "7.22": _PROOF,
    "7.23": _PROOF,
    "7.24": _PROOF,
    "7.25": _PROOF,
    "7.26": _PROOF,
    "7.27": _SENDER,
    "7.28": _TOO_MANY,
    "7.29": _PROOF,
    "7.30": _SECRECY,
    "7.31": _POLICY,
    "7.32": _PROOF,
}
"""Subject and detail of an enhanced status code (its last two numbers) to what it means."""

BY_CLASS: dict[str, Any] = {
    "1": BY_STATUS["1.0"],
    "2": _MAILBOX,
    "3": _SYSTEM,
    "4": _NETWORK,
    "5": _PROTOCOL,
    "6": _CONTENT,
    "7": _POLICY,
}
"""The subject alone, for a detail that is not known."""

BY_FAULT: dict[Fault, Any] = {
    Fault.GONE: _NO_MAILBOX,
    Fault.FULL: _FULL,
    Fault.POLICY: _POLICY,
    Fault.TRANSPORT: _NETWORK,
}
"""What the words alone betray."""

BY_REPLY: dict[int, Any] = {
    421: _BUSY,
    450: later("The mailbox could not be used at that moment."),
    451: _SYSTEM,
    452: later("The mail server of the recipient has no room left."),
    454: _SIGN_IN,
    455: _PROTOCOL,
    500: _PROTOCOL,
    501: _BAD_ADDRESS,
    502: _PROTOCOL,
    503: _PROTOCOL,
    504: _PROTOCOL,
    521: _NO_DOMAIN,
    523: later("The letter is larger than the mail server of the recipient allows."),
    530: _SIGN_IN,
    534: _SIGN_IN,
    535: _SIGN_IN,
    538: _SIGN_IN,
    541: _POLICY,
    550: later("The mailbox does not exist, or does not take mail from us."),
    551: later("The mailbox has moved, and the server does not say where to."),
    552: _FULL,
    553: _BAD_ADDRESS,
    554: _REFUSED,
    555: _BAD_ADDRESS,
    556: _NO_DOMAIN,
}
"""The reply code, where a server says nothing better."""

_GREY = re.compile(r"gr[ae]y-?\s?list", re.IGNORECASE)
_CLOSED = re.compile(r"access denied|recipient address rejected", re.IGNORECASE)
_OURS = re.compile(
    r"(?:\w+\.)*\w*(?:[Ee]rror|Exception|Timeout|Disconnected|Refused|NotSupported)(?::|$)|no answer in time$"
)
_BROKEN = re.compile(r"reset|abort|brokenpipe|disconnected|unexpectedly|EOF", re.IGNORECASE)
_BLAMED = ("blacklist", "blocklist", "block list", "spamhaus", "reputation", "banned")


def meaning(code: int | None, words: str) -> Any:
    """A sentence (lazy: translated when shown) for a refusal or a request to wait. ``code`` is None if nobody answered."""
    kind, _dot, rest = faults.status(words).partition(".")
    subject = rest.partition(".")[0]
    if code is not None and subject in ("", "0", "7") and any(word in words.casefold() for word in _BLAMED):
        return _REPUTATION
    if code is not None and "4" in (kind, str(code)[:1]) and _GREY.search(words):
        return _STRANGER
    if code is not None and code >= 500 and rest == "4.1" and _CLOSED.search(words):
        return _NOT_HERE
    found = BY_STATUS.get(rest) or BY_CLASS.get(subject) or _by_reply(code, words)
    return _COME_BACK if found is _POLICY and "4" in (kind, str(code)[:1]) else found


def broke(words: str) -> bool:
    """Whether ``words`` are an error of our own that says a connection broke, not that there was none."""
    return bool(_OURS.match(words) and _BROKEN.search(words))


def server_said(words: str) -> str:
    """``words`` if a server said them; "" if they are an error of our own side of the connection."""
    return "" if _OURS.match(words) else words


def _by_reply(code: int | None, words: str) -> Any:
    if code is None:
        return _BROKE if broke(words) else _UNREACHABLE
    told = None if faults.silent(words) else BY_FAULT.get(faults.fault(f"{code} {words}", at=Stage.RECIPIENT))
    return told or BY_REPLY.get(code) or (_WAIT if code < 500 else _REFUSED)
