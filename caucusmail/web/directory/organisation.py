"""An organisation's own pages: who speaks for it and on which seats, looked after by its own administrator."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail import clock, zones
from caucusmail.accounts import revoking
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.directory import (
    asking,
    inviting,
    joining,
    offering,
    organisations,
    registration,
    representation,
    seat_requests,
    standing,
    yearly,
)
from caucusmail.directory.models import Seat
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.groups import admission, terms
from caucusmail.languages import _
from caucusmail.web import asked, guards, notices, reader, sessions
from caucusmail.web.directory import desk
from caucusmail.web.directory.organisation_forms import ColleagueForm, PlacesForm
from caucusmail.web.forms import refused, trimmed

bp = Blueprint("organisation", __name__, url_prefix="/organisations/<int:ngo_id>")


def _said(ngo_id: int, message: str, step: AuditEntry | None = None) -> ResponseReturnValue:
    """Go to the organisation's page (who no longer may see it: to their own), say what happened, and offer to take it back."""
    by = reader.renewed()
    back = step is not None and terms.may_take_back(by, step)
    undo = url_for("organisation.take_back", ngo_id=ngo_id, entry_id=terms.key(step)) if step and back else ""
    notices.tell(message, undo)
    inside = by.secretariat or ngo_id in by.administers
    return redirect(url_for("organisation.people", ngo_id=ngo_id) if inside else url_for("my.me"), 303)


def _here() -> int | None:
    """This device's sign-in, which goes on when what its person may do changes by their own hand."""
    device = sessions.device()
    return device.sign_in.id if device else None


def acting() -> Person:
    """The signed-in person; the guard has seen to it that there is one."""
    person = reader.viewer().person
    assert person is not None
    return person


def _last_day(seat: Seat) -> str:
    """Until when it is held, as a day of who looks."""
    return zones.written(zones.day(seat.held_until - timedelta.resolution, acting().zone)) if seat.held_until else ""


def _page(ngo_id: int, places: PlacesForm | None = None) -> ResponseReturnValue:
    found = organisations.people(reader.viewer(), ngo_id)
    form = places or PlacesForm(formdata=None, places=found.ngo.seats_cap)
    stands = standing.of(found.ngo, clock.now()).value
    asked_ = yearly.of(found.ngo)
    own = any(one.representative.person is acting() for one in found.speakers)
    shown = {"standing": stands, "places": form, "last": _last_day, "yearly": asked_}
    shown["asking"] = [(one, seat_requests.caucuses(one)) for one in seat_requests.waiting(found.ngo)]
    shown["yearly_token"] = yearly.token(asked_, acting()) if asked_ and own else ""
    page = render_template("directory/organisation_people.html", people=found, **shown)
    return page, places.status if places else 200


@bp.get("")
@guards.ngo_admin
def people(ngo_id: int) -> ResponseReturnValue:
    """Representatives, seats, how many more may come."""
    return _page(ngo_id)


@bp.post("/places")
@guards.secretariat
def places(ngo_id: int) -> ResponseReturnValue:
    """Allow it more representatives, or fewer."""
    ngo, form = organisations.own(reader.viewer(), ngo_id), PlacesForm()
    if form.validate():
        with refused(form):
            was = representation.set_places(ngo, form.places.data, by=acting())
            notices.tell(
                _("%(ngo)s may have %(number)s representatives now.", ngo=ngo.name, number=ngo.seats_cap),
                url_for("organisation.places_as_before", ngo_id=ngo_id, number=was) if was else "",
            )
            return redirect(url_for("organisation.people", ngo_id=ngo_id), 303)
    return _page(ngo_id, form)


@bp.post("/places/<int:number>")
@guards.secretariat
def places_as_before(ngo_id: int, number: int) -> ResponseReturnValue:
    """Take that back."""
    representation.set_places(organisations.own(reader.viewer(), ngo_id), number, by=acting())
    return _said(ngo_id, _("Taken back: everything is as it was before."))


@bp.post("/renew")
@guards.secretariat
def renew(ngo_id: int) -> ResponseReturnValue:
    """Verify it for another two years."""
    ngo = organisations.own(reader.viewer(), ngo_id)
    admission.renew(ngo, trimmed(request.form.get("how", "")), by=acting())
    notices.tell(
        _("The membership of %(ngo)s is renewed for two years.", ngo=ngo.name),
        url_for("organisation.take_back_renewal", ngo_id=ngo_id),
    )
    return redirect(url_for("organisation.people", ngo_id=ngo_id), 303)


@bp.post("/renew/take-back")
@guards.secretariat
def take_back_renewal(ngo_id: int) -> ResponseReturnValue:
    """As it was before the renewal."""
    admission.take_back_renewal(organisations.own(reader.viewer(), ngo_id), by=acting())
    return _said(ngo_id, _("The renewal is taken back."))


@bp.get("/add")
@bp.post("/add")
@guards.ngo_admin_proved
def add(ngo_id: int) -> ResponseReturnValue:
    """Add one person: they get a letter, and are in once they confirm."""
    ngo = organisations.own(reader.viewer(), ngo_id)
    form = ColleagueForm()
    form.offer(joining.seated(ngo))
    if request.method != "POST":
        form.begin(request.args.get("caucus", ""))
    elif form.validate():
        with refused(form):
            applicant = registration.invite(ngo, form.colleague(), form.submission.data, by=reader.viewer())
            notices.tell(_invited(applicant.name), url_for(".withdraw", ngo_id=ngo_id, applicant_id=applicant.id))
            return redirect(url_for("organisation.people", ngo_id=ngo_id), 303)
    return render_template("directory/organisation_add.html", ngo=ngo, form=form), form.status


def _invited(name: str) -> str:
    """What happens next, true whether or not this address got another letter of ours today (which is not told)."""
    return _(
        "A letter to %(name)s leaves at once, or within a day if that address has just had one from us. "
        "%(name)s is in after opening its link and pressing the button there.",
        name=name,
    )


@bp.post("/people/<int:representative_id>/administrator")
@guards.ngo_admin_proved
def administrator(ngo_id: int, representative_id: int) -> ResponseReturnValue:
    """Make somebody administrator, or no longer."""
    one = organisations.representative(reader.viewer(), ngo_id, representative_id)
    admin = request.form.get("admin") == "yes"
    step = terms.set_admin(one, admin=admin, by=acting(), keep=_here())
    if admin:
        return _said(ngo_id, _("%(name)s is an administrator now.", name=one.person.name), step)
    if one.person is acting():
        return _said(ngo_id, _("You are no longer an administrator of %(ngo)s.", ngo=one.ngo.name), step)
    return _said(ngo_id, _("%(name)s is no longer an administrator.", name=one.person.name), step)


@bp.get("/people/<int:representative_id>/end")
@guards.ngo_admin_proved
def ask_to_end(ngo_id: int, representative_id: int) -> ResponseReturnValue:
    """What ending this term means."""
    found = organisations.people(reader.viewer(), ngo_id)
    for speaker in found.speakers:
        if speaker.representative.id == representative_id:
            own = speaker.representative.person is acting()
            return render_template("directory/organisation_end.html", ngo=found.ngo, speaker=speaker, own=own)
    raise NotFound


@bp.post("/people/<int:representative_id>/end")
@guards.ngo_admin_proved
def end(ngo_id: int, representative_id: int) -> ResponseReturnValue:
    """End a representative's term."""
    one = organisations.representative(reader.viewer(), ngo_id, representative_id)
    step = terms.end(one, by=acting(), keep=_here())
    if one.person is acting():
        return _said(ngo_id, _("You no longer speak for %(ngo)s.", ngo=one.ngo.name), step)
    return _said(ngo_id, _("%(name)s no longer speaks for the organisation.", name=one.person.name), step)


@bp.get("/people/<int:representative_id>/old-links")
@guards.secretariat
def old_links(ngo_id: int, representative_id: int) -> ResponseReturnValue:
    """What making somebody's old links invalid means: it cannot be taken back."""
    one = organisations.representative(reader.viewer(), ngo_id, representative_id)
    back = url_for("organisation.people", ngo_id=ngo_id)
    return render_template("directory/old_links.html", person=one.person, back=back)


@bp.post("/people/<int:representative_id>/old-links")
@guards.secretariat
def revoke_links(ngo_id: int, representative_id: int) -> ResponseReturnValue:
    """Make them invalid, for somebody who asked for it."""
    one = organisations.representative(reader.viewer(), ngo_id, representative_id)
    revoking.revoke_links(one.person, by=acting())
    return _said(ngo_id, desk.links_revoked(one.person))


@bp.post("/seats/<int:seat_id>")
@guards.ngo_admin_proved
def offer(ngo_id: int, seat_id: int) -> ResponseReturnValue:
    """Ask one of its people to take a vacant seat."""
    seat = organisations.seat(reader.viewer(), ngo_id, seat_id)
    one = organisations.representative(reader.viewer(), ngo_id, asked.posted_number("representative"))
    offering.offer(seat, one, by=reader.viewer())
    return _said(ngo_id, _("We wrote to %(name)s. The seat is theirs once they say yes.", name=one.person.name))


@bp.post("/invited/<int:applicant_id>/withdraw")
@guards.ngo_admin
def withdraw(ngo_id: int, applicant_id: int) -> ResponseReturnValue:
    """Take an invitation back that is not confirmed yet."""
    applicant = organisations.invitation(reader.viewer(), ngo_id, applicant_id)
    inviting.recall(applicant, by=reader.viewer().person)
    notices.tell(
        _(
            "The invitation of %(name)s is withdrawn: its link no longer works. Name and address are deleted on %(day)s.",
            name=applicant.name,
            day=zones.written(zones.day(applicant.made_at + asking.CONFIRM_WITHIN, acting().zone)),
        ),
        url_for("organisation.put_back", ngo_id=ngo_id, applicant_id=applicant_id),
    )
    return redirect(url_for("organisation.people", ngo_id=ngo_id), 303)


@bp.post("/invited/<int:applicant_id>/put-back")
@guards.ngo_admin
def put_back(ngo_id: int, applicant_id: int) -> ResponseReturnValue:
    """Let a withdrawn invitation stand again."""
    applicant = organisations.invitation(reader.viewer(), ngo_id, applicant_id)
    inviting.put_back(applicant, by=reader.viewer().person)
    return _said(ngo_id, _("The invitation of %(name)s stands again, and its link works.", name=applicant.name))


@bp.post("/undo/<int:entry_id>")
@guards.proved
def take_back(ngo_id: int, entry_id: int) -> ResponseReturnValue:
    """Take a change among the organisation's people back: who looks after it today any, everybody that they ended their term."""
    by = reader.viewer()
    change = terms.step(by, ngo_id, entry_id)
    if not terms.take_back(change, by=by, keep=_here()):
        return _said(ngo_id, _("This was taken back before. Nothing was changed now."))
    return _said(ngo_id, _back(change, by))


def _back(change: AuditEntry, by: Viewer) -> str:
    if terms.lacks_power(change, by):
        return _(
            "You speak for it again. You are not an administrator of it by that: one of its administrators can make you so."
        )
    return _("Taken back: everything is as it was before.")
