"""Start page, what we do with your data, who we write as, help."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from caucusmail import settings
from caucusmail.directory import browsing
from caucusmail.meetings import queries as meetings
from caucusmail.web import guards, reader
from caucusmail.web.directory import contact, wording

bp = Blueprint("home", __name__)


@bp.get("/")
@guards.anyone
def home() -> ResponseReturnValue:
    """The start page."""
    return render_template(
        "home/home.html",
        caucuses=browsing.caucuses(),
        meetings=meetings.coming(reader.viewer(), 3),
        places=browsing.places(),
        wording=wording,
    )


@bp.get("/your-data")
@guards.anyone
def your_data() -> ResponseReturnValue:
    """What is kept of a person, who sees it, for how long."""
    return render_template("home/your_data.html")


@bp.get("/who-we-write-as")
@guards.anyone
def senders() -> ResponseReturnValue:
    """The addresses our letters come from, and what they never ask."""
    return render_template("home/senders.html", groups=browsing.groups())


@bp.get("/promise")
@guards.anyone
def promise() -> ResponseReturnValue:
    """What becomes of a letter, whatever breaks; ``docs/promise.md`` says it at length."""
    lines = (
        2 * settings.current().mail_connections
    )  # two turns at the same time: letters waited for, and an announcement
    return render_template("home/promise.html", lines=lines)


@bp.get("/help", endpoint="help")
@guards.anyone
def help_page() -> ResponseReturnValue:
    """How to join, pause, leave, change an address."""
    return render_template("home/help.html")


@bp.get("/help/ask")
@bp.post("/help/ask")
@guards.anyone
def ask() -> ResponseReturnValue:
    """A form that reaches the secretariat."""
    return contact.answer(None)


@bp.get("/help/ask/thanks")
@guards.anyone
def thanks() -> ResponseReturnValue:
    """After the question was sent."""
    return contact.thanks(None)
