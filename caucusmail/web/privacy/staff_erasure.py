"""One of the secretariat asks that somebody be erased, who wishes it; another one confirms."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from caucusmail.accounts import two_people
from caucusmail.accounts.models import Person
from caucusmail.directory import acquaintances
from caucusmail.languages import _, later
from caucusmail.privacy import erasing_for, extent
from caucusmail.web import guards, reader
from caucusmail.web.directory import desk
from caucusmail.web.forms import BaseForm, refused
from caucusmail.web.notices import tell
from caucusmail.web.privacy.staff_requests import bp


class WishForm(BaseForm):
    """How it was made sure who asks."""

    reason = StringField(
        later("How you made sure that it is they who ask"),
        [
            InputRequired(later("Write how you made sure that it is they who ask, like “called her at the office”.")),
            Length(max=500),
        ],
    )


def _person(person_id: int) -> Person:
    return acquaintances.one(reader.viewer(), person_id).person


def _page(person: Person, form: WishForm) -> ResponseReturnValue:
    asked = erasing_for.ERASURE.asked(person)
    shown = {
        "asked": asked,
        "mine": bool(asked and asked.by_id == desk.me().id),
        "alone": not two_people.seconds(person, desk.me()),
        "extent": extent.of(person),
    }
    return render_template("privacy/staff_erase.html", person=person, form=form, **shown), form.status


@bp.get("/people/<int:person_id>/erase")
@guards.secretariat
def erase(person_id: int) -> ResponseReturnValue:
    """What erasing them means, and whether it was asked for."""
    return _page(_person(person_id), WishForm(formdata=None))


@bp.post("/people/<int:person_id>/erase")
@guards.secretariat_proved
def ask_to_erase(person_id: int) -> ResponseReturnValue:
    """Ask for it."""
    person, form = _person(person_id), WishForm()
    if form.validate():
        with refused(form):
            erasing_for.ask(person, form.reason.data or "", by=desk.me())
            tell(_("It is asked for. Somebody else of the secretariat confirms it on this page, within a week."))
            return redirect(url_for("data_requests.erase", person_id=person_id), 303)
    return _page(person, form)


@bp.post("/people/<int:person_id>/erase/keep")
@guards.secretariat
def keep(person_id: int) -> ResponseReturnValue:
    """Take the asking back."""
    erasing_for.ERASURE.drop(_person(person_id), by=desk.me())
    tell(_("Nothing is erased."))
    return redirect(url_for("data_requests.erase", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/erase/confirm")
@guards.secretariat_proved
def confirm_erasure(person_id: int) -> ResponseReturnValue:
    """Erase them, as another one asked."""
    erasing_for.confirm(_person(person_id), by=desk.me())
    tell(_("They are erased, and have been written to a last time."))
    return redirect(url_for("staff.people"), 303)
