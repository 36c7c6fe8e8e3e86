"""Passkeys: sign in by one, take the second step by one, set one up. These three need JavaScript; all else goes without."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from caucusmail.accounts import passkeys
from caucusmail.accounts.passkeys import Answer
from caucusmail.web import guards, sessions
from caucusmail.web.accounts import entering, second
from caucusmail.web.accounts.forms import NewPasskeyForm, PasskeyForm, SecondStepForm, SignInForm
from caucusmail.web.accounts.views import sign_in_page
from caucusmail.web.accounts.way_on import ours
from caucusmail.web.forms import refused

bp = Blueprint("keys", __name__)


def _answer(form: Any) -> Answer:
    return Answer(form.answer.data, sessions.number())


@bp.post("/sign-in/passkey")
@guards.anyone
def sign_in() -> ResponseReturnValue:
    """A passkey answered on the sign-in page: it is both steps."""
    form, shown = PasskeyForm(), SignInForm(formdata=None)
    if form.validate_on_submit():
        session["next"] = ours(request.args.get("next"))
        with refused(shown):
            return entering.through(passkeys.by_passkey(_answer(form), sessions.network()), factor=True)
    shown.form_errors += form.answer.errors
    return sign_in_page(shown)


@bp.post("/sign-in/second/passkey")
@guards.anyone
def second_step() -> ResponseReturnValue:
    """A passkey answered at the second step."""
    form, shown, sign_in = PasskeyForm(), SecondStepForm(formdata=None), second.waiting()
    if sign_in is None:
        return redirect(url_for("accounts.sign_in"), 303)
    if form.validate_on_submit():
        with refused(shown):
            passkeys.prove(sign_in, _answer(form))
            return second.proved(sign_in)
    shown.form_errors += form.answer.errors
    return second.second_step_page(shown, sign_in)


@bp.get("/account/second-factor/passkey")
@bp.post("/account/second-factor/passkey")
@guards.proved
def new() -> ResponseReturnValue:
    """Set a passkey up."""
    form, sign_in = NewPasskeyForm(), second.here()
    if form.validate_on_submit():
        with refused(form):
            passkeys.register(sign_in, _answer(form), form.label.data or "")
            return second.added(sign_in)
    ask = passkeys.to_register(sign_in.person, sessions.number())
    return render_template("accounts/passkey.html", form=form, ask=ask), form.status
