"""The list of announcements; begin, write, copy, take off the list and back."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail import languages
from caucusmail.announcements import checking, composition, queries
from caucusmail.directory import choices
from caucusmail.languages import _
from caucusmail.meetings import cities, places, rereckoning
from caucusmail.web import asked, guards, reader
from caucusmail.web.announcements import clashing, desk, filling, forms, telling
from caucusmail.web.announcements.desk import found
from caucusmail.web.notices import tell

PER_PAGE = 25


@desk.bp.get("", endpoint="list")
@guards.keeper
def overview() -> ResponseReturnValue:
    """Drafts, what is held or scheduled, what is leaving, what was sent."""
    by, before = reader.viewer(), asked.number("before")
    sent = queries.sent(by, PER_PAGE + 1, before)
    parts: dict[str, Any] = {
        "drafts": [] if before else queries.drafts(by),
        "waiting": [] if before else [*queries.sending(by), *queries.scheduled(by)],
        "sent": sent[:PER_PAGE],
        "discarded": [] if before else queries.discarded(by),
    }
    subjects = queries.subjects(one for part in parts.values() for one in part)
    older = sent[PER_PAGE - 1].id if len(sent) > PER_PAGE else None
    parts |= {"clocks": [] if before else rereckoning.waiting(by), "subjects": subjects, "older": older}
    return render_template("announcements/list.html", **parts, telling=telling, places=places, zone=desk.reader_zone())


@desk.bp.get("/new")
@guards.keeper
def new() -> ResponseReturnValue:
    """Choose in whose name, and what."""
    return _start(forms.StartForm(None, data=_preset()), 200)


@desk.bp.post("/new")
@guards.keeper
def begin() -> ResponseReturnValue:
    """An empty draft, ready to be filled in."""
    form = forms.StartForm(request.form)
    form.caucus_id.choices = [(caucus.id, "") for caucus in choices.kept(reader.viewer())]
    if not form.validate():
        return _start(form, 422)
    announcement = filling.blank(form.caucus_id.data, form.what.data, reader.viewer())
    return redirect(url_for(".edit", announcement_id=announcement.id), 303)


def _preset() -> dict[str, int]:
    """The caucus named in the address, or the only one there is."""
    kept = [caucus for caucus in choices.kept(reader.viewer()) if not checking.why_silent(caucus)]
    named = [caucus for caucus in kept if caucus.slug == request.args.get("caucus")]
    chosen = named or (kept if len(kept) == 1 else [])
    return {"caucus_id": chosen[0].id} if chosen else {}


def _start(form: forms.StartForm, status: int) -> ResponseReturnValue:
    kept = choices.kept(reader.viewer())
    form.caucus_id.choices = [(caucus.id, languages.pick(caucus.names, (languages.current(),))) for caucus in kept]
    silent = {caucus.id: checking.why_silent(caucus) for caucus in kept}
    return render_template("announcements/new.html", form=form, kept=kept, silent=silent), status


@desk.bp.get("/<int:announcement_id>")
@guards.keeper
def edit(announcement_id: int) -> ResponseReturnValue:
    """The draft on the desk."""
    announcement = found(announcement_id)
    away = desk.elsewhere(announcement)
    return redirect(away, 303) if away else _edit(filling.desk(announcement, reader.viewer(), request))


@desk.bp.post("/<int:announcement_id>", endpoint="save")
@guards.keeper
def save(announcement_id: int) -> ResponseReturnValue:
    """Keep what was filled in, then go where the button leads."""
    sheet = filling.desk(found(announcement_id), reader.viewer(), request)
    do = request.form.get("do", "save")
    if not sheet.save(do):
        return _edit(sheet)
    if do == filling.BY_ITSELF:
        return Response(str(sheet.announcement.revision), mimetype="text/plain")
    if do not in filling.AFTER:
        tell(_("Saved."))
    return redirect(sheet.next_url(do), 303)


def _edit(sheet: filling.Desk) -> ResponseReturnValue:
    one = sheet.announcement
    clashes = clashing.said(one) if sheet.status == 200 and sheet.meeting else None
    page = render_template(
        "announcements/edit.html", sheet=sheet, form=sheet.form, one=one, cities=cities.every(), clashes=clashes
    )
    return page, sheet.status


@desk.bp.post("/<int:announcement_id>/copy", endpoint="copy")
@guards.keeper
def copy(announcement_id: int) -> ResponseReturnValue:
    """A new draft like this announcement."""
    made = composition.copy_of(found(announcement_id), reader.viewer())
    tell(
        _("This is a new draft with the same texts and audience. Nothing is sent."),
        url_for(".discard", announcement_id=made.id),
    )
    return redirect(url_for(".edit", announcement_id=made.id), 303)


@desk.bp.post("/<int:announcement_id>/discard")
@guards.keeper
def discard(announcement_id: int) -> ResponseReturnValue:
    """Take a draft off the list."""
    announcement = found(announcement_id)
    composition.discard(announcement, reader.viewer())
    back = url_for(".restore", announcement_id=announcement.id)
    tell(_("“%(title)s” is off the list.", title=desk.title(announcement)), back)
    return redirect(url_for(".list"), 303)


@desk.bp.post("/<int:announcement_id>/restore")
@guards.keeper
def restore(announcement_id: int) -> ResponseReturnValue:
    """Bring a discarded draft back."""
    announcement = found(announcement_id)
    composition.restore(announcement, reader.viewer())
    tell(_("The draft is back."))
    return redirect(url_for(".edit", announcement_id=announcement.id), 303)
