"""The secretariat's desk: what waits, the verification queue, one application with four outcomes."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail import clock
from caucusmail.directory import queries, reopening, reviewing, standing, verification, vouching, waiting, windows
from caucusmail.directory.applications import Application, ApplicationState
from caucusmail.directory.reasons import Reason, short
from caucusmail.directory.verification import Decision
from caucusmail.directory.waiting import Group, Line
from caucusmail.groups import admission
from caucusmail.languages import _
from caucusmail.web import asked, guards, reader
from caucusmail.web.directory import desk
from caucusmail.web.directory.staff_forms import NEW, ApproveForm, AskForm, DeclineForm, HoldForm, too_slow
from caucusmail.web.forms import refused, trimmed
from caucusmail.web.notices import tell

bp = Blueprint("staff", __name__, url_prefix="/staff")


@bp.get("")
@guards.secretariat
def home() -> ResponseReturnValue:
    """What waits, and since when."""
    line = waiting.line()
    return render_template(
        "directory/staff_home.html",
        desk=desk,
        line=line,
        days=(clock.now() - line.oldest).days if line.oldest else 0,
        review=windows.review(clock.now()),
        ending=standing.ending(),
        recoveries=vouching.for_staff(reader.viewer()),
        me=desk.me(),
    )


@bp.get("/queue")
@guards.secretariat
def queue() -> ResponseReturnValue:
    """What is undecided, all of it or one group, page by page."""
    line, group = waiting.line(), desk.asked_group()
    page = waiting.page(line, group, asked.number("page") or 1)
    shown = {"review": windows.review(clock.now()), "now": clock.now(), "me": desk.me()}
    return render_template("directory/staff_queue.html", desk=desk, line=line, group=group, page=page, **shown)


def _page(application: Application, line: Line, **forms: Any) -> ResponseReturnValue:
    file = reviewing.file(application)
    seen, tried = application.state.value, next(iter(forms.values()), None)
    wanted, place = desk.chosen(tried), desk.neighbours(line, application)
    likely = "" if place["group"] is Group.IMPERSONATION else NEW
    shown: dict[str, Any] = {
        "approve": ApproveForm(formdata=None, seen=seen, into=str(wanted or likely)),
        "ask": AskForm(formdata=None, seen=seen),
        "decline": DeclineForm(formdata=None, seen=seen),
        "hold": HoldForm(formdata=None, seen=seen),
        "reopenable": reopening.possible(application),
        "me": desk.me(),
        "short": short,
        "tried": tried,
        "chosen": file.found(wanted) or reviewing.organisation(wanted),
        "place": place,
    } | forms
    shown["approve"].offer(file, shown["chosen"])
    overtaken = bool(tried and (tried.overtaken or tried.late))
    if tried and overtaken:
        tried.seen.data = seen
    page = render_template("directory/staff_application.html", desk=desk, a=application, file=file, **shown)
    return page, 409 if overtaken else 422 if forms else 200


@bp.get("/organisations")
@guards.secretariat
def find() -> ResponseReturnValue:
    """Find an organisation by name, acronym or domain; to look at it, or to link an application to it."""
    search = (trimmed(request.args.get("q", "")) or "")[:100]
    applying = asked.number("application")
    return render_template(
        "directory/staff_organisations.html",
        desk=desk,
        search=search,
        found=reviewing.find(search),
        most=reviewing.MOST_FOUND,
        application=queries.application(applying) if applying else None,
    )


@bp.get("/applications/<int:application_id>")
@guards.secretariat
def application(application_id: int) -> ResponseReturnValue:
    """One application with its evidence and what it resembles."""
    return _page(queries.application(application_id), waiting.line())


@bp.post("/applications/<int:application_id>/approve")
@guards.secretariat
def approve(application_id: int) -> ResponseReturnValue:
    """Let them in."""
    found, form = queries.application(application_id), ApproveForm()
    line = waiting.line()
    if form.validate():
        with refused(form), too_slow(form):
            into = None if form.into.data == NEW else queries.ngo(asked.posted_number("into"))
            decision = Decision(form.how.data or "", into, form.provisional.data)
            admission.approve(found, decision, seen=form.state, by=desk.me())
            return _on(
                found, line, _("Approved: %(name)s. They have been written to.", name=_name(found)), "staff.reopen"
            )
    return _page(found, line, approve=form)


@bp.post("/applications/<int:application_id>/ask")
@guards.secretariat
def ask(application_id: int) -> ResponseReturnValue:
    """Put a question."""
    found, form = queries.application(application_id), AskForm()
    line = waiting.line()
    if form.validate():
        with refused(form), too_slow(form):
            verification.ask(found, form.question.data or "", seen=form.state, by=desk.me())
            said = _("Your question to %(name)s is on its way.", name=_name(found))
            return _on(found, line, said, "staff.release", _("Put it back into the queue"))
    return _page(found, line, ask=form)


@bp.post("/applications/<int:application_id>/decline")
@guards.secretariat
def decline(application_id: int) -> ResponseReturnValue:
    """Turn it down."""
    found, form = queries.application(application_id), DeclineForm()
    line = waiting.line()
    if form.validate():
        with refused(form), too_slow(form):
            verification.decline(found, Reason(form.reason.data), form.words.data or "", seen=form.state, by=desk.me())
            return _on(
                found, line, _("Declined: %(name)s. They have been written to.", name=_name(found)), "staff.reopen"
            )
    return _page(found, line, decline=form)


@bp.post("/applications/<int:application_id>/hold")
@guards.secretariat
def hold(application_id: int) -> ResponseReturnValue:
    """Put it aside."""
    found, form = queries.application(application_id), HoldForm()
    line = waiting.line()
    if form.validate():
        with too_slow(form):
            verification.hold(found, form.note.data or "", seen=form.state, by=desk.me())
            said = _("Put aside: %(name)s. Nobody was written to.", name=_name(found))
            return _on(found, line, said, "staff.release")
    return _page(found, line, hold=form)


@bp.post("/applications/<int:application_id>/release")
@guards.secretariat
def release(application_id: int) -> ResponseReturnValue:
    """Back into the queue."""
    found = queries.application(application_id)
    said = _("%(name)s is back in the queue.", name=_name(found))
    if found.state is ApplicationState.ASKED:
        said += " " + _("Your question was sent: they may still answer it.")
    verification.release(found, by=desk.me())
    tell(said)
    return redirect(url_for("staff.application", application_id=found.id), 303)


@bp.post("/applications/<int:application_id>/reopen")
@guards.secretariat
def reopen(application_id: int) -> ResponseReturnValue:
    """Take the decision back."""
    found = queries.application(application_id)
    admission.reopen(found, by=desk.me())
    tell(_("The decision on %(name)s is taken back; they have been told so.", name=_name(found)))
    return redirect(url_for("staff.application", application_id=found.id), 303)


def _name(found: Application) -> str:
    return found.ngo_name or _("an expert")


def _on(found: Application, line: Line, said: str, undo: str, back: str = "") -> ResponseReturnValue:
    """On to what came after it when it was looked at."""
    tell(said, url_for(undo, application_id=found.id), back)
    after = desk.next_after(line, found.id)
    on = url_for("staff.application", application_id=after) if after else url_for("staff.queue")
    return redirect(on, 303)
