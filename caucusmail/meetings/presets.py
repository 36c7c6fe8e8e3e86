"""What is known of a place, put where its author left a gap."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from caucusmail import languages
from caucusmail.database import db
from caucusmail.errors import Invalid
from caucusmail.languages import _
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import MeetingMode, Venue

ONLINE = "online"


def online_id() -> int | None:
    """The preset of meetings that take place nowhere."""
    return db.session.scalar(select(Venue.id).where(Venue.slug == ONLINE))


def venue(venue_id: int | None) -> Venue | None:
    """The preset with this id."""
    return db.session.get(Venue, venue_id) if venue_id is not None else None


def filled(draft: MeetingDraft) -> MeetingDraft:
    """``draft`` with what it leaves empty taken from its place; an online meeting without one has a preset of its own.

    :raises Invalid: on ``venue_id``: there is no such place.
    """
    chosen = draft.venue_id
    if chosen is None and draft.mode is MeetingMode.ONLINE:
        chosen = online_id()
    place = venue(chosen)
    if place is None:
        if chosen is not None:
            raise Invalid("venue_id", _("This place is not on our list. Choose another, or “Somewhere else”."))
        return draft
    named = draft.venue_name or (languages.pick(place.names) if place.zone else "")  # "elsewhere" names no place
    return replace(
        draft,
        venue_id=place.id,
        zone=draft.zone or place.zone,
        mode=MeetingMode.ONLINE if place.slug == ONLINE else draft.mode,
        venue_name=named,
        city=draft.city or languages.pick(place.city),
        street=draft.street or place.street,
        access=_access(draft.access, place.access),
    )


def _access(written: Mapping[str, str], known: Mapping[str, str]) -> Mapping[str, str]:
    """The place's text in each language in which the author wrote none. Where the author has words of their own, it is
    not added in languages that they do not write in."""
    own = {language: text for language, text in written.items() if text.strip()}
    if all(same_words(text, known.get(language, "")) for language, text in own.items()):
        return known
    return {language: own.get(language) or known.get(language, "") for language in written}


def own_words(draft: MeetingDraft) -> list[str]:
    """The languages in which its author wrote of access or agenda, beyond what is known of the place."""
    place = venue(draft.venue_id)
    known = place.access if place is not None else {}
    access = [language for language, text in draft.access.items() if not same_words(text, known.get(language, ""))]
    return list(dict.fromkeys([*access, *(language for item in draft.agenda for language in item.titles)]))


def same_words(text: str, other: str) -> bool:
    """Whether two texts say the same, whatever their line ends."""
    return text.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
