"""Personal fields: what an author may write in a text for each reader's own. A closed list; what only looks like one of
them is pointed out before anything is sent."""

import re
from collections.abc import Iterator, Mapping

from caucusmail import languages
from caucusmail.languages import _, later
from caucusmail.mail.slots import Slot, mark

SLOTS: Mapping[str, Slot] = {"{{name}}": Slot.NAME, "{{groups}}": Slot.GROUPS}
"""Each field and the slot that it becomes."""

MEANS = {
    "{{name}}": later("the reader’s name"),
    "{{groups}}": later("the email groups that bring the reader this letter"),
}
"""Each field and what it says."""

_DOUBLED = re.compile(r"\{\{+\s*([^\W\d_][\w '’-]{0,39}?)\s*\}+|\{\s*([^\W\d_][\w '’-]{0,39}?)\s*\}\}+")
_SINGLE = re.compile(r"(?<![{$#%\\])\{\s*([^\W\d_][\w '’-]{0,39}?)\s*\}(?!\})")
_MEANT = {
    "name",
    "names",
    "nom",
    "prénom",
    "first name",
    "last name",
    "surname",
    "group",
    "groups",
    "groupe",
    "groupes",
}
_MEANT |= {"caucus", "organisation", "organization", "country", "pays", "language", "langue", "email", "address"}


def marked(text: str) -> str:
    """``text`` with the mark of its slot in the place of each field."""
    for field, slot in SLOTS.items():
        text = text.replace(field, mark(slot))
    return text


def for_anybody(text: str, group: str) -> str:
    """``text`` for whoever reads it on the site: words for all in the place of each reader's own."""
    return text.replace("{{name}}", _("colleague")).replace("{{groups}}", group)


def written(text: str) -> Iterator[str]:
    """Everything in ``text`` that is a field or was meant for one: a word in double braces, or in single ones if it names
    what somebody might want filled in."""
    for found in sorted([*_DOUBLED.finditer(text), *_SINGLE.finditer(text)], key=lambda one: one.start()):
        doubled = found.re is _DOUBLED
        if doubled or " ".join(re.split(r"[\W_]+", found[1].casefold())) in _MEANT:
            yield found[0]


def unknown(text: str) -> list[str]:
    """What looks like a field in ``text`` and is none, each once: it would be sent as it is."""
    return list(dict.fromkeys(one for one in written(text) if one not in SLOTS))


def listed() -> str:
    """The fields there are, for a sentence."""
    return ", ".join(languages.isolate(field) for field in SLOTS)
