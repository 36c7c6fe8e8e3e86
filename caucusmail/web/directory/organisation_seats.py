"""One seat of an organisation: until when its holder holds it, end that now, let an alternate come first."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail import zones
from caucusmail.directory import organisations, seat_requests
from caucusmail.directory.organisations import Seated
from caucusmail.groups import moving, seat_terms, terms
from caucusmail.languages import _
from caucusmail.web import guards, notices, reader
from caucusmail.web.directory.organisation import acting, bp
from caucusmail.web.directory.organisation_forms import SeatForm
from caucusmail.web.forms import refused


def _said(ngo_id: int, message: str, step: int | None) -> ResponseReturnValue:
    undo = url_for("organisation.take_back", ngo_id=ngo_id, entry_id=step) if step else ""
    notices.tell(message, undo)
    return redirect(url_for("organisation.people", ngo_id=ngo_id), 303)


def _page(seated: Seated, form: SeatForm) -> ResponseReturnValue:
    page = render_template("directory/organisation_seat.html", seated=seated, ngo=seated.seat.ngo, form=form)
    return page, form.status


@bp.get("/seats/<int:seat_id>")
@guards.ngo_admin
def seat(ngo_id: int, seat_id: int) -> ResponseReturnValue:
    """Who holds it, since when, until when."""
    seated = organisations.seated(reader.viewer(), ngo_id, seat_id)
    form = SeatForm(formdata=None)
    form.show(seated.seat, acting().zone)
    return _page(seated, form)


@bp.post("/seats/<int:seat_id>/term")
@guards.ngo_admin_proved
def set_term(ngo_id: int, seat_id: int) -> ResponseReturnValue:
    """Set the last day, or none."""
    seated, form = organisations.seated(reader.viewer(), ngo_id, seat_id), SeatForm()
    if form.validate():
        with refused(form):
            step = seat_terms.set_end(seated.seat, form.day.data, by=acting())
            said = _("Saved: %(name)s holds the seat without an end.", name=seated.name)
            if form.day.data:
                day = zones.written(form.day.data)
                said = _("Saved: %(name)s holds the seat until the end of %(day)s.", name=seated.name, day=day)
            return _said(ngo_id, said, terms.key(step) if step else None)
    return _page(seated, form)


@bp.post("/seats/<int:seat_id>/end")
@guards.ngo_admin_proved
def end_holding(ngo_id: int, seat_id: int) -> ResponseReturnValue:
    """End the holder's term there now."""
    seated = organisations.seated(reader.viewer(), ngo_id, seat_id)
    step = seat_terms.end(seated.seat, by=acting())
    return _said(ngo_id, _("%(name)s no longer holds the seat. It is vacant.", name=seated.name), terms.key(step))


@bp.post("/seats/<int:seat_id>/first")
@guards.ngo_admin_proved
def make_first(ngo_id: int, seat_id: int) -> ResponseReturnValue:
    """Let an alternate's seat be the representative's."""
    seated = organisations.seated(reader.viewer(), ngo_id, seat_id)
    step = seat_terms.make_first(seated.seat, by=acting())
    said = _("This is the representative’s seat now, and the other an alternate’s.")
    return _said(ngo_id, said, terms.key(step) if step else None)


@bp.post("/seat-requests/<int:seat_request_id>/give")
@guards.ngo_admin_proved
def give_seat(ngo_id: int, seat_request_id: int) -> ResponseReturnValue:
    """Give somebody who says that they have moved here the seats they ask for."""
    one = seat_requests.own(reader.viewer(), ngo_id, seat_request_id)
    moving.give(one, by=acting())
    return _said(ngo_id, _("%(name)s speaks for the organisation now, and was told so.", name=one.person.name), None)


@bp.post("/seat-requests/<int:seat_request_id>/decline")
@guards.ngo_admin_proved
def decline_seat(ngo_id: int, seat_request_id: int) -> ResponseReturnValue:
    """Give them none."""
    one = seat_requests.own(reader.viewer(), ngo_id, seat_request_id)
    seat_requests.decline(one, by=acting())
    return _said(ngo_id, _("%(name)s gets no seat, and was told so.", name=one.person.name), None)
