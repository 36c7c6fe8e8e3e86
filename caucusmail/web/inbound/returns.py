"""What came back: suppressed addresses and a way back for each, and what nobody could make sense of."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from caucusmail.inbound import aside, queries
from caucusmail.inbound.handling import Outcome
from caucusmail.languages import _, later
from caucusmail.web import guards, reader
from caucusmail.web.forms import BaseForm, refused
from caucusmail.web.notices import tell

bp = Blueprint("returns", __name__)

REASONS: dict[str, Any] = {
    "bounced": later("letters came back, and so did one that asked whether it arrives"),
    "complained": later("complained about our mail"),
    "asked": later("asked not to be written to"),
}
OUTCOMES: dict[str, Any] = {
    Outcome.NOT_UNDERSTOOD.value: later("could not be read"),
    Outcome.UNDELIVERABLE.value: later("could be given to nobody"),
    Outcome.NOT_OURS.value: later("a report that does not prove which of our letters it is about"),
    Outcome.REFUSED_ANSWER.value: later(
        "a calendar’s reply that proves nothing: for another member or another meeting"
    ),
}


class LiftForm(BaseForm):
    """Why an address is written to again."""

    reason = StringField(later("Why is it written to again?"), [InputRequired(), Length(max=300)])


def _page(form: LiftForm, status: int = 200, tried: str = "") -> ResponseReturnValue:
    shown = {"suppressed": aside.suppressed(), "lying": queries.aside(), "waiting": queries.waiting()}
    words = {"reasons": REASONS, "outcomes": OUTCOMES}
    return render_template("inbound/returns.html", form=form, tried=tried, **words, **shown), status


@bp.get("/staff/came-back")
@guards.secretariat
def came_back() -> ResponseReturnValue:
    """Both lists."""
    return _page(LiftForm(formdata=None))


@bp.post("/staff/came-back/addresses/<fingerprint>")
@guards.secretariat
def lift(fingerprint: str) -> ResponseReturnValue:
    """Write to an address again; why, stands in the journal."""
    form = LiftForm()
    if form.validate():
        with refused(form):
            shown = aside.lift(fingerprint, str(form.reason.data), by=reader.viewer().person)
            tell(_("%(address)s is written to again.", address=shown))
            return redirect(url_for("returns.came_back"), 303)
    return _page(form, form.status, fingerprint)


@bp.get("/staff/came-back/<int:received_id>")
@guards.secretariat
def message(received_id: int) -> ResponseReturnValue:
    """One message, as it came: plain text, nothing of it is live."""
    received = aside.message(received_id)
    shown = aside.readable(received)
    return render_template("inbound/message.html", one=received, text=shown, outcomes=OUTCOMES)


@bp.post("/staff/came-back/<int:received_id>")
@guards.secretariat
def seen(received_id: int) -> ResponseReturnValue:
    """Take a message off the list; it stays as long as all that came in."""
    aside.look_at(aside.message(received_id), by=reader.viewer().person)
    tell(_("The message is off the list."), url_for("returns.unseen", received_id=received_id))
    return redirect(url_for("returns.came_back"), 303)


@bp.post("/staff/came-back/<int:received_id>/again")
@guards.secretariat
def unseen(received_id: int) -> ResponseReturnValue:
    """Take that back."""
    aside.lay_again(aside.message(received_id), by=reader.viewer().person)
    tell(_("The message is on the list again."))
    return redirect(url_for("returns.came_back"), 303)
