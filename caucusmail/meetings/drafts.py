"""A meeting as its author fills it in, whole or half; how a half one is kept. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from caucusmail.languages import _
from caucusmail.meetings import agenda
from caucusmail.meetings.agenda import Item
from caucusmail.meetings.models import MeetingKind, MeetingMode


@dataclass(frozen=True)
class MeetingDraft:
    """A meeting as its author fills it in. Times are what the clock on the wall of ``zone`` shows.

    With ``venue_id``, what is left empty (city, zone, street, access) is taken from the preset.
    """

    kind: MeetingKind
    starts: datetime | None  # naive; None: not known yet
    ends: datetime | None  # naive
    titles: Mapping[str, str] = field(default_factory=dict)  # empty: the announcement's subjects
    zone: str = ""  # IANA name
    second_hour: bool | None = None  # of a wall time that comes twice: False the first, True the second
    mode: MeetingMode = MeetingMode.IN_PERSON
    public: bool = False
    session_id: int | None = None
    venue_id: int | None = None
    venue_name: str = ""
    city: str = ""
    street: str = ""
    room: str = ""  # "": to be confirmed
    room_by: date | None = None
    access: Mapping[str, str] = field(default_factory=dict)  # "May I come?", by language
    access_contact: str = ""
    languages: Sequence[str] = ()
    interpretation: Sequence[str] = ()
    reply_by: datetime | None = None  # naive
    reply_zone: str = ""  # "": the meeting's own
    places: int | None = None
    places_each: int | None = None  # that one organisation may have
    agenda: Sequence[Item] = ()
    hosts: str = ""
    do_not_forward: bool = True
    invites_newcomers: bool = True
    known: Mapping[str, str] = field(default_factory=dict)  # while a time is missing: day, starts, ends, ends_day (ISO)


def open_questions(draft: MeetingDraft) -> dict[str, str]:
    """What must be known before it is a meeting and is not: field and question."""
    timed = draft.starts is not None and draft.ends is not None
    missing = {
        "day": not timed and "day" not in draft.known,
        "starts": not timed and "starts" not in draft.known,
        "ends": not timed and "ends" not in draft.known,
        "zone": not draft.zone,
    }
    questions = {
        "day": _("On which day is the meeting?"),
        "starts": _("At what time does it start?"),
        "ends": _("At what time does it end?"),
        "zone": _("Choose the city whose clock the meeting goes by."),
    }
    return {name: questions[name] for name, open_ in missing.items() if open_}


def to_json(draft: MeetingDraft) -> dict[str, Any]:
    """Plain values; what is empty is left out."""
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(draft).items()}
    plain["agenda"] = agenda.to_json(draft.agenda)
    return {name: value for name, value in plain.items() if value not in (None, "", {}, [], ())}


def from_json(kept: Mapping[str, Any]) -> MeetingDraft:
    """What ``to_json`` wrote."""
    values = {"starts": None, "ends": None, **kept}
    for name in ("starts", "ends", "reply_by"):
        if values.get(name):
            values[name] = datetime.fromisoformat(values[name])
    if values.get("room_by"):
        values["room_by"] = date.fromisoformat(values["room_by"])
    for name in ("languages", "interpretation"):
        values[name] = tuple(values.get(name, ()))
    values["agenda"] = agenda.from_json(values.get("agenda", ()))
    values["kind"], values["mode"] = MeetingKind(values["kind"]), MeetingMode(values.get("mode", "in-person"))
    return MeetingDraft(**values)
