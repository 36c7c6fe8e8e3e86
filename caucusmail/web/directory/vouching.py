"""Who knows somebody that cannot read their mailbox any more says whether it is they who ask."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from caucusmail.directory import vouching
from caucusmail.languages import _, later
from caucusmail.mail.addresses import masked
from caucusmail.web import guards, old_links, reader
from caucusmail.web.directory import desk
from caucusmail.web.forms import BaseForm, refused
from caucusmail.web.notices import tell

bp = Blueprint("vouching", __name__)
old_links.keep_to_oneself(bp)


class HowForm(BaseForm):
    """How it is known who asks."""

    how = StringField(
        later("How you know that it is they"),
        [
            InputRequired(later("Write how you know that it is they, like “I called her on her number”.")),
            Length(max=vouching.LONGEST_HOW),
        ],
    )


def _page(form: HowForm | None = None, of: int = 0) -> ResponseReturnValue:
    shown = {"form": form or HowForm(formdata=None), "of": of, "masked": masked}
    page = render_template("directory/vouching.html", asked=vouching.for_voucher(reader.viewer()), **shown)
    return page, form.status if form else 200


@bp.get("/vouching")
@guards.signed_in
def page() -> ResponseReturnValue:
    """Those about whom one is asked."""
    return _page()


@bp.post("/vouching/<int:recovery_id>/yes")
@guards.proved
def vouch(recovery_id: int) -> ResponseReturnValue:
    """It is they."""
    asked, form = vouching.one(reader.viewer(), recovery_id), HowForm()
    if form.validate():
        with refused(form):
            vouching.vouch(asked, form.how.data or "", by=desk.me())
            return _said(_("Thank you. The secretariat decides now."), recovery_id)
    return _page(form, recovery_id)


@bp.post("/vouching/<int:recovery_id>/no")
@guards.signed_in
def turn_down(recovery_id: int) -> ResponseReturnValue:
    """It is somebody else."""
    vouching.turn_down(vouching.one(reader.viewer(), recovery_id), by=desk.me())
    return _said(_("It has ended: nothing changes, and every address of theirs is told."), recovery_id)


def _said(message: str, recovery_id: int) -> ResponseReturnValue:
    tell(message, url_for("vouching.take_back", recovery_id=recovery_id))
    return redirect(url_for("vouching.page"), 303)


@bp.post("/vouching/<int:recovery_id>/take-back")
@guards.signed_in
def take_back(recovery_id: int) -> ResponseReturnValue:
    """Take back what one has said."""
    viewer = reader.viewer()
    vouching.take_back(vouching.one(viewer, recovery_id), viewer)
    tell(_("Taken back: everything is as it was before."))
    return redirect(url_for("vouching.page"), 303)
