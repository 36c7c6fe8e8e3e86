"""The secretariat's queue of those who cannot read their mailbox any more: who waits, since when, and for whom."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail import clock
from caucusmail.accounts.models import Vouchers
from caucusmail.directory import vouching
from caucusmail.languages import _, later
from caucusmail.mail.addresses import masked
from caucusmail.web import guards, reader
from caucusmail.web.directory import desk
from caucusmail.web.directory.staff import bp
from caucusmail.web.directory.vouching import HowForm
from caucusmail.web.forms import refused
from caucusmail.web.notices import tell

ASKED: dict[Vouchers, Any] = {
    Vouchers.COLLEAGUES: later("Colleagues of their organisation are asked whether it is they."),
    Vouchers.COORDINATORS: later("The coordinators of their caucuses are asked whether it is they."),
    Vouchers.SECRETARIAT: later("They hold an office, or nobody else here knows them: two of the secretariat look."),
}


def _page(form: HowForm | None = None, of: int = 0) -> ResponseReturnValue:
    viewer, now = reader.viewer(), clock.now()
    shown = {"form": form or HowForm(formdata=None), "of": of, "asked_of": ASKED, "me": desk.me(), "now": now}
    waiting = vouching.for_staff(viewer)
    shown |= {"waiting": waiting, "vouched": vouching.who_vouched(waiting), "masked": masked}
    page = render_template("directory/staff_recoveries.html", **shown)
    return page, form.status if form else 200


@bp.get("/recoveries")
@guards.secretariat
def recoveries() -> ResponseReturnValue:
    """All that wait, the longest first."""
    return _page()


@bp.post("/recoveries/<int:recovery_id>/vouch")
@guards.secretariat_proved
def vouch_for_recovery(recovery_id: int) -> ResponseReturnValue:
    """One of the secretariat says that it is they, where nobody else does."""
    asked, form = vouching.one(reader.viewer(), recovery_id), HowForm()
    if form.validate():
        with refused(form):
            vouching.vouch(asked, form.how.data or "", by=desk.me())
            return _said(_("Noted. Somebody else of the secretariat decides now."), recovery_id)
    return _page(form, recovery_id)


@bp.post("/recoveries/<int:recovery_id>/approve")
@guards.secretariat_proved
def approve_recovery(recovery_id: int) -> ResponseReturnValue:
    """Let it be done, after two days."""
    asked, form = vouching.one(reader.viewer(), recovery_id), HowForm()
    if form.validate():
        with refused(form):
            vouching.approve(asked, form.how.data or "", by=desk.me())
            return _said(
                _("In two days the address is changed, unless it is stopped. Every address is told."), recovery_id
            )
    return _page(form, recovery_id)


@bp.post("/recoveries/<int:recovery_id>/decline")
@guards.secretariat
def decline_recovery(recovery_id: int) -> ResponseReturnValue:
    """It ends; nothing changes."""
    vouching.turn_down(vouching.one(reader.viewer(), recovery_id), by=desk.me())
    return _said(_("It has ended: nothing changes, and every address of theirs is told."), recovery_id)


def _said(message: str, recovery_id: int) -> ResponseReturnValue:
    tell(message, url_for("staff.take_back_recovery", recovery_id=recovery_id))
    return redirect(url_for("staff.recoveries"), 303)


@bp.post("/recoveries/<int:recovery_id>/take-back")
@guards.secretariat
def take_back_recovery(recovery_id: int) -> ResponseReturnValue:
    """Take the last step back."""
    viewer = reader.viewer()
    vouching.take_back(vouching.one(viewer, recovery_id), viewer)
    tell(_("Taken back: everything is as it was before."))
    return redirect(url_for("staff.recoveries"), 303)
