"""I am changing organisation: one page, one step, one receipt."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import Length

from caucusmail import languages
from caucusmail.directory import hand_overs
from caucusmail.directory.models import Admits, Affiliation, Seat
from caucusmail.groups import moving, undo
from caucusmail.languages import _, later
from caucusmail.web import guards, notices
from caucusmail.web.forms import BaseForm, refused
from caucusmail.web.groups import door
from caucusmail.web.meetings.fields import MultiCheckboxField

bp = Blueprint("moving", __name__)


class MoveForm(BaseForm):
    """Where to stay in alone, and whom to ask for a seat."""

    alone = MultiCheckboxField(later("Stay in as an individual expert"), coerce=int)
    to = StringField(later("Name of your new organisation"), [Length(max=250)])

    def offer(self, places: Sequence[Affiliation], others: Sequence[Seat]) -> None:
        """Offer to stay where individuals are admitted; ``only``: where they are not; ``others``: other organisations' seats, by
        which they stay in anyway."""
        self.others, stays = others, {seat.caucus_id for seat in others}
        caucuses = [place.caucus for place in places if place.caucus_id not in stays]
        self.alone.choices = [(one.id, languages.pick(one.names)) for one in caucuses if one.admits is Admits.BOTH]
        self.only = [one for one in caucuses if one.admits is not Admits.BOTH]


@bp.get("/me/move/<int:representative_id>")
@bp.post("/me/move/<int:representative_id>")
@guards.proved
def move(representative_id: int) -> ResponseReturnValue:
    """What is left, what stays, whom we ask; then do it."""
    came, form = door.enter(""), MoveForm()
    one = hand_overs.own_term(came.person, representative_id)
    form.offer(moving.sitting(one), moving.staying(one))
    if form.is_submitted() and form.validate():
        with refused(form):
            step = moving.move(one, form.alone.data or [], form.to.data or "", by=came.person)
            said = _("You no longer represent %(ngo)s. A letter with the way back is on its way.", ngo=one.ngo.name)
            notices.tell(said, url_for("my_changes.take_back", step=undo.token(step)))
            return redirect(url_for("my.me"), 303)
    page = render_template("groups/move.html", one=one, form=form, waiting=hand_overs.waiting([one]))
    return page, form.status
