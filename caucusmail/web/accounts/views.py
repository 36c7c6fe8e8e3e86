"""Sign in by letter, code or password; sign out; set a password."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from caucusmail.accounts import factors, passkeys, passwords, queries, recovery_codes, signing_in
from caucusmail.accounts.models import SignIn
from caucusmail.languages import _
from caucusmail.tokens import BadToken
from caucusmail.web import guards, proving, reader, sessions
from caucusmail.web.accounts import entering
from caucusmail.web.accounts.forms import CodeForm, PasswordForm, SignInForm
from caucusmail.web.accounts.way_on import ours
from caucusmail.web.forms import refused
from caucusmail.web.notices import tell

bp = Blueprint("accounts", __name__)


@bp.get("/sign-in")
@bp.post("/sign-in")
@guards.anyone
def sign_in() -> ResponseReturnValue:
    """Ask for an address; answer alike, known or not."""
    form = SignInForm()
    if form.validate_on_submit():
        session["next"] = ours(request.args.get("next"))
        with refused(form):
            if form.password.data:
                return entering.first_step(
                    signing_in.by_password(form.address.data, form.password.data, sessions.network())
                )
            session["asked"] = signing_in.ask(form.address.data, sessions.network(), session.get("asked"))
            session["asked_for"] = form.address.data
            return redirect(url_for("accounts.sign_in_code"), 303)
    return sign_in_page(form)


def sign_in_page(form: Any) -> ResponseReturnValue:
    """The page that asks for an address, or for a passkey; with ``form``'s errors 422."""
    ask, known = passkeys.to_prove(sessions.number()), reader.viewer().person
    if (
        known is not None and known.shelter is None and request.method != "POST"
    ):  # who proves anew need not type it again
        form.address.data = known.address
    form_kept = proving.waiting() if request.args.get("why") == "proof" else None
    stopped = proving.ACTS.get(form_kept.endpoint) if form_kept else None
    shown = {"ask": ask, "known": known, "stopped": stopped}
    return render_template("accounts/sign_in.html", form=form, **shown), form.status


@bp.get("/sign-in/code")
@bp.post("/sign-in/code")
@guards.anyone
def sign_in_code() -> ResponseReturnValue:
    """Say where to look, and take the code from the letter."""
    if "asked" not in session:
        return redirect(url_for("accounts.sign_in"), 303)
    form = CodeForm()
    if form.validate_on_submit():
        with refused(form):
            token = signing_in.by_code(session["asked"], form.code.data, sessions.network())
            if len(signing_in.people(token)) == 1:
                return entering.first_step(signing_in.by_token(token))
            return redirect(url_for("accounts.sign_in_letter", token=token), 303)
    address = session.get("asked_for")
    return render_template("accounts/code.html", form=form, address=address), form.status


@bp.get("/sign-in/<token>")
@guards.token
def sign_in_letter(token: str) -> ResponseReturnValue:
    """The link of the letter: a button, for programs open links too; a choice, where people share a mailbox."""
    try:
        return render_template("accounts/letter.html", people=signing_in.people(token), token=token)
    except BadToken:
        return render_template("accounts/spent.html"), 404


@bp.post("/sign-in/<token>")
@guards.token
def sign_in_by_letter(token: str) -> ResponseReturnValue:
    """The button was pressed."""
    try:
        return entering.first_step(signing_in.by_token(token, request.form.get("person", type=int)))
    except BadToken:
        return render_template("accounts/spent.html"), 404
    except signing_in.WhoAreYou as problem:
        people = signing_in.people(token)
        return render_template("accounts/letter.html", people=people, token=token, problem=problem), 422


@bp.post("/sign-out")
@guards.anyone
def sign_out() -> ResponseReturnValue:
    """End the sign-in on this device."""
    sessions.leave()
    tell(_("You are signed out."))
    return redirect(url_for("home.home"), 303)


@bp.post("/sign-out/everywhere")
@guards.signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End every other sign-in of this person."""
    device = sessions.device()
    assert device is not None  # the guard has looked
    signing_in.sign_out_everywhere(device.sign_in.person, by=device.sign_in.person, keep=device.sign_in.id)
    tell(_("You are signed out everywhere else."))
    return redirect(url_for("accounts.password"), 303)


@bp.post("/account/devices/<int:sign_in_id>/end")
@guards.signed_in
def end_device(sign_in_id: int) -> ResponseReturnValue:
    """End one other sign-in of this person."""
    device = sessions.device()
    assert device is not None  # the guard has looked
    signing_in.end(device.sign_in.person, sign_in_id)
    tell(_("You are signed out there."))
    return redirect(url_for("accounts.password"), 303)


@bp.get("/account/password")
@bp.post("/account/password")
@guards.proved
def password() -> ResponseReturnValue:
    """How this person signs in: set or change a password, see the devices."""
    form, device = PasswordForm(), sessions.device()
    assert device is not None  # the guard has looked
    person = device.sign_in.person
    if form.validate_on_submit():
        with refused(form):
            passwords.replace(person, form.password.data, keep=device.sign_in.id)
            tell(_("Your password is set. You can still sign in by letter."))
            return redirect(url_for("accounts.password"), 303)
    return render_template("accounts/password.html", form=form, **_ways_in(device.sign_in)), form.status


def _ways_in(here: SignIn) -> dict[str, Any]:
    """What the page shows: what signs this person in, and where they are."""
    person = here.person
    return {
        "present": passwords.present(person),
        "factors": factors.of(person),
        "codes_left": recovery_codes.left(person),
        "devices": queries.live_sign_ins(person),
        "here": here.id,
        "zone": person.zone,
    }


@bp.post("/account/password/remove")
@guards.proved
def remove_password() -> ResponseReturnValue:
    """Back to letters only."""
    device = sessions.device()
    assert device is not None  # the guard has looked
    passwords.remove(device.sign_in.person, keep=device.sign_in.id)
    tell(_("Your password is removed. You sign in by letter; you can set a new password here at any time."))
    return redirect(url_for("accounts.password"), 303)
