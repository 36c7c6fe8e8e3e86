"""Somebody has lost their second step: one of the secretariat asks for its removal, another one confirms."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import Length

from caucusmail.accounts import factors, resetting, two_people
from caucusmail.accounts.models import Person
from caucusmail.directory import acquaintances
from caucusmail.languages import _, later
from caucusmail.web import guards, reader
from caucusmail.web.directory import desk
from caucusmail.web.directory.staff import bp
from caucusmail.web.forms import BaseForm, refused
from caucusmail.web.notices import tell


class LostForm(BaseForm):
    """How it was made sure who asks."""

    reason = StringField(later("How you made sure that it is they who ask"), [Length(max=500)])


def _person(person_id: int) -> Person:
    return acquaintances.one(reader.viewer(), person_id).person


def _page(person: Person, form: LostForm) -> ResponseReturnValue:
    asked = resetting.asked(person)
    shown = {
        "has": bool(factors.of(person)),
        "asked": asked,
        "mine": bool(asked and asked.by_id == desk.me().id),
        "alone": not two_people.seconds(person, desk.me()),
    }
    return render_template("directory/second_step.html", person=person, form=form, **shown), form.status


@bp.get("/people/<int:person_id>/second-step")
@guards.secretariat
def second_step(person_id: int) -> ResponseReturnValue:
    """Whether they have one, and whether its removal was asked for."""
    return _page(_person(person_id), LostForm(formdata=None))


@bp.post("/people/<int:person_id>/second-step")
@guards.secretariat_proved
def ask_to_remove_second_step(person_id: int) -> ResponseReturnValue:
    """Ask for its removal."""
    person, form = _person(person_id), LostForm()
    if form.validate():
        with refused(form):
            resetting.ask(person, form.reason.data or "", by=desk.me())
            tell(_("It is asked for. Somebody else of the secretariat confirms it on this page, within a week."))
            return redirect(url_for("staff.second_step", person_id=person_id), 303)
    return _page(person, form)


@bp.post("/people/<int:person_id>/second-step/keep")
@guards.secretariat
def keep_second_step(person_id: int) -> ResponseReturnValue:
    """Take the asking back."""
    resetting.REMOVAL.drop(_person(person_id), by=desk.me())
    tell(_("Nothing is removed."))
    return redirect(url_for("staff.second_step", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/second-step/remove")
@guards.secretariat_proved
def remove_second_step(person_id: int) -> ResponseReturnValue:
    """Confirm what another one asked for."""
    resetting.confirm(_person(person_id), by=desk.me())
    tell(_("The second step is removed, and they have been written to."))
    return redirect(url_for("staff.second_step", person_id=person_id), 303)
