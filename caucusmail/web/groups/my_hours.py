"""Reading hours, and when a digest comes: on a person's own pages."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from caucusmail import zones
from caucusmail.accounts import preferences
from caucusmail.languages import _
from caucusmail.web.forms import refused
from caucusmail.web.groups import door
from caucusmail.web.groups.forms import HoursForm
from caucusmail.web.old_links import keep_to_oneself

bp = Blueprint("my_hours", __name__)
keep_to_oneself(bp)


@door.own(bp, "/hours", "GET", "POST")
def page(token: str) -> ResponseReturnValue:
    """Choose in which hours letters come, and when a digest does."""
    came, form = door.enter(token), HoursForm()
    form.offer()
    if request.method != "POST":
        form.show(came.person)
    elif form.validate():
        with refused(form):
            step = preferences.choose_hours(came.person, form.hours(came.person), by=came.person)
            return came.said(
                _("Saved. It holds for letters that are sent from now on, and for your next digest."), step
            )
    shown = render_template("groups/hours.html", door=came, form=form, city=zones.city(came.person.zone))
    return shown, form.status
