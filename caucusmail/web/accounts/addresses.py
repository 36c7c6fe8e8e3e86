"""A person's own addresses: see, add, change, remove; the link to a new one, and the way back from a notice."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail import clock, languages
from caucusmail.accounts import addressing, addressing_back, queries, recovery_course
from caucusmail.accounts.models import AddressChange, Person
from caucusmail.directory import addressed
from caucusmail.errors import NotFound
from caucusmail.groups import queries as groups
from caucusmail.groups.queries import Standing
from caucusmail.languages import _
from caucusmail.web import guards, old_links, reader
from caucusmail.web.accounts.address_forms import INSTEAD, AddressForm
from caucusmail.web.forms import refused
from caucusmail.web.groups import door
from caucusmail.web.notices import tell

bp = Blueprint("addresses", __name__)
old_links.keep_to_oneself(bp)

SERVED = (Standing.ACTIVE, Standing.PAUSED, Standing.DORMANT)


def _who() -> Person:
    person = reader.viewer().person
    assert person is not None  # the guard has looked
    return person


def _said(message: str, change: AddressChange | None = None) -> ResponseReturnValue:
    tell(message, url_for("addresses.take_back", change_id=change.id) if change else "")
    return redirect(url_for("addresses.addresses"), 303)


@bp.get("/account/addresses")
@bp.post("/account/addresses")
@guards.proved
def addresses() -> ResponseReturnValue:
    """Where letters go, and a form for a new address."""
    form, person = AddressForm(), _who()
    if form.validate_on_submit():
        with refused(form):
            asked = addressing.ask(person, form.address.data, instead=form.use.data == INSTEAD)
            return _said(_asked(asked.address))
    return _page(form, person), form.status


def _page(form: AddressForm, person: Person) -> str:
    return render_template(
        "accounts/addresses.html",
        form=form,
        person=person,
        young=addressing.young_addresses(person),
        further=queries.further_addresses(person),
        places=[place for place in groups.places(person) if place.standing in SERVED],
        recoveries=recovery_course.waiting(person),
        asked=queries.asked_addresses(person, clock.now() - addressing.VALID),
    )


def _asked(address: str) -> str:
    return _(
        "A letter is on its way to %(address)s. Open its link within two days and press the button; until then nothing changes.",
        address=address,
    )


@bp.post("/account/addresses/asked/<int:asked_id>/withdraw")
@guards.proved
def withdraw(asked_id: int) -> ResponseReturnValue:
    """Let the link in the letter to a new address work no more."""
    person = _who()
    for one in queries.asked_addresses(person, clock.now() - addressing.VALID):
        if one.id == asked_id:
            addressing.withdraw(one, by=person)
            return _said(_("The link in the letter to %(address)s no longer works.", address=one.address))
    raise NotFound


def _own(address_id: int) -> str:
    """One of the person's further addresses.

    :raises NotFound: it is none, or somebody else's.
    """
    for one in queries.further_addresses(_who()):
        if one.id == address_id:
            return one.address
    raise NotFound


@bp.post("/account/addresses/<int:address_id>/main")
@guards.proved
def make_main(address_id: int) -> ResponseReturnValue:
    """Have letters go to a further address."""
    address, change = _own(address_id), addressing.make_main(_who(), address_id)
    return _said(_("Your letters go to %(address)s from now on.", address=address), change)


@bp.post("/account/addresses/<int:address_id>/remove")
@guards.proved
def remove(address_id: int) -> ResponseReturnValue:
    """Do without a further address."""
    address, change = _own(address_id), addressing.remove(_who(), address_id)
    return _said(_("%(address)s is no longer an address of yours.", address=address), change)


@bp.post("/account/addresses/caucuses/<slug>/<int:address_id>")
@guards.proved
def choose(slug: str, address_id: int) -> ResponseReturnValue:
    """Have the letters of one caucus go to a further address; 0: to the main one."""
    place = door.enter("").place(slug)
    address = _own(address_id) if address_id else _who().address
    was = addressed.choose(place.affiliation, address_id or None, by=_who())
    name = languages.pick(place.caucus.names)
    back = url_for("addresses.choose", slug=slug, address_id=was or 0)
    tell(_("Letters of %(caucus)s go to %(address)s from now on.", caucus=name, address=address), back)
    return redirect(url_for("addresses.addresses"), 303)


@bp.post("/account/addresses/take-back/<int:change_id>")
@guards.proved
def take_back(change_id: int) -> ResponseReturnValue:
    """Take a change of one's own back."""
    person = _who()
    change = addressing_back.open_for(person, change_id)
    if change is None:
        raise NotFound
    if addressing_back.take_back(change, by=person):
        return _said(_("Taken back: everything is as it was before."))
    return _said(_("This was taken back before. Nothing was changed now."))


@bp.get("/address/<token>")
@bp.post("/address/<token>")
@guards.token
def confirm(token: str) -> ResponseReturnValue:
    """The link in the letter to a new address: a button; once it is pressed, the address is theirs."""
    asked = addressing.read(token)
    if request.method == "POST":
        change = addressing.confirm(asked)
        return render_template("accounts/address_confirmed.html", step=change.step.value, address=asked.address)
    return render_template(
        "accounts/address_confirm.html", asked=asked, old=queries.masked(asked.person.address), token=token
    )


@bp.get("/address/back/<token>")
@bp.post("/address/back/<token>")
@guards.token
def put_back(token: str) -> ResponseReturnValue:
    """The link in a notice: a button that makes the addresses what they were."""
    change = addressing_back.read(token)
    if request.method == "POST":
        addressing_back.take_back(change)
    back = queries.masked(change.was[0])
    return render_template("accounts/address_back.html", back=back, done=change.undone_at is not None, token=token)
