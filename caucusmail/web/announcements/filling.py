"""Between the form of a draft and the verbs that keep it: what is shown, what is saved, what stands beside it when two tabs
saved at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Request, url_for

from caucusmail import languages
from caucusmail.announcements import composition, fields, queries
from caucusmail.announcements.audience import Audience
from caucusmail.announcements.composition import Draft, OlderRevision
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import DomainError, Invalid, NotFound
from caucusmail.languages import _
from caucusmail.meetings import agenda, presets
from caucusmail.web.announcements import forms
from caucusmail.web.forms import beside
from caucusmail.web.meetings import following
from caucusmail.web.meetings import forms as meetings
from caucusmail.zones import TwiceOnTheClock

AFTER = {
    "agenda": "compose.agenda",
    "check": "compose.check",
    "preview": "compose.preview",
    "audience": "compose.audience",
}
"""Where a button leads once the draft is saved."""

BY_ITSELF = "keep"
"""What is posted while its author types (``static/keep.js``): the answer is the new revision, and nothing else changes."""


@dataclass
class Desk:
    """One draft on its author's desk: what is saved, the form over it, and what went wrong."""

    announcement: Announcement
    by: Viewer
    was: Draft
    tongues: list[str]
    form: Any
    status: int = 200
    twice: bool = False  # the hour typed comes twice: ask which
    newer: list[tuple[str, str]] | None = None  # label and text of what another tab saved meanwhile, where it differs

    personal = fields.MEANS

    @property
    def meeting(self) -> bool:
        """Whether it announces a meeting."""
        return self.was.kind is AnnouncementKind.MEETING

    @property
    def agenda(self) -> list[str]:
        """The items of an agenda that lines cannot say, as it is saved."""
        items = self.was.meeting.agenda if self.was.meeting is not None else ()
        return [] if agenda.in_lines(items) else [agenda.line(item) for item in items]

    def save(self, do: str) -> bool:
        """Keep what was filled in; else say beside the fields what to mend, with nothing lost."""
        if self.announcement.state is not AnnouncementState.DRAFT:
            self.status = 409
            self.form.form_errors.append(
                _("It was confirmed meanwhile, so it can no longer be changed. What you typed is still below.")
            )
            return False
        if self.meeting:
            following.follow(self.form, self.was.meeting, self.tongues, anew=do == "place")
        if not self.form.validate():
            self.status = 422
            return False
        with self._kept():
            draft = forms.draft(self.form, self.tongues, self.was)
            composition.revise(self.announcement, draft, self.form.revision.data or 0, self.by)
        return self.status == 200

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Any refusal is shown on the form, so that what was typed stays in front of its author."""
        try:
            yield
        except OlderRevision as problem:
            self.status, self.newer = 409, _differences(self.form, shown(composition.draft_of(problem.current)))
            self.form.revision.data = self.form.revision.raw_data = None
            self.form.revision.process_data(problem.current.revision)
            self.form.form_errors.append(str(problem))
        except Invalid as problem:
            self.status, self.twice = 422, isinstance(problem, TwiceOnTheClock)
            beside(self.form, problem, self._box(problem.field))
        except NotFound:
            raise
        except DomainError as problem:
            self.status = 409
            self.form.form_errors.append(str(problem))

    def _box(self, field: str) -> str:
        """The field in which this one of the verb was typed: the items of an agenda stand in one box, a line each."""
        typed = f"agenda_{self.tongues[0]}"
        return typed if field.startswith(("item", "agenda")) and typed in self.form else field

    def next_url(self, do: str) -> str:
        """Where to go once saved."""
        more = self.form.add.data
        if do in AFTER:
            return url_for(AFTER[do], announcement_id=self.announcement.id)
        anchor = f"text-{more}" if more else "where" if do == "place" else None
        asked = [*self._left_open(goes_on=bool(more) or do == "place"), *([more] if more else [])]
        return url_for("compose.edit", announcement_id=self.announcement.id, add=asked, _anchor=anchor)

    def _left_open(self, *, goes_on: bool) -> list[str]:
        """The languages that stay on the form though nothing of them is kept as their author's own: what is known of a
        place fills a box, or the author goes on filling in."""
        kept = _written(composition.draft_of(self.announcement))
        return [one for one in self.tongues if one not in kept and (goes_on or self._holds(one))]

    def _holds(self, tongue: str) -> bool:
        boxes = (self.form._fields.get(f"{name}_{tongue}") for name in ("subject", "body", "access", "agenda"))
        return any(box is not None and (box.data or "").strip() for box in boxes)


def _written(draft: Draft) -> list[str]:
    """The languages in which anything was written, the texts first."""
    meeting = presets.own_words(draft.meeting) if draft.meeting is not None else []
    return list(dict.fromkeys([*draft.texts, *meeting]))


def tongues(was: Draft, request: Request) -> list[str]:
    """The languages on the form: those written, those asked for; for a blank sheet the author's own."""
    asked = [*request.form.getlist("tongue"), *request.args.getlist("add")]
    wanted = [*_written(was), *(one for one in asked if one in languages.WRITTEN)]
    return list(dict.fromkeys(wanted)) or [languages.offered([languages.current()])]


def desk(announcement: Announcement, by: Viewer, request: Request) -> Desk:
    """``announcement`` laid out for editing, with what the request filled in."""
    was = composition.draft_of(announcement)
    spoken = tongues(was, request)
    data = shown(was, spoken) | {"revision": announcement.revision}
    form = forms.draft_form(request.form if request.method == "POST" else None, was, spoken, data)
    forms.fill_audience_choices(form, by)
    return Desk(announcement, by, was, spoken, form)


def shown(draft: Draft, tongues: list[str] | None = None) -> dict[str, Any]:
    """``draft`` as the form shows it."""
    chosen = draft.audience
    here = tongues if tongues is not None else _written(draft)
    empty = composition.Text("")
    texts = {one: draft.texts.get(one, empty) for one in here}
    return {
        "public": draft.public,
        "urgent": draft.urgent,
        "everybody": chosen.everybody,
        "caucus_ids": list(chosen.caucus_ids),
        "group_ids": list(chosen.group_ids),
        "region_ids": list(chosen.region_ids),
        "readers": list(chosen.languages),
        "roles": [role.value for role in chosen.roles],
        "sent_announcement_ids": list(chosen.sent_announcement_ids),
        "exclude_caucus_ids": list(chosen.exclude_caucus_ids),
        "exclude_group_ids": list(chosen.exclude_group_ids),
        "exclude_announcement_ids": list(chosen.exclude_announcement_ids),
        **{f"subject_{one}": text.subject for one, text in texts.items()},
        **{f"body_{one}": text.body for one, text in texts.items()},
        **(meetings.shown(draft.meeting, here) if draft.meeting is not None else {}),
    }


def _differences(form: Any, saved: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What another tab saved, where it is not what this one holds: labels and texts."""
    found = []
    for name, value in saved.items():
        field = form._fields.get(name)
        mine = field.data if field is not None else None
        if (mine or "") != (value or ""):
            tongue = name.rpartition("_")[2]
            label = str(field.label.text) if field is not None else name
            label = f"{label} ({languages.name(tongue)})" if tongue in languages.WRITTEN else label
            found.append((label, _said(field, value)))
    return found


def _said(field: Any, value: Any) -> str:
    """A saved value in words."""
    choices = {str(key): str(label) for key, label, *_ in (field.choices or ())} if hasattr(field, "choices") else {}
    if isinstance(value, list):
        return ", ".join(choices.get(str(one), str(one)) for one in value) or "–"
    return choices.get(str(value), str(value)) if value not in (None, "") else "–"


def blank(caucus_id: int, kind: AnnouncementKind, by: Viewer) -> Announcement:
    """An empty draft in the name of this caucus; the one begun before and left empty, if there is one."""
    mine = [one for one in queries.drafts(by) if (one.author_id, one.caucus_id, one.kind) == (by.id, caucus_id, kind)]
    blank_ones = [one for one in mine if one.revision == 1 and one.meeting_id is None]
    written = queries.subjects(blank_ones)
    for one in blank_ones:
        if not written[one.id]:
            return one
    return composition.draft(Draft(caucus_id, kind, audience=Audience(caucus_ids=(caucus_id,))), by)
