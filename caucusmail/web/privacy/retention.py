"""How long everything is kept: the table that the house forgets by, for everybody to read; and how it goes, for the secretariat."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from caucusmail.languages import _, plural
from caucusmail.privacy import retention
from caucusmail.privacy.rules import RULES
from caucusmail.web import guards
from caucusmail.web.privacy.staff_requests import bp as staff
from caucusmail.web.privacy.views import public


def span(kept: timedelta) -> str:
    """How long that is, in the unit that people reckon in."""
    if not kept:
        return _("at once")
    if kept >= timedelta(days=365):
        return plural("%(number)s month", "%(number)s months", kept.days * 12 // 365)
    if kept >= timedelta(days=1):
        return plural("%(number)s day", "%(number)s days", kept.days)
    return plural("%(number)s hour", "%(number)s hours", int(kept.total_seconds() // 3600))


@public.get("/your-data/how-long")
@guards.anyone
def how_long() -> ResponseReturnValue:
    """The table, in the reader's language."""
    return render_template("privacy/how_long.html", rules=RULES, span=span)


@staff.get("/retention")
@guards.secretariat
def runs() -> ResponseReturnValue:
    """When each rule last ran, and how many it forgot."""
    return render_template("privacy/retention.html", told=retention.told(), days=retention.RUNS_KEPT.days, span=span)
