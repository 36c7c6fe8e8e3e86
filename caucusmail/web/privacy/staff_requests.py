"""The secretariat's list of requests about people's data, each with the day by which it has to be answered."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from caucusmail.directory import acquaintances
from caucusmail.errors import NotFound
from caucusmail.languages import _, later
from caucusmail.privacy import requests
from caucusmail.privacy.models import DataRequest, Right
from caucusmail.web import guards, reader
from caucusmail.web.directory import desk
from caucusmail.web.forms import BaseForm, refused
from caucusmail.web.meetings.fields import DayField
from caucusmail.web.notices import tell
from caucusmail.web.privacy import codes

bp = Blueprint("data_requests", __name__, url_prefix="/staff")


class NoteForm(BaseForm):
    """Somebody asked."""

    right = RadioField(  # whole lines: a list to open cuts them off on a phone
        later("What they ask"),
        [InputRequired(later("Choose one of the lines."))],
        choices=[(one.value, codes.RIGHTS[one]) for one in Right],
    )
    received = DayField(later("The day it came"), [InputRequired(later("Choose the day; the month runs from it."))])
    asker = TextAreaField(
        later("Who asks, and how to answer them"), [InputRequired(later("Nothing was filled in.")), Length(max=500)]
    )


class StepForm(BaseForm):
    """A reason, where one is needed."""

    reason = TextAreaField(later("Why"), [Length(max=1000)])
    told = BooleanField(later("They have been told this, within the first month"))


def _queue(form: NoteForm) -> ResponseReturnValue:
    shown = {
        "waiting": requests.waiting(),
        "closed": requests.closed(),
        "words": {"rights": codes.RIGHTS, "states": codes.REQUEST_STATES},
    }
    page = render_template("privacy/requests.html", form=form, left=requests.days_left, **shown)
    return page, form.status


@bp.get("/requests")
@guards.secretariat
def queue() -> ResponseReturnValue:
    """What waits, the overdue first, and what was answered; a form to note one."""
    return _queue(NoteForm(formdata=None))


@bp.post("/requests")
@guards.secretariat
def note() -> ResponseReturnValue:
    """Note one."""
    form = NoteForm()
    if form.validate():
        with refused(form):
            asked = requests.note(
                Right(form.right.data), form.received.data or requests.today(), form.asker.data, by=desk.me()
            )
            tell(_("Noted as request %(number)s.", number=asked.id))
            return redirect(url_for("data_requests.one", request_id=asked.id), 303)
    return _queue(form)


def _one(asked: DataRequest, form: StepForm) -> ResponseReturnValue:
    shown = {
        "asked": asked,
        "left": requests.days_left(asked),
        "words": {"rights": codes.RIGHTS, "states": codes.REQUEST_STATES},
    }
    shown |= {"received": date.fromisoformat(asked.received_on), "due": date.fromisoformat(asked.due_on)}
    person = acquaintances.one(reader.viewer(), asked.person_id) if asked.person_id else None
    page = render_template("privacy/request.html", form=form, asker=requests.asker(asked), person=person, **shown)
    return page, form.status


@bp.get("/requests/<int:request_id>")
@guards.secretariat
def one(request_id: int) -> ResponseReturnValue:
    """One request, and what can be done with it."""
    return _one(requests.one(request_id), StepForm(formdata=None))


@bp.post("/requests/<int:request_id>")
@guards.secretariat
def step(request_id: int) -> ResponseReturnValue:
    """Do one step: which button was pressed says which."""
    asked, form = requests.one(request_id), StepForm()
    if form.validate():
        with refused(form):
            tell(_do(asked, request.form.get("do", ""), form))
            return redirect(url_for("data_requests.one", request_id=asked.id), 303)
    return _one(asked, form)


def _do(asked: DataRequest, what: str, form: StepForm) -> str:
    by, reason = desk.me(), form.reason.data or ""
    if what == "identity":
        requests.ask_identity(asked, by=by)
    elif what == "identified":
        requests.identified(asked, by=by)
    elif what == "extend":
        requests.extend(asked, reason, told=form.told.data, by=by)
    elif what == "done":
        requests.done(asked, by=by)
    elif what == "refuse":
        requests.refuse(asked, reason, by=by)
    elif what == "open":
        requests.open_again(asked, by=by)
    else:
        raise NotFound
    return _("The request is: %(state)s.", state=codes.REQUEST_STATES[asked.state])
