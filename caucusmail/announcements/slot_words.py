"""The words that the slots of a caucus's letters need: the groups that bring a copy, and the clocks of a meeting."""

from collections.abc import Sequence
from typing import Any

from caucusmail import languages
from caucusmail.directory.models import Caucus
from caucusmail.groups.models import EmailGroup
from caucusmail.languages import _
from caucusmail.mail import headers
from caucusmail.meetings import times
from caucusmail.meetings.models import Meeting


def of(caucus: Caucus, meeting: Meeting | None, frame: str, groups: Sequence[EmailGroup]) -> dict[str, Any]:
    """The groups by name and by List-Id, other reasons, the meeting's clocks; ``frame`` is the current language."""
    names = {f"g{group.id}": languages.pick(group.names, (frame,)) for group in groups}
    words: dict[str, Any] = {
        "frame": frame,
        "why": {"t": _("you asked for a test of this letter")},
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
    return words
