"""The agenda of the meeting that a draft announces: its items, their order, times and speakers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from caucusmail import languages
from caucusmail.announcements import composition
from caucusmail.announcements.composition import Draft, OlderRevision
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.errors import Conflict, Invalid, NotFound
from caucusmail.languages import _
from caucusmail.meetings import agenda as agendas
from caucusmail.meetings.agenda import Item
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import MeetingKind
from caucusmail.web import guards, reader
from caucusmail.web.announcements import desk, filling
from caucusmail.web.announcements.desk import found
from caucusmail.web.forms import BaseForm, RevisionField
from caucusmail.web.meetings import agenda_forms
from caucusmail.web.notices import tell


def _draft(announcement: Announcement) -> Draft:
    was = composition.draft_of(announcement)
    if was.kind is not AnnouncementKind.MEETING:
        raise NotFound(_("This announces no meeting, so it has no agenda."))
    return was


def _items(was: Draft) -> tuple[Item, ...]:
    return tuple(was.meeting.agenda) if was.meeting is not None else ()


def _form(was: Draft, tongues: list[str], revision: int, filled: Mapping[str, str] | None) -> Any:
    items = _items(was)
    rows = agenda_forms.count(filled) if filled is not None else len(items) + (0 if items else agenda_forms.BLANK)
    made = {"revision": RevisionField(default=1)} | agenda_forms.fields(tongues, rows)
    return type("AgendaForm", (BaseForm,), made)(filled, data={"revision": revision, **agenda_forms.shown(items)})


@desk.bp.get("/<int:announcement_id>/agenda")
@guards.keeper
def agenda(announcement_id: int) -> ResponseReturnValue:
    """The items, to be changed."""
    one = found(announcement_id)
    away = desk.elsewhere(one)
    if away:
        return redirect(away, 303)
    was = _draft(one)
    tongues = filling.tongues(was, request)
    return _page(one, _form(was, tongues, one.revision, None), tongues, 200)


@desk.bp.post("/<int:announcement_id>/agenda", endpoint="save_agenda")
@guards.keeper
def save_agenda(announcement_id: int) -> ResponseReturnValue:
    """Move a row as its button says; or keep them all."""
    one = found(announcement_id)
    was = _draft(one)
    tongues = filling.tongues(was, request)
    moved = agenda_forms.act(MultiDict(request.form), tongues, request.form.get("do", ""))
    if moved is not None:
        return _page(one, _form(was, tongues, one.revision, moved), tongues, 200)
    form = _form(was, tongues, one.revision, request.form)
    return _saved(one, was, form, tongues) if form.validate() else _page(one, form, tongues, 422)


def _saved(one: Announcement, was: Draft, form: Any, tongues: list[str]) -> ResponseReturnValue:
    meeting = was.meeting or MeetingDraft(MeetingKind.STRATEGY, None, None)
    try:
        draft = replace(was, meeting=replace(meeting, agenda=tuple(agenda_forms.items(form, tongues))))
        composition.revise(one, draft, form.revision.data or 0, reader.viewer())
    except Invalid as problem:
        agenda_forms.refuse(form, problem, tongues)
        return _page(one, form, tongues, 422)
    except OlderRevision as problem:
        form.revision.data = form.revision.raw_data = None
        form.revision.process_data(problem.current.revision)
        return _refused(one, form, tongues, problem, agendas.lines(_items(composition.draft_of(problem.current))))
    except Conflict as problem:
        return _refused(one, form, tongues, problem, None)
    tell(_("The agenda is saved."))
    return redirect(url_for(".edit", announcement_id=one.id, _anchor="agenda"), 303)


def _refused(
    one: Announcement, form: Any, tongues: list[str], problem: Conflict, newer: list[str] | None
) -> ResponseReturnValue:
    form.form_errors.append(str(problem))
    return _page(one, form, tongues, 409, newer)


def _page(
    one: Announcement, form: Any, tongues: list[str], status: int, newer: list[str] | None = None
) -> ResponseReturnValue:
    asked = {"one": one, "form": form, "tongues": languages.in_our_order(tongues), "newer": newer}
    return render_template("announcements/agenda.html", rows=agenda_forms, title=desk.title(one), **asked), status
