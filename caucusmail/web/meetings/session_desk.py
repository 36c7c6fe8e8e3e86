"""The secretariat's pages of sessions: list, add, change, remove, each with its way back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail.errors import Invalid
from caucusmail.languages import _, pick
from caucusmail.meetings import cities, programme, queries, sessions
from caucusmail.meetings.models import MeetingSession
from caucusmail.web import guards, reader
from caucusmail.web.meetings import session_forms
from caucusmail.web.meetings.session_forms import SessionForm
from caucusmail.web.meetings.sessions import found
from caucusmail.web.notices import tell

bp = Blueprint("sessions", __name__, url_prefix="/staff/sessions")


def _page(form: SessionForm, session: MeetingSession | None, status: int) -> ResponseReturnValue:
    tongues = {"first": session_forms.FIRST, "tongues": session_forms.TONGUES}
    page = render_template("meetings/session_desk.html", form=form, one=session, cities=cities.every(), **tongues)
    return page, status


@bp.get("", endpoint="list")
@guards.secretariat
def every() -> ResponseReturnValue:
    """All sessions."""
    return render_template("meetings/session_list.html", sessions=queries.sessions(), programme=programme)


@bp.get("/new")
@guards.secretariat
def new() -> ResponseReturnValue:
    """An empty form."""
    return _page(session_forms.form(), None, 200)


@bp.post("/new")
@guards.secretariat
def add() -> ResponseReturnValue:
    """A new session."""
    form = session_forms.form(request.form)
    if not form.validate():
        return _page(form, None, 422)
    try:
        made = sessions.add(form.draft(), reader.viewer())
    except Invalid as problem:
        form.beside(problem)
        return _page(form, None, 422)
    undo = url_for(".remove", slug=made.slug)
    tell(_("%(session)s is on the list. Meetings can be part of it from now on.", session=pick(made.names)), undo)
    return redirect(url_for(".list"), 303)


@bp.get("/<slug>")
@guards.secretariat
def edit(slug: str) -> ResponseReturnValue:
    """One session, to be changed."""
    session = found(slug)
    return _page(session_forms.form(draft=sessions.draft_of(session)), session, 200)


@bp.post("/<slug>")
@guards.secretariat
def change(slug: str) -> ResponseReturnValue:
    """Change it."""
    session, form = found(slug), session_forms.form(request.form)
    if not form.validate():
        return _page(form, session, 422)
    try:
        entry = sessions.change(session, form.draft(), reader.viewer())
    except Invalid as problem:
        form.beside(problem)
        return _page(form, session, 422)
    if entry is None:
        tell(_("Nothing was different, so nothing was changed."))
    else:
        tell(_("%(session)s is changed.", session=pick(session.names)), url_for(".take_back", entry_id=entry.id))
    return redirect(url_for(".list"), 303)


@bp.post("/back/<int:entry_id>")
@guards.secretariat
def take_back(entry_id: int) -> ResponseReturnValue:
    """As it was before a change."""
    session = sessions.take_back(sessions.step(entry_id, sessions.CHANGED), reader.viewer())
    tell(_("%(session)s is as it was before.", session=pick(session.names)))
    return redirect(url_for(".list"), 303)


@bp.post("/<slug>/remove")
@guards.secretariat
def remove(slug: str) -> ResponseReturnValue:
    """Take it off the list; its meetings stay."""
    session = found(slug)
    entry = sessions.remove(session, reader.viewer())
    said = _("%(session)s is off the list. Its meetings stay, part of no session.", session=pick(session.names))
    tell(said, url_for(".put_back", entry_id=entry.id))
    return redirect(url_for(".list"), 303)


@bp.post("/put-back/<int:entry_id>")
@guards.secretariat
def put_back(entry_id: int) -> ResponseReturnValue:
    """As it was before it was removed."""
    session = sessions.put_back(sessions.step(entry_id, sessions.REMOVED), reader.viewer())
    tell(_("%(session)s is on the list again, with its meetings.", session=pick(session.names)))
    return redirect(url_for(".list"), 303)
