"""Somebody has themselves erased: what goes and what stays, a fortnight to think again, or at once."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from caucusmail import zones
from caucusmail.accounts.models import Person
from caucusmail.languages import _, later
from caucusmail.privacy import erasing, extent
from caucusmail.privacy.models import Erasure
from caucusmail.web import guards, sessions
from caucusmail.web.forms import BaseForm, refused
from caucusmail.web.notices import tell
from caucusmail.web.privacy.views import bp, me

LATER, NOW = "later", "now"


class EraseForm(BaseForm):
    """When, and whether a mark of the address stays."""

    when = RadioField(
        later("When"),
        [InputRequired(later("Choose one of the two."))],
        choices=[
            (LATER, later("In 14 days. Nothing is announced to me until then, and I can think again")),
            (NOW, later("At once. It cannot be called back")),
        ],
        default=LATER,
    )
    typed = StringField(
        later("Only for “at once”: your address, to be sure"),
        [Length(max=320)],
        render_kw={"autocomplete": "off", "dir": "ltr", "inputmode": "email"},
    )
    remember = BooleanField(later("Keep a scrambled mark of my address, so that nobody puts it on a list again"))


@bp.get("/account/erase")
@guards.proved
def erase() -> ResponseReturnValue:
    """What goes, what stays and why, what cannot be called back; and the choice."""
    return _page(EraseForm(formdata=None, remember=True))


def _page(form: EraseForm) -> ResponseReturnValue:
    person = me()
    shown = {"person": person, "waiting": erasing.waiting(person), "extent": extent.of(person), "days": _days()}
    return render_template("privacy/erase.html", form=form, **shown), form.status


def _days() -> int:
    return erasing.THINK_AGAIN.days


@bp.post("/account/erase")
@guards.proved
def do_erase() -> ResponseReturnValue:
    """Ask for it, or have it done."""
    form, person = EraseForm(), me()
    if form.validate() and form.when.data == LATER:
        waiting = erasing.ask(person, remember=form.remember.data)
        tell(_("You will be erased on %(day)s. Until then you can think again.", day=_day(waiting)))
        return redirect(url_for("privacy.erase"), 303)
    if not form.errors:
        with refused(form):
            return _at_once(form, person)
    return _page(form)


def _at_once(form: EraseForm, person: Person) -> ResponseReturnValue:
    erasing.at_once(person, form.typed.data or "", remember=form.remember.data)
    sessions.leave()
    return redirect(url_for("privacy.erased"), 303)


def _day(waiting: Erasure) -> str:
    return zones.written(zones.day(waiting.due_at, waiting.person.zone))


@bp.post("/account/erase/keep")
@guards.signed_in
def keep() -> ResponseReturnValue:
    """Think again: nothing is erased."""
    person = me()
    waiting = erasing.waiting(person)
    if waiting is not None:
        erasing.call_back(waiting, by=person)
    tell(_("Nothing is erased. Letters come to you as before."))
    return redirect(url_for("my.me"), 303)


@bp.get("/erased")
@guards.anyone
def erased() -> ResponseReturnValue:
    """Where somebody arrives who is nobody here any more."""
    return render_template("privacy/erased.html")


@bp.get("/erasure/<token>")
@bp.post("/erasure/<token>")
@guards.token
def call_back(token: str) -> ResponseReturnValue:
    """The link in the letter: a button; once it is pressed, everything is as before."""
    waiting = erasing.read(token)
    shown = {"day": _day(waiting), "token": token, "done": request.method == "POST"}
    if request.method == "POST":
        erasing.call_back(waiting, by=waiting.person)
    return render_template("privacy/call_back.html", **shown)
