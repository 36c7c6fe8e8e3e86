"""Delivery reports written for people: which addresses they name as failed, and what they quote of each.

Some seventy mail systems each have their own wording, but nearly all say it in one of few ways: a line that begins with
the address, an address after a phrase like "following address failed", or a transcript of the conversation. What is the
returned message is cut off first, and addresses of those who are to be asked for help do not count.
"""

import re
from dataclasses import dataclass

LONGEST = 16 * 1024  # characters of a report's own words that are read
MOST_RECIPIENTS = 50
_ADDRESS = r"""(?:"[^"\s@]{1,64}"|[\w.!#$%&'*+/=?^`{|}~-]{1,128})@[\w.-]{1,255}"""

_RETURNED = re.compile(
    r"^[ \t]*(?:"
    r"[-_=*]{2,}[^\n]{0,20}(?:original|returned|unsent|copy of|below this line|header|included|enclosed|forwarded)[^\n]{0,80}"
    r"|(?:message headers follow|original message (?:follows|headers)|--- ?below this line|the header of the original|"
    r"included is a copy|below is a copy|the attached|original message:|returned message|unsent message|message details|content of the message)[^\n]{0,80}"
    r"|[^\n]{0,10}(?:return-path|received|x-originating-ip|delivered-to|dkim-signature) ?:[^\n]{0,300}"
    r")$",
    re.IGNORECASE | re.MULTILINE,
)
_AT_LINE_START = re.compile(
    rf"""^[ \t>*•-]{{0,8}}(?:(?:recipient(?:\ address)?|rcpt\ to|user|address|failed|<<<|for)[ \t]*[:=]?[ \t]*)?
    (?:[45]\d\d[ \t]+)?["'<(]{{0,3}}(?<![\w.+-])({_ADDRESS})["'>)]{{0,3}}(?=[\s:,;<]|\.(?:\s|\.|$)|$)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_AFTER_A_PHRASE = re.compile(
    rf"""(?:deliver(?:y|ed|able|ing)?[ \t\n](?:your[ \t]mail[ \t]|failed[ \t])?to(?:[ \t\n]the[ \t]following[ \t]\w+)?|recipients?|rcpt(?:[ \t]to)?|mailbox|address|user\b[^\n<@]{{0,12}}|
    mail[ \t]to|message[ \t]to|sent[ \t]to|undeliverable[ \t]to|list|is[ \t]full|failed|account|members?)
    [ \t\n]{{0,40}}[:=]?[ \t\n]{{0,40}}[<"'(\[]{{0,2}}(?<![\w.+-])({_ADDRESS})""",
    re.IGNORECASE | re.VERBOSE,
)
_HELPERS = re.compile(
    r"(?:contact|assistance|help|support|questions?|please (?:send|forward)|mail from|from:|sender|reply-?to|envelope-from"
    r"|message-id|references|sent by|return-path|original message was|owner|administrator|abuse)[^\n]{0,60}$",
    re.IGNORECASE,
)
_SUMMED_UP = re.compile(r"[ \t]{0,8}[45]\d\d[ \t]+<?[^\s<>]{3,320}>?\.\.\.")
_SERVICE = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-?daemon|majordomo|listserv|abuse|helpdesk|support|root)@", re.IGNORECASE
)
_LINKED = re.compile(rf"[ \t]{{0,4}}(?:\([^()\n]{{1,320}}\)[ \t]{{0,4}})?<mailto:({_ADDRESS})>", re.IGNORECASE)
_FORWARDED = re.compile(rf"\(?(?:generated|expanded) (?:from|by)\W{{0,3}}({_ADDRESS})", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """One recipient that a report names, and the words that go with it."""

    address: str
    original: str  # as we wrote to it, if the report says that it was forwarded; else ""
    words: str


def own_words(text: str) -> str:
    """What the report itself says: without the message that it returns."""
    text = text[:LONGEST]
    for cut in _RETURNED.finditer(text):
        if re.search(r"[A-Za-z0-9_.+-]@|[45]\d\d|recipient|deliver", text[: cut.start()]):
            return text[: cut.start()]
    return text


def linked(text: str, final: str) -> str:
    """The address that stands as a link behind ``final``, as Exchange shows what was written to; else ``final``."""
    place = text.find(final)
    found = _LINKED.match(text, place + len(final)) if place >= 0 else None
    return found[1] if found else final


def read(text: str, not_these: set[str]) -> list[Told]:
    """The recipients that a report's own words name; ``not_these`` (lower case) are others' addresses, as the sender's."""
    found = _candidates(text, _AT_LINE_START, not_these) or _candidates(text, _AFTER_A_PHRASE, not_these)
    if not found:
        found = _candidates(text, re.compile(rf"[<\"]({_ADDRESS})[>\"]"), not_these)
    told: dict[str, Told] = {}
    for number, (_start, address) in enumerate(found):
        words = _words_of(text, found, number)
        forwarded = _FORWARDED.search(words[:300])
        known = told.get(address.lower())
        if known is None:
            told[address.lower()] = Told(address, forwarded[1] if forwarded else "", words)
        elif words not in known.words:
            told[address.lower()] = Told(address, known.original, f"{known.words}\n{words}")
    return list(told.values())[:MOST_RECIPIENTS]


def _words_of(text: str, found: list[tuple[int, str]], number: int) -> str:
    """What is said of the recipient ``number``: from its address to the next one's.

    In a transcript of old sendmails, which sums up each part of a conversation in a line ``554 <a@b.example>... why``,
    it is what stands before that line.
    """
    start, address = found[number]
    end_of_line = text.find("\n", start) % (len(text) + 1)
    if _SUMMED_UP.match(text[text.rfind("\n", 0, start) + 1 : end_of_line]):
        before = text.find("\n", found[number - 1][0]) if number else 0
        return text[max(before, 0) : end_of_line]
    end = next((place for place, other in found[number + 1 :] if other.lower() != address.lower()), len(text))
    return text[start:end]


def _candidates(text: str, pattern: "re.Pattern[str]", not_these: set[str]) -> list[tuple[int, str]]:
    found = []
    originals = {found[1].lower() for found in _FORWARDED.finditer(text)}
    for match in pattern.finditer(text):
        address = match[1].strip(".'").rstrip(".")
        before = text[max(0, match.start(1) - 80) : match.start(1)].rpartition("\n")[2]
        helper = _HELPERS.search(before) is not None
        if helper or _SERVICE.match(address) or address.lower() in not_these or address.lower() in originals:
            continue
        found.append((match.start(1), address))
    return found
