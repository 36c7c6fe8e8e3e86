"""Hand seats over: name a successor; the successor's answer; withdraw, and take back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.directory import consent, ending_offers, hand_overs
from caucusmail.directory.hand_over_models import HandOver, OfferState
from caucusmail.directory.models import Representative
from caucusmail.errors import NotFound
from caucusmail.groups import calling_off, handing_back, handing_over
from caucusmail.languages import _
from caucusmail.web import guards, notices, old_links, reader
from caucusmail.web.directory.hand_over_forms import HandOverForm
from caucusmail.web.forms import refused

bp = Blueprint("hand_over", __name__)
old_links.keep_to_oneself(bp)


def _acting() -> Person:
    person = reader.viewer().person
    assert person is not None  # the guard has looked
    return person


def _home(ngo_id: int) -> str:
    """The organisation's page, for who looks after it; else one's own."""
    by = reader.renewed()
    inside = by.secretariat or ngo_id in by.administers
    return url_for("organisation.people", ngo_id=ngo_id) if inside else url_for("my.me")


@bp.get("/organisations/<int:ngo_id>/people/<int:representative_id>/hand-over")
@bp.post("/organisations/<int:ngo_id>/people/<int:representative_id>/hand-over")
@guards.proved
def offer(ngo_id: int, representative_id: int) -> ResponseReturnValue:
    """Name who is to take the seats over."""
    holder = hand_overs.representative(reader.viewer(), ngo_id, representative_id)
    form = HandOverForm()
    form.offer(hand_overs.seats(holder))
    if request.method != "POST":
        form.begin()
    elif form.validate():
        with refused(form):
            made = hand_overs.offer(holder, form.successor(_acting().zone), by=_acting())
            return _offered(made, ngo_id)
    return _page(holder, form), form.status


def _page(holder: Representative, form: HandOverForm) -> str:
    own = holder.person_id == reader.viewer().id
    return render_template(
        "directory/hand_over.html", holder=holder, form=form, own=own, waiting=hand_overs.waiting([holder])
    )


def _offered(made: HandOver, ngo_id: int) -> ResponseReturnValue:
    notices.tell(
        _("We wrote to %(name)s. The seats stay where they are until they say yes.", name=made.name),
        url_for("hand_over.withdraw", ngo_id=ngo_id, hand_over_id=made.id),
    )
    return redirect(_home(ngo_id), 303)


@bp.post("/organisations/<int:ngo_id>/hand-overs/<int:hand_over_id>/withdraw")
@guards.signed_in
def withdraw(ngo_id: int, hand_over_id: int) -> ResponseReturnValue:
    """Take an offer back that is not done yet."""
    made = hand_overs.own(reader.viewer(), ngo_id, hand_over_id)
    expects = calling_off.withdraw(made, by=_acting())
    said = _("The offer is withdrawn: its link no longer works, and name and address are deleted.")
    if expects is not None:
        said = _("This is withdrawn. %(name)s, who had said yes, is told.", name=expects.name)
    notices.tell(said)
    return redirect(_home(ngo_id), 303)


@bp.post("/organisations/<int:ngo_id>/hand-overs/<int:hand_over_id>/take-back")
@guards.proved
def take_back(ngo_id: int, hand_over_id: int) -> ResponseReturnValue:
    """Take a hand-over back."""
    step = handing_back.step_of(hand_overs.own(reader.viewer(), ngo_id, hand_over_id))
    if step is None:
        raise NotFound
    handing_back.take_back(step, by=_acting())
    notices.tell(_back(step))
    return redirect(_home(ngo_id), 303)


def _back(step: AuditEntry) -> str:
    if handing_back.holds(step):
        return _("Taken back: everything is as it was before.")
    return _("Taken back. Who held the seats has left in the meantime: those without a holder now are yours to give.")


@bp.get("/hand-over/<token>")
@guards.token
def ask(token: str) -> ResponseReturnValue:
    """What a successor would take over, and what they would agree to; two buttons."""
    return _asked(hand_overs.read(token), token)


def _asked(made: HandOver, token: str) -> str:
    seats = hand_overs.caucuses(made)
    return render_template(
        "directory/hand_over_ask.html",
        made=made,
        ngo=made.representative.ngo,
        holder=made.representative.person,
        seats=[(seat, consent.shown(seat.caucus).text) for seat in seats] if made.state is OfferState.OPEN else [],
        state=made.state.value,
        administers=made.state is OfferState.OPEN and handing_over.brings_administration(made),
        token=token,
    )


@bp.post("/hand-over/<token>")
@guards.token
def answer(token: str) -> ResponseReturnValue:
    """Yes or no."""
    made = hand_overs.read(token)
    if made.state is OfferState.OPEN and request.form.get("answer") == "yes":
        handing_over.accept(made)
    elif made.state is OfferState.OPEN and request.form.get("answer") == "no":
        ending_offers.decline(made)
    return redirect(url_for("hand_over.ask", token=token), 303)
