"""The words that the slots of a caucus's letters need: the groups that bring a copy, a meeting's clocks and organizer."""

from collections.abc import Iterable, Sequence
from typing import Any

from caucusmail import languages, settings
from caucusmail.announcements import stand_ins
from caucusmail.directory.models import Caucus
from caucusmail.groups.copies import THROUGH
from caucusmail.groups.models import EmailGroup
from caucusmail.languages import _
from caucusmail.mail import headers
from caucusmail.meetings import icalendar, times
from caucusmail.meetings.models import Meeting


def of(
    caucus: Caucus, meeting: Meeting | None, frame: str, groups: Sequence[EmailGroup], keys: Iterable[str] = ()
) -> dict[str, Any]:
    """``keys``: the reasons of its copies, of which those of deputies are worded. The groups by name and by List-Id, other reasons, the meeting's clocks and who its calendar replies to; ``frame`` is the current language."""
    names = {f"g{group.id}": languages.pick(group.names, (frame,)) for group in groups}
    words: dict[str, Any] = {
        "frame": frame,
        "why": {
            "t": _("you asked for a test of this letter"),
            THROUGH: _("you wanted to hear of this in your pause too"),
        }
        | stand_ins.words(keys, frame),
        "groups": names,
        "group": languages.pick(caucus.names, (frame,)),
        "lists": {f"g{group.id}": headers.list_id(group.local_part, names[f"g{group.id}"]) for group in groups},
        "list": headers.list_id(caucus.slug, languages.pick(caucus.names, (frame,))),
    }
    if meeting is not None:
        words["clock"] = {
            "starts": meeting.starts_at.isoformat(),
            "ends": meeting.ends_at.isoformat(),
            "zone": meeting.zone,
            "shown": {one.zone: one.city for one in times.hours(meeting)},
        }
        words["organizer"] = _organizer(caucus.slug, words["group"], meeting)
    return words


def of_discreet(meeting: Meeting | None, frame: str) -> dict[str, Any]:
    """What a discreet letter needs: of its slots none says where it comes from."""
    if meeting is None:
        return {"frame": frame}
    return {"frame": frame, "organizer": _organizer(headers.NOTICES, "", meeting)}


def _organizer(sends: str, name: str, meeting: Meeting) -> dict[str, Any]:
    """What the ORGANIZER of each copy needs: a mailbox of its own for each reader, where mail comes in; else the sender's."""
    sender = f"{sends}@{settings.current().mail_domain}"
    if not settings.current().mail_comes_in:
        return {"line": icalendar.organizer(name, sender)}
    return {"line": icalendar.organizer(name, sent_by=sender), "sender": sends, "meeting": meeting.id}
