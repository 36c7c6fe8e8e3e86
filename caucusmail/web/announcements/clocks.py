"""What those who keep a meeting are asked of it: what stays when the rules of its clock have changed; whether a reminder goes on."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail.announcements import clocks, held_reminders
from caucusmail.announcements.again import NotPaused
from caucusmail.announcements.clocks import Stays
from caucusmail.errors import Invalid, NotFound
from caucusmail.languages import _
from caucusmail.web import guards, reader
from caucusmail.web.announcements import changing, desk
from caucusmail.web.forms import trimmed
from caucusmail.web.notices import tell


@desk.bp.post("/clock/<reference>")
@guards.keeper
def answer_clock(reference: str) -> ResponseReturnValue:
    """Keep the hour on the wall, or the moment in the world; whoever was sent the meeting is told."""
    one = changing.found(reference)
    stays = next((kind for kind in Stays if kind.value == request.form.get("stays")), None)
    if stays is None:
        raise NotFound(_("Choose what stays: the hour in the city of the meeting, or the moment in world time."))
    made = clocks.answer(one, stays, reader.viewer())
    if made is not None:
        return redirect(url_for(".progress", announcement_id=made.id), 303)
    tell(_("The time is settled. Nobody had to be written to."))
    return redirect(url_for("meetings.meeting", reference=one.reference), 303)


@desk.bp.post("/reminder/<reference>", endpoint="remind_on")
@guards.keeper
def remind_on(reference: str) -> ResponseReturnValue:
    """The reminder that was paused may leave again."""
    one = changing.found(reference)
    try:
        held_reminders.go_on(one, trimmed(request.form.get("reason", "")), reader.viewer())
        tell(_("It goes on."))
    except (Invalid, NotPaused) as problem:
        tell(str(problem))
    return redirect(url_for("meetings.meeting", reference=one.reference), 303)
