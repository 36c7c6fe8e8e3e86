"""Forms of announcements: where to begin, the draft itself, the last word, small searches."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from caucusmail import languages
from caucusmail.announcements import queries
from caucusmail.announcements.audience import Audience, Role
from caucusmail.announcements.composition import LONGEST_BODY, LONGEST_SUBJECT, Draft, Text
from caucusmail.announcements.models import AnnouncementKind
from caucusmail.delivery import waves
from caucusmail.directory import choices
from caucusmail.directory.visibility import Viewer
from caucusmail.groups import queries as groups
from caucusmail.languages import _, later
from caucusmail.meetings import agenda
from caucusmail.web.announcements import telling
from caucusmail.web.forms import BaseForm, RevisionField, needed
from caucusmail.web.meetings import forms as meetings
from caucusmail.web.meetings.fields import CityField, ClockField, DayField, MultiCheckboxField, SelectField

KINDS = [
    (AnnouncementKind.MEETING.value, later("A meeting")),
    (AnnouncementKind.NOTICE.value, later("A notice, without a meeting")),
]


class StartForm(BaseForm):
    """For whom and what."""

    caucus_id = RadioField(
        later("In whose name do you write?"),
        coerce=int,
        validators=[InputRequired(later("Choose the group in whose name you write."))],
    )
    what = RadioField(
        later("What do you announce?"),
        choices=KINDS,
        coerce=AnnouncementKind,
        default=AnnouncementKind.MEETING,
    )


def _text_fields(tongue: str) -> dict[str, Any]:
    body = TextAreaField(later("Text"), [Length(max=LONGEST_BODY)])
    return {f"subject_{tongue}": StringField(later("Subject"), [Length(max=LONGEST_SUBJECT)]), f"body_{tongue}": body}


def _audience_fields() -> dict[str, Any]:
    return {
        "everybody": BooleanField(later("To the whole membership: everybody in any group")),
        "caucus_ids": MultiCheckboxField(later("To everybody in"), coerce=int),
        "group_ids": MultiCheckboxField(later("To those on these email groups"), coerce=int),
        "region_ids": MultiCheckboxField(later("Only in these regions"), coerce=int),
        "readers": MultiCheckboxField(later("Only those who read")),
        "roles": MultiCheckboxField(later("Only these roles"), choices=list(telling.ROLES.items()), coerce=str),
        "sent_announcement_ids": MultiCheckboxField(later("Only those who were sent"), coerce=int),
        "exclude_caucus_ids": MultiCheckboxField(later("Not those who are also in"), coerce=int),
        "exclude_group_ids": MultiCheckboxField(later("Not those who are also on"), coerce=int),
        "exclude_announcement_ids": MultiCheckboxField(later("Not those who were sent"), coerce=int),
    }


def draft_form(filled: Any, was: Draft, tongues: Sequence[str], data: Mapping[str, Any]) -> Any:
    """The form of a draft in these languages, with the meeting's part if it announces one.

    ``filled`` is the request's form or None; ``data`` is shown where nothing is filled in.
    """
    fields: dict[str, Any] = {
        "revision": RevisionField(default=1),
        "add": SelectField(later("Add a language")),
        "public": BooleanField(later("Anybody who has its address may read the copy on the site")),
        "urgent": BooleanField(later("Urgent: it goes before other announcements (a room changed today)")),
        **_audience_fields(),
    }
    for tongue in tongues:
        fields |= _text_fields(tongue)
    if was.kind is AnnouncementKind.MEETING:
        fields |= meetings.meeting_fields(tongues, was.meeting)
    form = type("DraftForm", (BaseForm,), fields)(filled, data=dict(data))
    form.add.choices = [("", _("No other language"))] + [
        (code, languages.name(code)) for code in languages.WRITTEN if code not in tongues
    ]
    for tongue in tongues:
        form[f"subject_{tongue}"].flags.required = True  # to send it; a draft may wait
        form[f"body_{tongue}"].flags.required = was.kind is not AnnouncementKind.MEETING
    if was.kind is AnnouncementKind.MEETING:
        meetings.fill_choices(form)
    return form


def fill_audience_choices(form: Any, by: Viewer) -> None:
    """Put what ``by`` may choose into the lists of ``form``."""
    here = languages.current()
    kept = [(caucus.id, languages.pick(caucus.names, (here,))) for caucus in choices.kept(by)]
    form.caucus_ids.choices = form.exclude_caucus_ids.choices = kept
    further = [(one.id, languages.pick(one.names, (here,))) for one in groups.further([key for key, _name in kept])]
    form.group_ids.choices = form.exclude_group_ids.choices = further
    form.region_ids.choices = [(region.id, languages.pick(region.names, (here,))) for region in choices.regions()]
    form.readers.choices = [(code, languages.name(code)) for code in languages.WRITTEN]
    for field in (form.sent_announcement_ids, form.exclude_announcement_ids):
        _fill_announcements(field, by)


def _fill_announcements(field: Any, by: Viewer) -> None:
    """The newest announcements, and those that the draft names already."""
    newest = queries.sent(by, limit=10)
    known = {one.id for one in newest}
    offered = [*newest, *queries.by_ids(set(field.object_data or ()) - known)]
    subjects = queries.subjects(offered)
    field.choices = [
        (
            one.id,
            languages.pick(subjects[one.id], (languages.current(),))
            if by.keeps_caucus(one.caucus_id)
            else _("An announcement of another group"),
        )
        for one in offered
    ]


def audience(form: Any) -> Audience:
    """What was ticked."""
    return Audience(
        everybody=form.everybody.data,
        caucus_ids=tuple(form.caucus_ids.data or ()),
        group_ids=tuple(form.group_ids.data or ()),
        region_ids=tuple(form.region_ids.data or ()),
        languages=tuple(form.readers.data or ()),
        roles=tuple(Role(role) for role in form.roles.data or ()),
        sent_announcement_ids=tuple(form.sent_announcement_ids.data or ()),
        exclude_caucus_ids=tuple(form.exclude_caucus_ids.data or ()),
        exclude_group_ids=tuple(form.exclude_group_ids.data or ()),
        exclude_announcement_ids=tuple(form.exclude_announcement_ids.data or ()),
    )


def _on_the_agenda(was: Draft) -> bool:
    return was.meeting is not None and not agenda.in_lines(was.meeting.agenda)


def draft(form: Any, tongues: Sequence[str], was: Draft) -> Draft:
    """What was filled in, in the words of the verb; call it once valid.

    :raises caucusmail.errors.Invalid: one half of a reply deadline is missing.
    """
    meeting = was.kind is AnnouncementKind.MEETING and (meetings.begun(form, tongues) or _on_the_agenda(was))
    return Draft(
        caucus_id=was.caucus_id,
        kind=was.kind,
        texts={one: Text(form[f"subject_{one}"].data or "", form[f"body_{one}"].data or "") for one in tongues},
        audience=audience(form),
        meeting=meetings.meeting_draft(form, tongues, was.meeting) if meeting else None,
        public=form.public.data,
        urgent=form.urgent.data,
    )


class ConfirmForm(BaseForm):
    """The last word: the name of the audience typed, now or at a time, all at once or in waves."""

    twice = False  # the hour chosen comes twice: ask which

    revision = RevisionField()
    typed = StringField(later("Whom do you write to?"), [InputRequired(later("Type what is asked for here."))])
    when = RadioField(
        later("When"),
        choices=[("now", later("Now, after two minutes in which it can be taken back")), ("later", later("Later, at"))],
        default="now",
    )
    day = DayField(later("Day"), [needed])
    scheduled_for = ClockField(later("Time"), [needed])
    zone = CityField(later("On the clock of"), [needed])
    per_hour = RadioField(later("How fast"), choices=[(size, "") for size in (0, *waves.SIZES)], coerce=int, default=0)
    second_hour = RadioField(
        later("The clocks go back that night. Which hour is meant?"), choices=meetings.HOURS, validate_choice=False
    )

    def offer_waves(self, copies: int, *, urgent: bool) -> None:
        """Let waves be chosen that are smaller than the whole; what is urgent leaves at once."""
        sizes = [] if urgent else [size for size in waves.SIZES if size < copies]
        self.per_hour.choices = [
            (0, _("All at once")),
            *((size, telling.waves_planned(copies, size)) for size in sizes),
        ]
