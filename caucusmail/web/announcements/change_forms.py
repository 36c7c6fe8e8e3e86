"""What an author fills in to change a meeting that was announced: little, for it is done on a phone, in a queue."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from caucusmail import languages
from caucusmail.announcements import changes, sparing, told
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.languages import later
from caucusmail.meetings import agenda, cancelling, papers, scheduling
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import Meeting
from caucusmail.web.forms import BaseForm, RevisionField
from caucusmail.web.meetings import agenda_forms, paper_forms
from caucusmail.web.meetings import forms as meetings

REASON = [Length(max=cancelling.LONGEST_REASON)]


def _fields(kind: ChangeKind, tongues: Sequence[str]) -> dict[str, Any]:
    if kind is ChangeKind.ROOM:
        return {
            "room": StringField(later("Room"), [Length(max=120)]),
            "venue_name": StringField(later("Name of the place"), [Length(max=200)]),
            "street": StringField(later("Street"), [Length(max=200)]),
            **meetings.places_fields(),
        }
    if kind is ChangeKind.TIME:
        return meetings.time_fields() | meetings.reply_fields()
    if kind is ChangeKind.ACCESS:
        label = later("May I come?")
        each = {f"access_{tongue}": TextAreaField(label, [Length(max=4000)]) for tongue in tongues}
        return each | {"access_contact": StringField(later("Whom to ask about access needs"), [Length(max=200)])}
    if kind is ChangeKind.DETAILS:
        return meetings.detail_fields()
    if kind is ChangeKind.DOCUMENT:
        return paper_forms.replacing() | paper_forms.fields()
    if kind is ChangeKind.CANCELLED:
        return {"follows": BooleanField(later("A new time will follow"))}
    return {}


def form(kind: ChangeKind, meeting: Meeting, tongues: Sequence[str], filled: Any) -> Any:
    """The form for one kind of change; ``filled`` is the request's, or None: then it shows how the meeting is now."""
    words = {
        f"words_{tongue}": TextAreaField(later("What you want to say"), [Length(max=changes.LONGEST_WORDS)])
        for tongue in tongues
    }
    fields = {
        "seen": RevisionField(default=0),
        **_fields(kind, tongues),
        **(agenda_forms.fields(agenda_tongues(meeting), _rows(meeting, filled)) if kind is ChangeKind.DETAILS else {}),
        "reason": StringField(later("Why, in a few words"), REASON),
        **words,
    }
    if sparing.number(meeting):
        fields["spares"] = BooleanField(later("Not to those who said that they do not come"))
    made = type("ChangeForm", (BaseForm,), fields)(filled, data=_shown(meeting, tongues))
    if kind is ChangeKind.DETAILS:
        meetings.name_languages(made)
    if kind is ChangeKind.DOCUMENT:
        paper_forms.fill_choices(made, papers.of(meeting))
    for name in ("day", "starts", "ends"):
        if name in made:
            made[name].flags.required = True
    return made


def _rows(meeting: Meeting, filled: Any) -> int:
    return agenda_forms.count(filled) if filled is not None else len(meeting.agenda) or agenda_forms.BLANK


def agenda_tongues(meeting: Meeting) -> list[str]:
    """The languages in which it was announced, and those in which an item of its agenda is called anything."""
    items = agenda.from_json(meeting.agenda)
    return languages.in_our_order({*told.versions(meeting), *(one for item in items for one in item.titles)})


def _shown(meeting: Meeting, tongues: Sequence[str]) -> Mapping[str, Any]:
    return {
        **meetings.shown(scheduling.draft_of(meeting), tongues),
        "seen": changes.newest(meeting),
        **agenda_forms.shown(agenda.from_json(meeting.agenda)),
        **{f"access_{tongue}": meeting.access.get(tongue, "") for tongue in tongues},
    }


def change(kind: ChangeKind, meeting: Meeting, tongues: Sequence[str], form: Any) -> Change:
    """What was filled in, in the words of the verb; call it once valid."""
    return Change(
        kind,
        form.seen.data or 0,
        _draft(kind, meeting, tongues, form),
        {tongue: form[f"words_{tongue}"].data or "" for tongue in tongues},
        form.reason.data or "",
        paper=paper_forms.draft(form) if kind is ChangeKind.DOCUMENT else None,
        replaces=paper_forms.replaced(form) if kind is ChangeKind.DOCUMENT else None,
        follows=kind is ChangeKind.CANCELLED and form.follows.data,
        spares="spares" in form and form.spares.data,
    )


def _draft(kind: ChangeKind, meeting: Meeting, tongues: Sequence[str], form: Any) -> MeetingDraft | None:
    now = scheduling.draft_of(meeting)
    if kind is ChangeKind.ROOM:
        elsewhere = form.venue_name.data != meeting.venue_name or form.street.data != meeting.street
        return replace(
            now,
            room=form.room.data or "",
            room_by=None if form.room.data else now.room_by,
            venue_name=form.venue_name.data or "",
            street=form.street.data or "",
            venue_id=None if elsewhere else now.venue_id,
            places=form.places.data,
            places_each=form.places_each.data,
        )
    if kind is ChangeKind.TIME:
        reply = {"reply_by": meetings.reply_by(form), "reply_zone": form.reply_zone.zone}
        return replace(now, **meetings.times(form), second_hour=meetings.second_hour(form), **reply)
    if kind is ChangeKind.ACCESS:
        access = dict(meeting.access) | {tongue: form[f"access_{tongue}"].data or "" for tongue in tongues}
        return replace(now, access=access, access_contact=form.access_contact.data or "")
    if kind is ChangeKind.DETAILS:
        return replace(
            now,
            hosts=form.hosts.data or "",
            languages=tuple(form.languages.data or ()),
            interpretation=tuple(form.interpretation.data or ()),
            agenda=tuple(agenda_forms.items(form, agenda_tongues(meeting))),
        )
    return None


def tongues(meeting: Meeting) -> list[str]:
    """The languages in which the meeting was announced, in the order of the house."""
    return languages.in_our_order(told.versions(meeting))
