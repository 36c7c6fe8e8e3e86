"""Second factors: the second step at sign-in; set up an app; recovery codes; name and remove."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from caucusmail import settings
from caucusmail.accounts import factors, passkeys, recovery_codes, totp
from caucusmail.accounts.models import CredentialKind, SignIn
from caucusmail.languages import _
from caucusmail.web import guards, reader, sessions
from caucusmail.web.accounts import entering, qr
from caucusmail.web.accounts.forms import AppForm, SecondStepForm
from caucusmail.web.accounts.way_on import in_this_language, ours
from caucusmail.web.forms import refused
from caucusmail.web.notices import tell

bp = Blueprint("factors", __name__)


def here() -> SignIn:
    """The sign-in of this browser; the guard has looked that there is one."""
    device = sessions.device()
    assert device is not None  # by the guard
    return device.sign_in


def wanted() -> str | None:
    """The page to go on to, if it is one of ours."""
    return ours(request.args.get("next")) or None


@bp.get("/sign-in/second")
@bp.post("/sign-in/second")
@guards.anyone
def second_step() -> ResponseReturnValue:
    """A code of the app, or a recovery code: after the first proof, or once more after half a day."""
    sign_in = waiting()
    if sign_in is None:
        return redirect(url_for("accounts.sign_in", next=wanted()), 303)
    if not factors.of(sign_in.person):
        return redirect(url_for("factors.needed", next=wanted()), 303)
    form = SecondStepForm()
    if form.validate_on_submit():
        with refused(form):
            factors.prove(sign_in, form.code.data)
            return proved(sign_in)
    return second_step_page(form, sign_in)


def second_step_page(form: Any, sign_in: SignIn) -> ResponseReturnValue:
    """The page of the second step; with ``form``'s errors 422."""
    keys = any(one.kind is CredentialKind.PASSKEY for one in factors.of(sign_in.person))
    ask = passkeys.to_prove(sessions.number()) if keys else ""
    return render_template("accounts/second_step.html", form=form, ask=ask), form.status


def waiting() -> SignIn | None:
    """The sign-in of this browser that may take its second step: one that waits for it, else one that began before."""
    device = sessions.device()
    return sessions.half() or (device.sign_in if device else None)


def proved(sign_in: SignIn) -> ResponseReturnValue:
    """The second step is taken: in, or on."""
    if sign_in.waits:
        return entering.through(sign_in.person, factor=True)
    reader.renewed()
    return redirect(entering.onward(wanted() or ""), 303)


@bp.get("/account/second-factor")
@guards.signed_in
def needed() -> ResponseReturnValue:
    """Why a second factor is needed, and the ways to set one up."""
    held, on = reader.held_back(), wanted()
    if held and factors.of(here().person):
        return redirect(url_for("factors.second_step", next=on), 303)
    return render_template("accounts/needed.html", held=held, wanted=on)


@bp.get("/account/second-factor/app")
@bp.post("/account/second-factor/app")
@guards.proved
def app() -> ResponseReturnValue:
    """Set up an app: its secret to scan or to type, and a code to prove that it works."""
    form, sign_in = AppForm(), here()
    secret = session.setdefault("totp", totp.new_secret())  # the same when a phone loads the page again
    if form.validate_on_submit():
        with refused(form):
            factors.add_app(sign_in, secret, form.code.data, form.label.data or "")
            session.pop("totp")
            return added(sign_in)
    address = totp.address(secret, sign_in.person.address)
    shown = {"secret": totp.grouped(secret), "picture": qr.svg(address), "address": address}
    return render_template("accounts/app.html", form=form, **shown), form.status


def added(sign_in: SignIn) -> ResponseReturnValue:
    """The first factor brings recovery codes."""
    reader.renewed()
    if recovery_codes.left(sign_in.person) == 0:
        return _codes(sign_in)
    tell(_("It is set up. From now on you are asked for it after the letter or the password."))
    return redirect(_on(), 303)


def _on() -> str:
    """Where to go when it is set up."""
    on = wanted()
    return in_this_language(on) if on else url_for("accounts.password")


def _codes(sign_in: SignIn) -> ResponseReturnValue:
    codes = recovery_codes.made(sign_in.person)
    return render_template("accounts/codes.html", codes=codes, onward=_on())


@bp.post("/account/recovery-codes")
@guards.proved
def codes() -> ResponseReturnValue:
    """Make a new set and show it, this once."""
    sign_in = here()
    if not factors.of(sign_in.person):
        return redirect(url_for("factors.needed"), 303)
    return _codes(sign_in)


@bp.post("/account/recovery-codes/text")
@guards.proved
def codes_as_text() -> ResponseReturnValue:
    """The codes that the page shows, as a file; ours only, so that nobody can have us hand out other words."""
    given = request.form.getlist("code")[: recovery_codes.MANY]
    if not recovery_codes.are_of(here().person, given):
        tell(_("These codes are no longer the present ones. Make a new set here."))
        return redirect(url_for("accounts.password"), 303)
    lines = [_("Recovery codes for CaucusMail"), settings.current().site_url, "", *given, ""]
    lines += [_("Each works once. Keep them on paper or where you keep passwords, not in your mailbox."), ""]
    answer = Response("\r\n".join(lines), mimetype="text/plain")
    answer.headers["Content-Disposition"] = "attachment; filename=recovery-codes.txt"
    return answer


@bp.post("/account/factors/<int:credential_id>/name")
@guards.signed_in
def name(credential_id: int) -> ResponseReturnValue:
    """Give a factor another name."""
    factors.named(here().person, credential_id, request.form.get("label", ""))
    tell(_("It has its new name."))
    return redirect(url_for("accounts.password"), 303)


@bp.post("/account/factors/<int:credential_id>/remove")
@guards.proved
def remove(credential_id: int) -> ResponseReturnValue:
    """Remove a factor."""
    person = here().person
    factors.remove(person, credential_id)
    reader.renewed()
    if factors.of(person):
        tell(_("It is removed."))
    else:
        tell(_("It is removed, and the recovery codes with it: you sign in without a second step now."))
    return redirect(url_for("accounts.password"), 303)
