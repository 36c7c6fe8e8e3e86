"""The machine-readable part of a delivery report (RFC 3464, 2.3; 6533): one group of fields for each recipient.

Read line by line wherever it stands, since many reports lose their MIME structure on the way or never had it.
"""

import re
from dataclasses import dataclass, field

FIELDS = (
    "original-recipient",
    "final-recipient",
    "action",
    "status",
    "diagnostic-code",
    "x-actual-recipient",
    "remote-mta",
)
MOST_RECIPIENTS = 100

_FIELD = re.compile(r"^[ \t]?([A-Za-z-]{6,24})[ \t]*:[ \t]*(.*)$")
ADDRESS = re.compile(r"""(?:"[^"\s]{1,64}"|[^\s<>()\[\]:;,"'@|]{1,128})@[^\s<>()\[\]:;,"'@|]{1,255}""")
"""One address in running text."""


@dataclass
class Group:
    """The fields of one recipient, names in lower case."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def action(self) -> str:
        """``failed``, ``delayed``, ``delivered`` …, in lower case."""
        return self.fields.get("action", "").split(" ")[0].strip("<>;,").lower()

    @property
    def addresses(self) -> list[str]:
        """The recipient's addresses, as the sender wrote it first (RFC 3464, 2.3.1), then as the server knew it."""
        found = [address_of(self.fields.get(name, "")) for name in ("original-recipient", "final-recipient")]
        return list(dict.fromkeys(address for address in found if address))


def address_of(value: str) -> str:
    """The address in a typed value (``rfc822; a@b.example``), or ""; xtext and ``utf-8`` addresses decoded."""
    kind, typed, rest = value.partition(";")
    value = (rest if typed else kind).strip()
    if kind.strip().lower() == "utf-8":
        value = re.sub(r"\\x\{([0-9A-Fa-f]{2,8})\}", lambda found: _character(found[1]), value)
    found = ADDRESS.search(value)
    return found[0].rstrip(".") if found else ""


def read(text: str) -> list[Group]:
    """Every group of fields in ``text`` that speaks of a recipient."""
    groups: list[Group] = []
    present, last = Group(), ""
    for line in [*text.split("\n"), ""]:
        named = _FIELD.match(line)
        name = named[1].lower() if named else ""
        if named and name in FIELDS:
            if name in present.fields and name != "diagnostic-code":
                _keep(present, groups)
                present = Group()
            said = named[2].strip()
            present.fields[name] = f"{present.fields[name]} {said}" if name in present.fields else said
            last = name
        elif line[:1] in (" ", "\t") and last and line.strip():
            present.fields[last] = f"{present.fields[last]} {line.strip()}"[:2000]
        elif not line.strip():
            _keep(present, groups)
            present, last = Group(), ""
        else:
            last = ""
    return groups[:MOST_RECIPIENTS]


def _keep(group: Group, groups: list[Group]) -> None:
    named = "final-recipient" in group.fields or "original-recipient" in group.fields
    if named and ("action" in group.fields or "status" in group.fields or "diagnostic-code" in group.fields):
        groups.append(group)


def _character(number: str) -> str:
    try:
        return chr(int(number, 16))
    except (ValueError, OverflowError):
        return "\ufffd"
