"""The part of a form that describes a meeting; ``web.announcements`` puts it beside texts and audience."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Length

from caucusmail import languages, zones
from caucusmail.errors import Invalid
from caucusmail.languages import _, later
from caucusmail.meetings import agenda, cities, presets, queries
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import MeetingKind, MeetingMode
from caucusmail.web.meetings.fields import CityField, ClockField, DayField, MultiCheckboxField, NumberField, SelectField

KINDS = [
    (MeetingKind.STRATEGY.value, later("Strategy meeting")),
    (MeetingKind.BRIEFING.value, later("Briefing")),
    (MeetingKind.SIDE_EVENT.value, later("Side event")),
    (MeetingKind.WORKING_GROUP.value, later("Working group meeting")),
    (MeetingKind.CALL.value, later("Briefing call")),
]
MODES = [
    (MeetingMode.IN_PERSON.value, later("In person")),
    (MeetingMode.HYBRID.value, later("In person and online")),
    (MeetingMode.ONLINE.value, later("Online only")),
    (MeetingMode.STREAM.value, later("By video stream only")),
]
TIMES = ("day", "starts", "ends", "ends_day")
HOURS = [("first", later("The first")), ("second", later("The second"))]


def _where() -> dict[str, Any]:
    return {
        "venue_id": SelectField(later("Place")),
        "venue_name": StringField(later("Name of the place"), [Length(max=200)]),
        "street": StringField(later("Street"), [Length(max=200)]),
        "city": StringField(later("City, as it is shown"), [Length(max=120)]),
        "zone": CityField(later("City whose clock counts")),
        "room": StringField(later("Room"), [Length(max=120)]),
        "room_by": DayField(later("If there is no room yet: known by")),
        "mode": SelectField(later("How people take part"), choices=MODES, default=MeetingMode.IN_PERSON.value),
    }


def time_fields() -> dict[str, Any]:
    """From when to when; ``times`` and ``second_hour`` read them."""
    return {
        "day": DayField(later("Day")),
        "starts": ClockField(later("Starts at")),
        "ends": ClockField(later("Ends at")),
        "ends_day": DayField(later("Ends on another day")),
        "second_hour": RadioField(
            later("The clocks go back that night. Which hour is meant?"), choices=HOURS, validate_choice=False
        ),
    }


def reply_fields() -> dict[str, Any]:
    """Until when people are asked to answer; ``reply_by`` reads it."""
    return {
        "reply_day": DayField(later("Reply by: day")),
        "reply_by": ClockField(later("Reply by: time")),
        "reply_zone": CityField(later("On the clock of")),
    }


def places_fields() -> dict[str, Any]:
    """How many can come, in all and of one organisation."""
    return {
        "places": NumberField(later("Places")),
        "places_each": NumberField(later("Of these for each organisation, at most")),
    }


def detail_fields() -> dict[str, Any]:
    """Who calls it and what is spoken; ``name_languages`` puts the names to the codes."""
    tongues = [(code, code) for code in languages.WRITTEN]
    return {
        "languages": MultiCheckboxField(later("Languages spoken"), choices=tongues),
        "interpretation": MultiCheckboxField(later("Interpretation into"), choices=tongues),
        "hosts": StringField(later("Hosts"), [Length(max=300)]),
    }


def name_languages(form: Any) -> None:
    """Put the names of languages into the lists of ``form``."""
    for field in (form.languages, form.interpretation):
        field.choices = [(code, languages.name(code)) for code in languages.WRITTEN]


def _what() -> dict[str, Any]:
    return {
        "kind": SelectField(later("Kind of meeting"), choices=KINDS, default=MeetingKind.STRATEGY.value),
        "session_id": SelectField(later("Part of a session")),
        **detail_fields(),
        **places_fields(),
        "access_contact": StringField(later("Whom to ask about access needs"), [Length(max=200)]),
        "do_not_forward": BooleanField(later("Ask people not to forward it"), default=True),
        "invites_newcomers": BooleanField(later("Invite also who joins later, as long as it is ahead"), default=True),
        "listed": BooleanField(later("List it on the public page of coming meetings (never its room or link)")),
    }


def meeting_fields(tongues: Sequence[str], draft: MeetingDraft | None) -> dict[str, Any]:
    """Fields by name; ``access_fr`` for each language the announcement is written in, and ``agenda_fr`` as long as lines
    can say all there is of the agenda of ``draft``."""
    labels = {"access": later("May I come?")}
    if draft is None or agenda.in_lines(draft.agenda):
        labels["agenda"] = later("Agenda, one item a line")
    each = {
        f"{name}_{tongue}": TextAreaField(label, [Length(max=4000)])
        for tongue in tongues
        for name, label in labels.items()
    }
    return _what() | _where() | time_fields() | reply_fields() | each


def fill_choices(form: Any) -> None:
    """Put venues, sessions and the names of languages into the lists of ``form``."""
    here = languages.current()
    form.venue_id.choices = [("", _("Somewhere else (fill in below)"))] + [
        (str(venue.id), ", ".join(filter(None, (languages.pick(one, (here,)) for one in (venue.names, venue.city)))))
        for venue in queries.venues()
    ]
    form.session_id.choices = [("", _("None"))] + [
        (str(session.id), languages.pick(session.names, (here,))) for session in queries.sessions()
    ]
    for field in (form.day, form.starts, form.ends):
        field.flags.required = True  # to announce it; a draft may wait, and checking asks
    name_languages(form)


def _each(form: Any, name: str, tongues: Sequence[str]) -> dict[str, str]:
    return {tongue: form[f"{name}_{tongue}"].data or "" for tongue in tongues}


def reply_by(form: Any) -> datetime | None:
    """Until when, on its own clock.

    :raises Invalid: only one half of it was given.
    """
    day, at = form.reply_day.data, form.reply_by.data
    if day is None and at is None:
        return None
    if day is None:
        raise Invalid("reply_day", _("On which day does the time for replies end?"))
    if at is None:
        raise Invalid("reply_by", _("At what time that day? Midnight comes at another moment in every city."))
    return datetime.combine(day, at)


def second_hour(form: Any) -> bool | None:
    """Which of two hours of one name is meant; None: nobody said, or it need not be said."""
    return {"first": False, "second": True}.get(form.second_hour.data)


def _zone(form: Any) -> str:
    """The clock that was named; else that of the city, where it is called like one; else "": that of the place."""
    if form.zone.zone or not form.city.data:
        return str(form.zone.zone)
    found = cities.zone_of(form.city.data)
    if found is None and not form.venue_id.data:
        raise Invalid("zone", cities.unknown(form.city.data))
    return found or ""


def _agenda(form: Any, tongues: Sequence[str], was: MeetingDraft | None) -> Sequence[agenda.Item]:
    if any(f"agenda_{tongue}" not in form for tongue in tongues):
        return was.agenda if was is not None else ()
    return agenda.of_lines(_each(form, "agenda", tongues))


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def times(form: Any) -> dict[str, Any]:
    """Start and end; while one of them is missing, what is known of them."""
    day, begin, end, last = (form[name].data for name in TIMES)
    if day is not None and begin is not None and end is not None:
        return {"starts": datetime.combine(day, begin), "ends": datetime.combine(last or day, end)}
    known = {name: form[name].data.isoformat() for name in TIMES if form[name].data is not None}
    return {"starts": None, "ends": None, "known": known}


def begun(form: Any, tongues: Sequence[str]) -> bool:
    """Whether anything of the meeting was filled in; a draft may wait for it."""
    names = ["day", "starts", "ends", "venue_id", "venue_name", "street", "city", "zone", "room", "room_by"]
    more = [
        "reply_day",
        "reply_by",
        "places",
        "places_each",
        "hosts",
        "access_contact",
        "languages",
        "interpretation",
        "session_id",
    ]
    each = [f"{name}_{tongue}" for name in ("access", "agenda") for tongue in tongues]
    return any(form[name].data for name in (*names, *more, *each) if name in form)


def meeting_draft(form: Any, tongues: Sequence[str], was: MeetingDraft | None) -> MeetingDraft:
    """What was filled in, in the words of the verb; call it once valid. The agenda of ``was`` stays if it has no box.

    :raises Invalid: a reply deadline of which one half is missing.
    """
    return MeetingDraft(
        kind=MeetingKind(form.kind.data),
        **times(form),
        zone=_zone(form),
        second_hour=second_hour(form),
        mode=MeetingMode(form.mode.data),
        public=form.listed.data,
        session_id=_number(form.session_id.data),
        venue_id=_number(form.venue_id.data),
        venue_name=form.venue_name.data or "",
        city=form.city.data or "",
        street=form.street.data or "",
        room=form.room.data or "",
        room_by=form.room_by.data,
        access=_each(form, "access", tongues),
        access_contact=form.access_contact.data or "",
        languages=tuple(form.languages.data or ()),
        interpretation=tuple(form.interpretation.data or ()),
        reply_by=reply_by(form),
        reply_zone=form.reply_zone.zone,
        places=form.places.data,
        places_each=form.places_each.data,
        agenda=_agenda(form, tongues, was),
        hosts=form.hosts.data or "",
        do_not_forward=form.do_not_forward.data,
        invites_newcomers=form.invites_newcomers.data,
    )


def _shown_times(draft: MeetingDraft) -> dict[str, Any]:
    if draft.starts is None or draft.ends is None:
        days = {name: date.fromisoformat(draft.known[name]) for name in ("day", "ends_day") if name in draft.known}
        hours = {name: time.fromisoformat(draft.known[name]) for name in ("starts", "ends") if name in draft.known}
        return days | hours
    begin, end = draft.starts, draft.ends
    last = end.date() if end.date() != begin.date() else None
    return {"day": begin.date(), "starts": begin.time(), "ends": end.time(), "ends_day": last}


def _shown_clocks(draft: MeetingDraft) -> dict[str, str]:
    """The clocks that do not follow by themselves: the meeting's from its city, the deadline's from the meeting."""
    own = draft.zone if draft.zone != cities.zone_of(draft.city) else ""
    reply = draft.reply_zone if draft.reply_by and draft.reply_zone != draft.zone else ""
    return {name: zones.city(zone) if zone else "" for name, zone in (("zone", own), ("reply_zone", reply))}


def shown(draft: MeetingDraft, tongues: Sequence[str]) -> dict[str, Any]:
    """``draft`` as the form shows it."""
    same = ("venue_name", "street", "city", "room", "room_by", "access_contact", "places", "places_each", "hosts", "do_not_forward", "invites_newcomers")  # fmt: skip
    reply, place = draft.reply_by, presets.venue(draft.venue_id)
    known = place.access if place is not None else {}
    lines = agenda.to_lines(draft.agenda) if agenda.in_lines(draft.agenda) else {}
    return {
        **{name: getattr(draft, name) for name in same},
        "kind": draft.kind.value,
        "mode": draft.mode.value,
        "listed": draft.public,
        "session_id": str(draft.session_id or ""),
        "venue_id": str(place.id) if place is not None and place.zone else "",
        **_shown_times(draft),
        **_shown_clocks(draft),
        "second_hour": {None: "", False: "first", True: "second"}[draft.second_hour],
        "reply_day": reply.date() if reply else None,
        "reply_by": reply.time() if reply else None,
        "languages": list(draft.languages),
        "interpretation": list(draft.interpretation),
        **{f"access_{tongue}": draft.access.get(tongue) or known.get(tongue, "") for tongue in tongues},
        **{f"agenda_{tongue}": lines.get(tongue, "") for tongue in tongues if agenda.in_lines(draft.agenda)},
    }
