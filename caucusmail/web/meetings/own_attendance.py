"""What an organisation sees of its own people at meetings: how many came to which."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from caucusmail.meetings import headcount, places, times
from caucusmail.web import guards, reader

bp = Blueprint("organisation_attendance", __name__, url_prefix="/organisations/<int:ngo_id>")


@bp.get("/attendance")
@guards.signed_in
def page(ngo_id: int) -> ResponseReturnValue:
    """The meetings its people came to, the latest first."""
    by = reader.viewer()
    ngo = headcount.organisation(ngo_id, by)
    return render_template(
        "meetings/own_attendance.html",
        ngo=ngo,
        came=headcount.of_organisation(ngo, by),
        looks_after=by.secretariat or ngo_id in by.administers,
        places=places,
        times=times,
    )
