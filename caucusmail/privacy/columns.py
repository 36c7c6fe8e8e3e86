"""Where a name or an address can stand: every column with words in it, of every table. A house test counts that none is missing.

``OWN`` are columns of a person's own rows, which hold a name or an address and nothing else. ``WORDS`` are words that anybody
may have written: they are searched. ``NEVER`` hold neither, and why.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from sqlalchemy import Column, ColumnElement

from caucusmail.database import Model


class Put(Enum):
    """What is put in the place of what stands there."""

    NAME = auto()  # the made-up name
    ADDRESS = auto()  # what stands for that address
    ADDRESSES = auto()  # the same, of a list
    BLANK = auto()
    NOTHING = auto()  # of what fellow members may see
    NONE = auto()
    OVER = auto()  # of what nobody has answered: as if its time were over


@dataclass(frozen=True)
class Known:
    """Whom the rows are asked for."""

    person_id: int
    keys: frozenset[str]  # of every address we know the person by
    alone: frozenset[str] = field(default=frozenset())  # of those at which nobody else here reads

    def theirs(self, person: Any, key: Any) -> ColumnElement[bool]:
        """SQL: rows of the person; or of nobody yet, at an address that is theirs alone."""
        found: ColumnElement[bool] = (person == self.person_id) | self.unanswered(person, key)
        return found

    def unanswered(self, person: Any, key: Any) -> ColumnElement[bool]:
        """SQL: what others have asked at such an address, and nobody has said yes to."""
        found: ColumnElement[bool] = person.is_(None) & key.in_(self.alone)
        return found


Whose = Callable[[Known, Any], ColumnElement[bool]]


def _by(name: str) -> Whose:
    return lambda known, table: table.c[name] == known.person_id


def _or_at(person: str, key: str) -> Whose:
    return lambda known, table: known.theirs(table.c[person], table.c[key])


def _unanswered(person: str, key: str) -> Whose:
    return lambda known, table: known.unanswered(table.c[person], table.c[key])


@dataclass(frozen=True)
class Own:
    """A table with rows of a person's own: which rows, and what is put into which columns."""

    table: str
    whose: Whose
    puts: dict[str, Put]

    def columns(self) -> dict[Column[Any], Put]:
        """The columns themselves."""
        return {Model.metadata.tables[self.table].c[name]: put for name, put in self.puts.items()}


_A_LINE = {"name": Put.NAME, "address": Put.ADDRESS, "address_key": Put.ADDRESS}
_UNANSWERED = {
    "state": Put.OVER,
    "name": Put.BLANK,
    "address": Put.BLANK,
    "address_key": Put.ADDRESS,
    "title": Put.BLANK,
}
_AN_ADDRESS = {"address": Put.ADDRESS, "address_key": Put.ADDRESS}

OWN = (
    Own("deliveries", _or_at("person_id", "address_key"), _A_LINE),
    Own("people", _by("id"), _A_LINE),
    Own("second_addresses", _by("person_id"), _AN_ADDRESS),
    Own("asked_addresses", _by("person_id"), _AN_ADDRESS),
    Own("address_changes", _by("person_id"), {"was": Put.ADDRESSES, "introduced_key": Put.ADDRESS}),
    Own(
        "recoveries",
        _or_at("person_id", "old_key"),
        {"name": Put.NAME, "old_key": Put.ADDRESS} | _AN_ADDRESS,
    ),
    Own("sign_in_letters", lambda known, table: table.c.address_key.in_(known.alone), {"address_key": Put.ADDRESS}),
    Own("applicants", _by("person_id"), _A_LINE | {"title": Put.BLANK}),
    Own("applicants", _unanswered("person_id", "address_key"), _UNANSWERED),
    Own("hand_overs", _by("successor_id"), _A_LINE | {"title": Put.BLANK}),
    Own("hand_overs", _unanswered("successor_id", "address_key"), _UNANSWERED),
    Own("suppressions", _by("person_id"), {"shown": Put.BLANK, "words": Put.BLANK}),
    Own("meeting_answers", _by("person_id"), {"from_address": Put.BLANK}),
    Own("representatives", _by("person_id"), {"title": Put.BLANK}),
    Own("affiliations", _by("person_id"), {"shown": Put.NOTHING, "address_id": Put.NONE}),
)

WORDS = {
    "announcement_texts": ("subject", "body"),
    "announcements": ("sketch", "changes", "correction"),
    "applications": ("ngo_name", "name_key", "latin_name", "website", "vouchers", "reason", "note"),
    "audit_entries": ("reason", "detail"),
    "caucuses": ("about", "history"),
    "credentials": ("label",),
    "data_requests": ("extension_reason", "refusal"),
    "deliveries": ("reply", "bounce_words"),
    "email_groups": ("closed_why",),
    "evidence": ("asked", "text"),
    "hand_overs": ("words",),
    "heartbeats": ("detail",),
    "interventions": ("reason", "bounce_words"),
    "meeting_answers": ("other_need", "said"),
    "meeting_attendance": ("key", "name"),
    "meeting_changes": ("was", "now", "note"),
    "meeting_minutes": ("texts",),
    "meeting_minutes_editions": ("texts", "note"),
    "meeting_papers": ("title", "url"),
    "meeting_questions": ("words",),
    "meetings": ("titles", "venue_name", "street", "room", "access", "access_contact", "agenda", "hosts"),
    "ngos": ("how_verified",),
    "outgoing_messages": ("paused_why",),
    "outgoing_texts": ("words",),
    "received": ("recipient", "sender", "message_id", "detail"),
    "recoveries": ("words", "how"),
    "remote_links": ("words",),
    "review_windows": ("note",),
    "yearly_answers": ("words",),
}
"""Words that are searched, by table."""

LETTERS = {"outgoing_texts": ("raw",), "received": ("raw",)}
"""Letters and mail that came in, as bytes: searched as a mail program reads them (``privacy.reworded_letters``)."""

NEVER = {
    "address_troubles": "keyed fingerprints",
    "consent_texts": "what the house asks",
    "consents": "which text, which form",
    "countries": "names of countries",
    "covers": "the seals themselves",
    "door_lists": "a salt",
    "door_names": "sealed; the seal is made anew over the made-up name (``privacy.hiding``)",
    "domain_paces": "names of domains",
    "limit_paces": "names of domains",
    "meeting_sessions": "names of sessions",
    "meeting_tallies": "numbers",
    "meeting_taps": "a fingerprint",
    "ngo_signs": "marks of organisations",
    "paper_files": "documents: not searched, and the receipt says so",
    "protections": "the made-up name",
    "pseudonyms": "made-up names",
    "regions": "names of regions",
    "retention_runs": "names of rules",
    "sealed_values": "the seals themselves",
    "seat_requests": "numbers of texts",
    "session_parts": "cities",
    "sign_ins": "a fingerprint",
    "tallies": "keyed fingerprints",
    "venues": "names of places",
    "wishes": "a fingerprint",
}
"""Tables of which no further column holds a name or an address of a person, and why."""

CODES = {
    "announcement_texts": "language",
    "announcements": "reference audience audience_digest counts",
    "applicants": "languages zone code_fingerprint",
    "applications": "submission acronym country_code",
    "audit_entries": "verb subject_kind",
    "caucuses": "slug tag names former_names external_url country_code",
    "credentials": "secret handle",
    "data_requests": "asker_sealed received_on due_on",
    "deliveries": "language zone why lease_by note bounce",
    "email_groups": "local_part names",
    "hand_overs": "seat_ids language agreed",
    "heartbeats": "name",
    "interventions": "note bounce",
    "meeting_answers": "interpretation",
    "meeting_changes": "kind",
    "meeting_papers": "language media_type sha256",
    "meetings": "reference uid city zone tzdata room_by languages interpretation reply_zone clock_asked series",
    "ngos": "name name_key latin_name other_name acronym country_code website domain",
    "outgoing_messages": "kind subject_kind sender",
    "outgoing_texts": "language",
    "people": "languages zone reading_days",
    "received": "body_hash outcome",
    "recoveries": "language sealed_code",
    "remote_links": "url",
    "sign_in_letters": "code_fingerprint",
    "suppressions": "address_fingerprint reason",
}
"""Of the tables that are searched the columns that are not: numbers, codes, what organisations and groups are called."""
