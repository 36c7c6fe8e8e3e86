"""Who came, in numbers, for those who keep the group; the links that open the door; what an organisation sees of its own."""

from collections.abc import Iterator

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail.announcements import asked
from caucusmail.errors import NotAllowed
from caucusmail.languages import _
from caucusmail.meetings import checking_in, door, door_links, headcount, places, times
from caucusmail.meetings.door import Standing
from caucusmail.meetings.headcount import Headcount
from caucusmail.meetings.models import Meeting
from caucusmail.web import guards, notices, reader, spreadsheet
from caucusmail.web.meetings import views

bp = views.bp


@bp.get("/<reference>/attendance")
@guards.keeper
def attendance(reference: str) -> ResponseReturnValue:
    """How many came of which organisation; of a hidden group one number, rounded."""
    one, by = views.found(reference), reader.viewer()
    stands = door.standing(one, keeper=True)
    return render_template(
        "meetings/attendance.html",
        one=one,
        found=headcount.of_meeting(one, by),
        links=[(link, door_links.address(link)) for link in door_links.working(one, by)],
        links_can_be=door.standing(one, keeper=False) in (Standing.EARLY, Standing.OPEN),
        is_open=stands is Standing.OPEN,
        why_not=door.said(stands),
        places=places,
        day=times.day(one),
    )


@bp.post("/<reference>/attendance.csv")
@guards.keeper
def attendance_csv(reference: str) -> ResponseReturnValue:
    """The same as a file for a spreadsheet; that it was taken is noted."""
    one, by = views.found(reference), reader.viewer()
    found = headcount.of_meeting(one, by)
    headcount.taken_along(one, by)
    return spreadsheet.answer(_lines(one, found), f"attendance-{one.caucus.slug}-{one.starts:%Y-%m-%d}")


def _lines(meeting: Meeting, found: Headcount) -> Iterator[list[str]]:
    yield [_("Meeting"), places.title(meeting)]
    yield [_("When"), times.day(meeting)]
    yield [_("Organisation"), _("How many came")]
    for name, number in found.organisations:
        yield [name, str(number)]
    for label, number in ((_("Individual experts"), found.experts), (_("Other organisations"), found.others)):
        if number:
            yield [label, str(number)]
    yield [_("All together"), _("fewer than five") if found.total is None else str(found.total)]


@bp.post("/<reference>/door/links")
@guards.keeper
def make_link(reference: str) -> ResponseReturnValue:
    """A link for whoever helps at the door."""
    one = views.found(reference)
    link = door_links.make(one, reader.viewer())
    notices.tell(
        _("There is a new link below. Whoever has it can count."),
        url_for(".end_link", reference=reference, link_id=link.id),
    )
    return redirect(url_for(".attendance", reference=reference, _anchor="links"), 303)


@bp.post("/<reference>/door/links/<int:link_id>/end")
@guards.keeper
def end_link(reference: str, link_id: int) -> ResponseReturnValue:
    """Let it work no more."""
    door_links.end(views.found(reference), link_id, reader.viewer())
    notices.tell(_("This link works no more."), url_for(".resume_link", reference=reference, link_id=link_id))
    return redirect(url_for(".attendance", reference=reference, _anchor="links"), 303)


@bp.post("/<reference>/door/links/<int:link_id>/resume")
@guards.keeper
def resume_link(reference: str, link_id: int) -> ResponseReturnValue:
    """Let it work again."""
    door_links.resume(views.found(reference), link_id, reader.viewer())
    notices.tell(_("The link works again."))
    return redirect(url_for(".attendance", reference=reference, _anchor="links"), 303)


@bp.post("/<reference>/here")
@guards.signed_in
def here(reference: str) -> ResponseReturnValue:
    """Somebody who was told of the meeting says that they are there."""
    one, by = views.found(reference), reader.viewer()
    if by.person is None or not asked.may_answer(one, by.person):
        raise NotAllowed(_("Only those who were told of this meeting can say that they are there."))
    new = checking_in.check_in(one, by.person)
    undo = url_for(".not_here", reference=reference)
    notices.tell(_("You are counted. Other members do not see it.") if new else _("You were counted before."), undo)
    return redirect(url_for(".meeting", reference=reference), 303)


@bp.post("/<reference>/not-here")
@guards.signed_in
def not_here(reference: str) -> ResponseReturnValue:
    """Not so, after all."""
    one, by = views.found(reference), reader.viewer()
    if by.person is not None:
        checking_in.take_back(one, by.person)
    notices.tell(_("Taken back: you are not counted."))
    return redirect(url_for(".meeting", reference=reference), 303)
