"""After a fresh proof: what was about to be done, with all that was typed, and one button to do it."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from caucusmail.web import concerning, guards, proving, reader
from caucusmail.web.accounts.way_on import after_sign_in, in_this_language

bp = Blueprint("proving", __name__)


@bp.get("/sign-in/go-on")
@guards.proved
def go_on() -> ResponseReturnValue:
    """The form that was stopped; without one, on to one's own page."""
    form = proving.waiting()
    if form is None:
        return redirect(after_sign_in(reader.office(), ""), 303)
    shown = {"act": proving.ACTS.get(form.endpoint), "fields": form.fields}
    shown |= {"concerned": concerning.concerned(form), "filled": concerning.filled(form)}
    to, back = request.script_root + form.path, in_this_language(form.page)
    return render_template("accounts/go_on.html", to=to, back=back, **shown)
