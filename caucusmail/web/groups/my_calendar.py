"""The address at which a person's own meetings come into their calendar; shown to them alone, signed in."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail import links
from caucusmail.accounts import calendar_address
from caucusmail.languages import _
from caucusmail.web import guards, notices
from caucusmail.web.groups import door
from caucusmail.web.old_links import keep_to_oneself

bp = Blueprint("my_calendar", __name__)
keep_to_oneself(bp)


@bp.get("/me/calendar")
@guards.signed_in
def page() -> ResponseReturnValue:
    """The address, how to use it, and how to have it stop."""
    came = door.enter("")
    return render_template(
        "groups/calendar.html",
        door=came,
        address=calendar_address.address(came.person),
        public_address=links.calendar(),
    )


@bp.post("/me/calendar")
@guards.signed_in
def renew() -> ResponseReturnValue:
    """Make a new address; the old one stops."""
    came = door.enter("")
    calendar_address.renew(came.person, by=came.person)
    notices.tell(_("This is your new address. The old one stopped: subscribe again with the new one."))
    return redirect(url_for("my_calendar.page"), 303)
