"""call and revise: a meeting's wall times in a named zone become instants; what it was is kept once it was announced."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from caucusmail import clock, languages, settings, zones
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.directory.models import Caucus
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed
from caucusmail.languages import _
from caucusmail.meetings import agenda, answers, drafts, presets, quotas, spans, wording
from caucusmail.meetings.drafts import MeetingDraft as MeetingDraft
from caucusmail.meetings.models import (
    Meeting,
    MeetingChange,
    MeetingSession,
    MeetingState,
    Venue,
)

TIME = ("starts", "ends", "zone", "second_hour")
PLACE = ("city", "venue_name", "street", "room", "mode")
KEPT = {
    "time": TIME,
    "room": PLACE,
    "access": ("access", "access_contact"),
    "agenda": ("agenda",),
    "hosts": ("hosts",),
    "languages": ("languages", "interpretation"),
    "places": ("places", "places_each"),
    "deadline": ("reply_by", "reply_zone"),
}
"""Kinds of change of which it is kept what was, with the columns of each."""


class MeetingIsOff(Conflict):
    """It was cancelled: it can be reinstated, not edited."""


def call(draft: MeetingDraft, caucus: Caucus, by: Viewer) -> Meeting:
    """A new meeting of ``caucus``, told to nobody yet. Flushes for its id.

    :raises NotAllowed: ``by`` does not keep the caucus.
    :raises Invalid: naming the field of ``draft`` that makes no sense.
    """
    allow(caucus.id, by)
    values = _values(draft)
    reference = secrets.token_urlsafe(12)
    meeting = Meeting(
        reference=reference,
        uid=f"{reference}@{settings.current().mail_domain}",
        caucus_id=caucus.id,
        made_at=clock.now(),
        **values,
    )
    db.session.add(meeting)
    db.session.flush()
    journal.record("meeting.called", meeting, by.person)
    return meeting


def revise(meeting: Meeting, draft: MeetingDraft, by: Viewer, note: str = "") -> Meeting:
    """Put ``draft`` in the place of what ``meeting`` was; once it was announced, what it was is kept and its SEQUENCE
    (RFC 5546, 2.1.4) rises when time or place change.

    :raises NotAllowed: ``by`` does not keep the caucus.
    :raises MeetingIsOff: it was cancelled.
    :raises Invalid: naming the field of ``draft`` that makes no sense.
    """
    allow(meeting.caucus_id, by)
    if meeting.state is MeetingState.CANCELLED:
        raise is_off()
    values = _values(draft)
    if meeting.state is MeetingState.CONFIRMED:
        _keep_what_was(meeting, values, by, note)
        if (
            values["agenda"] == meeting.agenda
        ):  # its times are those of the meeting: they go with it, and are told with it
            values["agenda"] = agenda.moved(meeting.agenda, values["starts"] - meeting.starts)
    changed = [name for name, value in values.items() if getattr(meeting, name) != value]
    for name in changed:
        setattr(meeting, name, values[name])
    if "venue_id" in changed:
        meeting.venue = db.session.get(Venue, meeting.venue_id) if meeting.venue_id else None
    db.session.flush()
    if not {"places", "places_each"}.isdisjoint(changed):
        answers.move_up(meeting)
    return meeting


def invite_newcomers(meeting: Meeting, by: Viewer, *, invited: bool) -> None:
    """Whether who joins after it was announced is invited. Twice changes nothing.

    :raises NotAllowed: ``by`` does not keep the caucus.
    """
    allow(meeting.caucus_id, by)
    if meeting.invites_newcomers is not invited:
        meeting.invites_newcomers = invited
        journal.record("meeting.newcomers", meeting, by.person, invited=invited)


def is_off() -> MeetingIsOff:
    """What is said of whatever would edit a meeting that was cancelled."""
    return MeetingIsOff(_("This meeting was cancelled. It can be reinstated, but not edited."))


def differs(meeting: Meeting, draft: MeetingDraft) -> bool:
    """Whether ``revise`` would change anything, or refuse to."""
    try:
        values = _values(draft)
    except Invalid:
        return True
    return any(getattr(meeting, name) != value for name, value in values.items() if name != "tzdata")


def draft_of(meeting: Meeting) -> MeetingDraft:
    """``meeting`` as its author would fill it in again, for editing and for copies."""
    return MeetingDraft(
        kind=meeting.kind,
        starts=meeting.starts,
        ends=meeting.ends,
        titles=dict(meeting.titles),
        zone=meeting.zone,
        second_hour=meeting.second_hour,
        mode=meeting.mode,
        public=meeting.public,
        session_id=meeting.session_id,
        venue_id=meeting.venue_id,
        venue_name=meeting.venue_name,
        city=meeting.city,
        street=meeting.street,
        room=meeting.room,
        room_by=date.fromisoformat(meeting.room_by) if meeting.room_by else None,
        access=dict(meeting.access),
        access_contact=meeting.access_contact,
        languages=tuple(meeting.languages),
        interpretation=tuple(meeting.interpretation),
        reply_by=meeting.reply_by,
        reply_zone=meeting.reply_zone,
        places=meeting.places,
        places_each=meeting.places_each,
        agenda=agenda.from_json(meeting.agenda),
        hosts=meeting.hosts,
        do_not_forward=meeting.do_not_forward,
        invites_newcomers=meeting.invites_newcomers,
    )


def open_questions(draft: MeetingDraft) -> dict[str, str]:
    """What must be known before ``draft`` can be called and is not, with what is known of its place."""
    return drafts.open_questions(presets.filled(draft))


def sketch(draft: MeetingDraft) -> dict[str, Any]:
    """``draft`` as it is kept while a question about it is open: tidied, with what is known of its place.

    :raises Invalid: naming the field that makes no sense.
    """
    draft = presets.filled(draft)
    _known_session(draft.session_id)
    quotas.checked(draft.places, draft.places_each)
    texts = _texts(draft)
    return drafts.to_json(replace(draft, **texts | {"agenda": agenda.from_json(texts["agenda"])}))


def reckon(meeting: Meeting) -> bool:
    """Reckon the instants again with today's tz-data; whether the meeting moved in world time."""
    starts_at, ends_at = spans.span(meeting.starts, meeting.ends, meeting.zone, meeting.second_hour)
    moved = (starts_at, ends_at) != (meeting.starts_at, meeting.ends_at)
    meeting.starts_at, meeting.ends_at, meeting.tzdata = starts_at, ends_at, zones.TZDATA_VERSION
    return moved


def allow(caucus_id: int, by: Viewer) -> None:
    """Only who keeps the caucus.

    :raises NotAllowed: ``by`` does not.
    """
    if not by.keeps_caucus(caucus_id):
        raise NotAllowed(_("Only those who keep this caucus, or the secretariat, can call its meetings."))


def _values(draft: MeetingDraft) -> dict[str, Any]:
    """The columns that ``draft`` fills, all checked."""
    draft = presets.filled(draft)
    for name, question in drafts.open_questions(draft).items():
        raise Invalid(name, question)
    starts, ends = draft.starts, draft.ends
    assert starts is not None  # nothing is open
    assert ends is not None  # nothing is open
    _known_zone(draft.zone)
    starts_at, ends_at = spans.span(starts, ends, draft.zone, draft.second_hour)
    reply_zone = (draft.reply_zone or draft.zone) if draft.reply_by else ""
    return {
        "kind": draft.kind,
        "mode": draft.mode,
        "public": draft.public,
        "session_id": _known_session(draft.session_id),
        "venue_id": draft.venue_id,
        "second_hour": draft.second_hour if spans.ambiguous(starts, ends, draft.zone) else None,
        "zone": draft.zone,
        "starts": starts,
        "ends": ends,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "tzdata": zones.TZDATA_VERSION,
        "reply_by": draft.reply_by,
        "reply_zone": reply_zone,
        "reply_by_at": spans.deadline(draft.reply_by, reply_zone) if draft.reply_by else None,
        "room_by": draft.room_by.isoformat() if draft.room_by else "",
        **quotas.checked(draft.places, draft.places_each),
        "do_not_forward": draft.do_not_forward,
        "invites_newcomers": draft.invites_newcomers,
        **_texts(draft),
    }


def _texts(draft: MeetingDraft) -> dict[str, Any]:
    one = wording.one_line
    return {
        "titles": wording.in_each("titles", draft.titles, 200),
        "city": one("city", draft.city, 120),
        "venue_name": one("venue_name", draft.venue_name, 200),
        "street": one("street", draft.street, 200),
        "room": one("room", draft.room, 120),
        "access": wording.in_each("access", draft.access, 4000, many=True),
        "access_contact": one("access_contact", draft.access_contact, 200),
        "agenda": agenda.to_json(agenda.tidy(draft.agenda)),
        "hosts": one("hosts", draft.hosts, 300),
        "languages": _languages("languages", draft.languages),
        "interpretation": _languages("interpretation", draft.interpretation),
    }


def _known_zone(name: str) -> None:
    try:
        zones.zone(name)
    except zones.NoSuchZone as problem:
        raise Invalid("zone", str(problem)) from None


def _languages(field: str, chosen: Sequence[str]) -> list[str]:
    for language in chosen:
        if language not in languages.WRITTEN:
            raise Invalid(field, _("“%(language)s” is not a language on our list.", language=language[:20]))
    return list(dict.fromkeys(chosen))


def _known_session(session_id: int | None) -> int | None:
    if session_id is not None and db.session.get(MeetingSession, session_id) is None:
        raise Invalid("session_id", _("This session is not on our list."))
    return session_id


def _keep_what_was(meeting: Meeting, values: Mapping[str, Any], by: Viewer, note: str) -> None:
    """One row for each kind of change, and a higher SEQUENCE if calendars must follow."""
    for kind, columns in KEPT.items():
        names = [name for name in columns if getattr(meeting, name) != values[name]]
        if names:
            # An hour says nothing without its clock, nor an end without its beginning.
            names = list(columns) if kind == "deadline" else names
            names = list(dict.fromkeys(["starts", "ends", *names])) if kind == "time" else names
            db.session.add(
                MeetingChange(
                    meeting_id=meeting.id,
                    at=clock.now(),
                    by_id=by.id,
                    kind=kind,
                    was={name: _plain(getattr(meeting, name)) for name in names},
                    now={name: _plain(values[name]) for name in names},
                    note=note,
                )
            )
    if any(getattr(meeting, name) != values[name] for name in (*TIME, *PLACE)):
        meeting.sequence += 1


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
