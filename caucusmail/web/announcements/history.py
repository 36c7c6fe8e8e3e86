"""What a person was sent and what they answered, on their own page; shown to them alone, signed in."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from caucusmail.announcements import history
from caucusmail.announcements.history import Sent
from caucusmail.delivery.models import DUE, DeliveryState
from caucusmail.languages import _
from caucusmail.web import asked, guards, old_links
from caucusmail.web.groups import door
from caucusmail.web.meetings.asking import SAID

bp = Blueprint("history", __name__)
old_links.keep_to_oneself(bp)


@bp.get("/me/history")
@guards.signed_in
def page() -> ResponseReturnValue:
    """One page of the last twelve months."""
    came = door.enter("")
    number = max(1, asked.number("page") or 1)
    rows, pages = history.of(came.person, number)
    lines = [(one, became(one), answered(one)) for one in rows]
    return render_template("announcements/history.html", door=came, lines=lines, number=number, pages=pages)


def became(one: Sent) -> str:
    """What became of a copy, to its reader."""
    if one.state is DeliveryState.ACCEPTED:
        if one.came_back:
            return _("It came back: your mailbox did not take it.")
        return _("Sent to the new address that you gave meanwhile.") if one.moved else _("Sent.")
    if one.state in DUE or one.state is DeliveryState.IN_FLIGHT:
        return _("On its way to you.")
    if one.state is DeliveryState.FAILED:
        return _("It could not be delivered to your mailbox.")
    if one.state is DeliveryState.UNCERTAIN:
        return _("It may not have arrived. You can read it here.")
    return _("Not sent: it was stopped, or you had paused or left.")


def answered(one: Sent) -> str:
    """What the reader said of its meeting; "" if nothing, or if it was forgotten."""
    if one.answer is None:
        return ""
    return str(SAID[one.answer.state])
