"""Sign up in three steps and a check page; confirm; see where it stands. Works without JavaScript and without a session."""

from collections.abc import Collection

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from caucusmail.directory import asking, browsing, confirmation, consent, followup, joining, registration
from caucusmail.directory.applications import Applicant, ApplicantState
from caucusmail.directory.reasons import told
from caucusmail.errors import DomainError, Invalid
from caucusmail.groups import membership
from caucusmail.languages import _
from caucusmail.tokens import BadToken
from caucusmail.web import asked, errors, guards, sessions, typed
from caucusmail.web.directory import public, sign_up_steps
from caucusmail.web.directory.sign_up_forms import CodeForm, problems
from caucusmail.web.directory.sign_up_steps import Refused
from caucusmail.web.forms import refused
from caucusmail.web.notices import tell

bp = Blueprint("join", __name__)


@bp.after_request
def _let_back_work(response: Response) -> Response:
    """A page that was posted may be kept by the reader's own browser, so that Back shows it with all that was typed."""
    if response.mimetype == "text/html" and request.endpoint in (*STEP_OF, "join.which"):
        response.headers["Cache-Control"] = "private, no-cache"
    return response


STEP_OF = {
    "join.again": "which",
    "join.who": "who",
    "join.people": "people",
    "join.check": "check",
    "join.send": "check",
}
"""The step that each address shows."""


@bp.errorhandler(registration.Archived)
def _archived(error: registration.Archived) -> Response:
    """Its page; who has typed already goes on without it."""
    if typed.now(409):
        steps = sign_up_steps.without(error.caucus.slug)
        steps.notice = str(error)
        return make_response(steps.page("which"), 409)
    group = browsing.group(error.caucus.slug)
    if group is None:  # it has just been deleted
        raise registration.NoSuchCaucus(_("There is no such caucus."))
    return public.page(group, 409, str(error))


@bp.errorhandler(Refused)
def _refused(error: Refused) -> Response:
    return make_response(*error.answer)


@bp.errorhandler(CSRFError)
def _form_too_old(_error: CSRFError) -> ResponseReturnValue:
    """Steps change nothing and may be shown again, with a fresh token and all that was typed; nothing else is done."""
    step = STEP_OF.get(request.endpoint or "")
    if step is None:
        return errors.page(400, case="csrf")
    steps = sign_up_steps.posted()
    steps.notice = _("The form was open for long, or your browser lost our cookie. Nothing is lost: just go on.")
    try:
        steps.stand_until(step)
        return steps.page(step), 400
    except Refused as earlier:
        return earlier.answer[0], 400
    except DomainError:
        return errors.page(400, case="csrf")


@bp.errorhandler(BadToken)
def _gone(_error: BadToken) -> ResponseReturnValue:
    return render_template("directory/join_gone.html"), 404


@bp.get("/join")
@guards.anyone
def which() -> ResponseReturnValue:
    """Step 1: which caucuses; ``?caucus=`` ticks one, or says where that one is joined."""
    slug = request.args.get("caucus", "")
    steps = sign_up_steps.begun([slug] if slug else [])
    try:
        registration.check_caucuses(steps.wished())
    except registration.NotHere as problem:
        steps = sign_up_steps.begun([])
        steps.notice, steps.elsewhere = str(problem), joining.by_slugs([slug])[0]
    return steps.page("which")


@bp.post("/join")
@guards.anyone
def again() -> ResponseReturnValue:
    """Back to step 1."""
    return sign_up_steps.posted().page("which")


@bp.post("/join/who")
@guards.anyone
def who() -> ResponseReturnValue:
    """Step 2: who signs up."""
    steps = sign_up_steps.posted()
    steps.stand_until("who")
    return steps.page("who")


@bp.post("/join/people")
@guards.anyone
def people() -> ResponseReturnValue:
    """Step 3: the people."""
    steps = sign_up_steps.posted()
    steps.stand_until("people")
    return steps.page("people")


@bp.post("/join/check")
@guards.anyone
def check() -> ResponseReturnValue:
    """All of it, to look over."""
    steps = sign_up_steps.posted()
    steps.stand_until("check")
    return steps.page("check")


@bp.post("/join/send")
@guards.anyone
def send() -> ResponseReturnValue:
    """Send it. A machine is told the same, and nothing is done."""
    steps = sign_up_steps.posted()
    steps.stand_until("check")
    if not steps.by_machine():
        steps.send(sessions.network())
    return redirect(url_for("join.sent"), 303)


@bp.get("/join/who")
@bp.get("/join/people")
@bp.get("/join/check")
@bp.get("/join/send")
@guards.anyone
def from_the_start() -> ResponseReturnValue:
    """An address of the middle, opened as a page."""
    return redirect(url_for("join.which"), 303)


@bp.get("/join/sent")
@guards.anyone
def sent() -> ResponseReturnValue:
    """Look into your mailbox: the same page whoever is known."""
    return render_template("directory/join_sent.html")


@bp.get("/join/code")
@bp.post("/join/code")
@guards.anyone
def code() -> ResponseReturnValue:
    """For those who cannot follow the link: the code leads to the same page."""
    form = CodeForm(request.form)
    if request.method == "POST" and form.validate():
        with refused(form):
            applicant = confirmation.by_code(form.address.data, form.code.data, sessions.network())
            return redirect(url_for("join.confirm", token=asking.confirm_token(applicant)), 303)
    shown = render_template("directory/join_code.html", form=form, problems=list(problems(form)))
    return shown, form.status


@bp.get("/join/confirm/<token>")
@guards.token
def confirm(token: str) -> ResponseReturnValue:
    """What the link in the letter opens: boxes and a button. Opening it changes nothing."""
    applicant = confirmation.applicant_of(token)
    if applicant.state is not ApplicantState.UNCONFIRMED:
        return redirect(url_for("join.status", token=confirmation.status_token(applicant)), 303)
    return _confirm_page(applicant, token)


@bp.post("/join/confirm/<token>")
@guards.token
def confirmed(token: str) -> ResponseReturnValue:
    """The button was pressed."""
    applicant = confirmation.applicant_of(token)
    kept = asked.posted_numbers("kept")
    try:
        done = confirmation.confirm(applicant, kept)
    except Invalid as problem:
        return _confirm_page(applicant, token, str(problem), kept), 422
    for caucus in done.entered:
        membership.subscribe(done.person, caucus, by=done.person)
    own = asking.manage_token(done.person) if done.anew else None
    return redirect(url_for("join.status", token=confirmation.status_token(applicant), done=1, own=own), 303)


@bp.post("/join/confirm/<token>/not-me")
@guards.token
def not_me(token: str) -> ResponseReturnValue:
    """This was not me: the address is deleted at once, and left alone for a while."""
    confirmation.refuse(confirmation.applicant_of(token))
    return render_template("directory/join_deleted.html")


def _confirm_page(applicant: Applicant, token: str, problem: str = "", kept: Collection[int] | None = None) -> str:
    wishes = [wish for wish in joining.wishes(applicant) if joining.can_be_ticked(wish.caucus)]
    return render_template(
        "directory/join_confirm.html",
        applicant=applicant,
        wishes=wishes,
        token=token,
        problem=problem,
        kept={wish.caucus_id for wish in wishes} if kept is None else kept,
        consent=consent,
    )


@bp.get("/join/status/<token>")
@guards.token
def status(token: str) -> ResponseReturnValue:
    """Where the application stands."""
    return _status_page(token)


def _status_page(token: str, problem: str = "", typed: str = "") -> str:
    standing = joining.standing(confirmation.applicant_of_status(token))
    done = "done" in request.args and not standing.withdrawn
    own = request.args.get("own", "")
    return render_template(
        "directory/join_status.html",
        standing=standing,
        token=token,
        done=done,
        problem=problem,
        typed=typed,
        own=own if asking.manages(own, standing.person) else "",
        why=told(standing.application.refusal) if standing.application.refusal else "",
    )


@bp.post("/join/status/<token>/answer")
@guards.token
def answer(token: str) -> ResponseReturnValue:
    """Answer what was asked, or add who knows you."""
    text = request.form.get("text", "")
    try:
        followup.answer(confirmation.applicant_of_status(token), text)
    except Invalid as problem:
        return _status_page(token, str(problem), text), 422
    tell(_("Thank you. The secretariat will read it."))
    return redirect(url_for("join.status", token=token), 303)


@bp.post("/join/status/<token>/withdraw")
@guards.token
def withdraw(token: str) -> ResponseReturnValue:
    """Off the application, with a way back."""
    followup.withdraw(confirmation.applicant_of_status(token))
    return redirect(url_for("join.status", token=token), 303)


@bp.post("/join/status/<token>/come-back")
@guards.token
def come_back(token: str) -> ResponseReturnValue:
    """Back on the application."""
    followup.come_back(confirmation.applicant_of_status(token))
    tell(_("You are back, as before."))
    return redirect(url_for("join.status", token=token), 303)
