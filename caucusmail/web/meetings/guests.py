"""The list of names for the door of a building, for those who keep a meeting: make it once, open it to print or as a file."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail import zones
from caucusmail.languages import _
from caucusmail.meetings import guests, needs, places, times
from caucusmail.meetings.guests import Guest
from caucusmail.meetings.models import Meeting
from caucusmail.web import guards, reader, spreadsheet
from caucusmail.web.meetings import views
from caucusmail.web.meetings.remote import kept
from caucusmail.web.notices import tell

bp = views.bp


@bp.get("/<reference>/guests", endpoint="guests")
@guards.keeper
def show(reference: str) -> ResponseReturnValue:
    """What there is; how many would be on it; who is told."""
    one, by = kept(reference), reader.viewer()
    totals = needs.totals(one, by)
    return render_template(
        "meetings/guests.html",
        one=one,
        found=guests.of(one, by),
        why_not=guests.why_not(one),
        until=zones.spoken(guests.until(one), one.zone),
        count=totals and totals.on_door_list,
        counted=totals is not None,
        most=guests.MOST_OPENINGS,
        places=places,
        times=times,
    )


@bp.post("/<reference>/guests", endpoint="make_guests")
@guards.proved
def make(reference: str) -> ResponseReturnValue:
    """Make it, sealed. Who was second reads who was first."""
    one = kept(reference)
    try:
        guests.make(one, reader.viewer())
        tell(_("The list is made and sealed. The others who keep the group are told."))
    except (guests.MadeAlready, guests.NobodyAgreed, guests.NoDoorListNow) as problem:
        tell(str(problem))
    return redirect(url_for(".guests", reference=reference), 303)


@bp.post("/<reference>/guests/open", endpoint="open_guests")
@guards.proved
def open_list(reference: str) -> ResponseReturnValue:
    """Open it: a page to print, or a file."""
    one = kept(reference)
    try:
        names = guests.open_(one, reader.viewer())
    except (guests.NotToBeOpened, guests.NoDoorListNow) as problem:
        tell(str(problem))
        return redirect(url_for(".guests", reference=reference), 303)
    if request.form.get("as") == "file":
        return _file(one, names)
    until = zones.spoken(guests.until(one), one.zone)
    return render_template("meetings/guests_open.html", one=one, guests=names, until=until, places=places, times=times)


def _file(one: Meeting, names: Sequence[Guest]) -> ResponseReturnValue:
    lines = [[_("Name"), _("Organisation")], *([guest.name, guest.organisation] for guest in names)]
    return spreadsheet.answer(lines, f"door-{one.starts:%Y-%m-%d}")
