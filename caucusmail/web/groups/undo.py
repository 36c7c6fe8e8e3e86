"""Take a step back by the link in its receipt. GET shows a button, since mail scanners follow links."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail.audit.models import AuditEntry
from caucusmail.groups import letters, membership, undo
from caucusmail.groups.queries import LEFT
from caucusmail.groups.undo import Way
from caucusmail.web import guards, old_links

bp = Blueprint("undo", __name__)
old_links.keep_to_oneself(bp)


def _page(token: str, step: AuditEntry) -> str:
    """What the link does now: the button, or how things stand and where to go from here."""
    way = undo.way(step)
    names: list[str] = []
    if step.verb == LEFT and way is not Way.GONE:
        names = letters.left_by(step, membership.open_again(step) if way is Way.OPEN else None)
    shown = {"left": names, "own": url_for("my.me"), "no_admin": undo.loses_power(step) and way is not Way.GONE}
    return render_template("groups/undo.html", token=token, way=way.value, **shown)


@bp.get("/undo/<token>")
@guards.token
def ask(token: str) -> ResponseReturnValue:
    """What would be as before."""
    return _page(token, undo.read(token))


@bp.post("/undo/<token>")
@guards.token
def take_back(token: str) -> ResponseReturnValue:
    """Make it as before; a second time changes nothing, and says how things stand."""
    step = undo.read(token)
    if undo.way(step) is Way.GONE:
        return _page(token, step), 409
    undo.take_back(step)
    return _page(token, step)
