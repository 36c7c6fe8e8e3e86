"""What the author did not touch follows what they changed: another place takes its facts with it, another city its clock."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from caucusmail.meetings import cities, presets
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import MeetingMode
from caucusmail.web import asked
from caucusmail.web.meetings.forms import shown

PLACE = ("venue_name", "street", "city", "zone")


def follow(form: Any, was: MeetingDraft | None, tongues: Sequence[str], *, anew: bool) -> None:
    """Empty what no longer holds, so that it is found anew. ``anew``: all that the chosen place can fill in."""
    access = [f"access_{tongue}" for tongue in tongues]
    if anew and form.venue_id.data:
        _empty(form, (*PLACE, *access))
    elif was is not None:
        before = shown(was, tongues)
        moved = form.venue_id.data != before["venue_id"]
        _empty(form, _untouched(form, PLACE, before) if moved else ())
        place = presets.venue(was.venue_id)
        elsewhere = place is not None and place.access and place.id != _place_id(form)
        _empty(form, _untouched(form, access, before) if elsewhere else ())
        if form.city.data != before["city"] and cities.zone_of(form.city.data or "") is not None:
            _empty(form, _untouched(form, ["zone"], before))


def _place_id(form: Any) -> int | None:
    """The preset that the meeting will have."""
    if form.venue_id.data:
        return asked.read(form.venue_id.data) or 0
    return presets.online_id() if form.mode.data == MeetingMode.ONLINE.value else None


def _untouched(form: Any, names: Iterable[str], before: Mapping[str, Any]) -> list[str]:
    return [name for name in names if presets.same_words(form[name].data or "", before[name] or "")]


def _empty(form: Any, names: Iterable[str]) -> None:
    for name in names:
        form[name].data = ""
