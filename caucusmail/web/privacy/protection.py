"""Protect me now: one button on one's own page or behind any letter; what was done, in numbers; and the way back."""

from datetime import date, datetime, timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import Length

from caucusmail import clock, zones
from caucusmail.accounts import addressing_back
from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.languages import _, later
from caucusmail.privacy import asking, protecting, receipts, taking_back
from caucusmail.privacy.protection_models import Protection
from caucusmail.web import guards, old_links, reader, sessions
from caucusmail.web.forms import BaseForm, refused
from caucusmail.web.groups import door
from caucusmail.web.groups.door import Door
from caucusmail.web.meetings.fields import DayField
from caucusmail.web.notices import tell
from caucusmail.web.privacy.views import me

bp = Blueprint("protection", __name__)
old_links.keep_to_oneself(bp)


class ProtectForm(BaseForm):
    """Until when, and where letters are to go meanwhile; both may stay empty."""

    until = DayField(later("The day from which all is as before"))
    address = StringField(
        later("Another address for my letters, which nobody else knows"),
        [Length(max=320)],
        render_kw={"autocomplete": "off", "dir": "ltr", "inputmode": "email"},
    )


def day(moment: datetime | None, zone: str) -> str:
    """A day in words; nothing for no moment."""
    return zones.written(zones.day(moment, zone)) if moment else ""


def begins(chosen: date | None, zone: str) -> datetime | None:
    """When that day begins there; None for no day."""
    return zones.day_begins(chosen, zone) if chosen else None


@door.own(bp, "/protect", "GET")
def ask(token: str) -> ResponseReturnValue:
    """The second of two taps: what it does, and the button. For who is protected: how it stands, and the way back."""
    came = door.enter(token)
    return _stands(came) or _page(came, ProtectForm(formdata=None))


def _page(came: Door, form: ProtectForm) -> ResponseReturnValue:
    shown = {
        "door": came,
        "form": form,
        "city": zones.city(came.person.zone),
        "proved": not came.token and sessions.proved(),
        "changed_lately": addressing_back.lately(came.person),
    }
    return render_template("privacy/protect.html", **shown), form.status


def _stands(came: Door, form: ProtectForm | None = None) -> ResponseReturnValue | None:
    open_ = protecting.open_for(came.person)
    if open_ is None:
        return None
    by = accounts.person(open_.by_id) if open_.by_id else None
    shown = {
        "door": came,
        "protection": open_,
        "receipt": receipts.of(open_),
        "person": came.person,
        "day": day,
        "by": by,
    }
    return render_template(
        "privacy/protected.html", form=form or ProtectForm(formdata=None), **shown
    ), form.status if form else 200


@door.own(bp, "/protect", "POST")
def protect(token: str) -> ResponseReturnValue:
    """Do it. Another address for letters is only taken from who has just signed in: it would be a way to take them over."""
    came, form = door.enter(token), ProtectForm()
    if form.address.data and (token or not sessions.proved()):
        return redirect(url_for("accounts.sign_in", next=url_for("protection.ask", token=""), why="proof"), 303)
    if form.validate():
        with refused(form):
            return _done(came.person, form)
    return _page(came, form)


def _done(person: Person, form: ProtectForm) -> ResponseReturnValue:
    until = begins(form.until.data, person.zone)
    made = asking.by_themselves(person, until=until, address=form.address.data or None)
    sessions.leave()
    return redirect(receipt_url(made), 303)


def receipt_url(made: Protection) -> str:
    """Where it is said what was done, with the button that takes it back: for as long as that works."""
    return url_for("protection.receipt", token=taking_back.token(made))


@bp.get("/protected/<token>")
@guards.token
def receipt(token: str) -> ResponseReturnValue:
    """What was done, in numbers for who did it for themselves, and what cannot be called back."""
    made = taking_back.read(token)
    own = taking_back.own(made)
    shown = {"own": own, "receipt": receipts.of(made) if own else None, "token": token, "minutes": _minutes_left(made)}
    ends = day(made.until, made.person.zone) if own else ""
    return render_template("privacy/protected_receipt.html", protection=made, ends=ends, **shown)


def _minutes_left(made: Protection) -> int:
    return max(1, (made.undo_until - clock.now()) // timedelta(minutes=1))


@bp.post("/protected/<token>")
@guards.token
def undo(token: str) -> ResponseReturnValue:
    """Take it back, within its time, by who has just signed in: everything is as it was, but who was signed out stays so."""
    made = taking_back.read(token)
    if reader.viewer().person is None or not sessions.proved():
        return redirect(url_for("accounts.sign_in", next=url_for("protection.receipt", token=token), why="proof"), 303)
    taking_back.undo(made, by=me())
    tell(_("Taken back: names, addresses and letters are as they were before."))
    return redirect(url_for("my.me"), 303)


@bp.post("/me/protect/lift")
@guards.proved
def lift() -> ResponseReturnValue:
    """End it: everything is as it was, but for what has changed meanwhile."""
    open_ = protecting.open_for(me())
    if open_ is not None:
        protecting.lift(open_, by=me())
    tell(_("You are protected no longer: your name and your letters are as they were before."))
    return redirect(url_for("my.me"), 303)


@bp.post("/me/protect/until")
@guards.proved
def prolong() -> ResponseReturnValue:
    """Another last day, or none."""
    person, form = me(), ProtectForm()
    open_ = protecting.open_for(person)
    if open_ is not None and form.validate():
        with refused(form):
            protecting.prolong(open_, begins(form.until.data, person.zone), by=person)
            tell(_("Changed."))
            return redirect(url_for("protection.ask", token=""), 303)
    return _stands(Door(person, ""), form) or redirect(url_for("my.me"), 303)
