"""What a letter says of a change when its author adds nothing: a subject and a sentence or two, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass

from caucusmail import languages
from caucusmail.languages import _
from caucusmail.meetings.models import MeetingChange


@dataclass(frozen=True)
class Usual:
    """The usual words of one version."""

    subject: str  # the day, the hour and the city follow it
    body: str  # Markdown


def usual(kind: str, rows: Sequence[MeetingChange], language: str) -> Usual:
    """The words for a change of this ``kind`` in the version ``language``, or in the one that its readers are offered."""
    with languages.use(languages.offered([language])):
        return Usual(_subject(kind, rows), _body(kind, rows))


def _only(rows: Sequence[MeetingChange], *kinds: str) -> bool:
    return bool(rows) and all(row.kind in kinds for row in rows)


def _subject(kind: str, rows: Sequence[MeetingChange]) -> str:
    room = next((str(row.now["room"]) for row in rows if row.now.get("room")), "")
    if kind == "room" and room:
        had = any(row.was.get("room") for row in rows)
        return _("ROOM CHANGED: %(room)s", room=room) if had else _("ROOM: %(room)s", room=room)
    agenda = all(row.kind == "agenda" for row in rows)
    if _only(rows, "places") and all(row.now.keys() == {"places_each"} for row in rows):
        return _("PLACES FOR EACH ORGANISATION CHANGED")
    if _only(rows, "places", "deadline"):
        return _("NEW REPLY DEADLINE") if _only(rows, "deadline") else _("NUMBER OF PLACES CHANGED")
    return {
        "room": _("PLACE CHANGED"),
        "time": _("NEW TIME"),
        "access": _("HOW TO GET IN HAS CHANGED"),
        "document": _("PAPER REPLACED") if any(row.was for row in rows if row.kind == "document") else _("NEW PAPER"),
        "details": _("AGENDA CHANGED") if agenda else _("DETAILS CORRECTED"),
        "cancelled": _("CANCELLED"),
        "reinstated": _("TAKES PLACE AFTER ALL"),
        "clock": _("CLOCKS CHANGED"),
    }[kind]


def _body(kind: str, rows: Sequence[MeetingChange]) -> str:
    note = next((row.note for row in rows if row.note), "")
    kind = "details" if _only(rows, "places", "deadline") else kind  # nobody goes elsewhere, or at another hour
    said = {
        "room": _("Please go to the new place. Everything else stays."),
        "time": _("Please note the new time. Everything else stays."),
        "access": _("Please read below how to get in now. Everything else stays."),
        "document": _("The paper is named above, and linked below with the others. Time and place stay."),
        "details": _("Please see above what is new. Time and place stay."),
        "cancelled": _("This meeting does not take place."),
        "reinstated": _("This meeting takes place after all, as below."),
        "clock": _(
            "The rules for the clocks there have changed. The hour in the city of the meeting stays as announced; elsewhere it is another one, as below."
        ),
    }[kind]
    if len({row.kind for row in rows} - {"places", "deadline"}) > 1 and kind in ("room", "time", "access", "document"):
        said = _("Please see above all that has changed. Everything else stays.")
    more = [_("A new time will follow.")] if any(row.now.get("follows") for row in rows) else []
    return "\n\n".join([part for part in (" ".join([said, *more]), note) if part])
