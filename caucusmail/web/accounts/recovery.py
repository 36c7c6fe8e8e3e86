"""Who cannot read their mailbox any more: three ways to another address; the link to the new one; the link that stops it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail.accounts import passkeys, recovering, recovery_course
from caucusmail.accounts.models import Person, Recovery
from caucusmail.errors import NotFound, TooMany
from caucusmail.languages import _
from caucusmail.mail.addresses import masked
from caucusmail.web import guards, old_links, reader, sessions
from caucusmail.web.accounts.recovery_forms import RecoverByCodeForm, RecoverByPeopleForm
from caucusmail.web.forms import refused
from caucusmail.web.notices import tell

bp = Blueprint("recovery", __name__)
old_links.keep_to_oneself(bp)


@bp.get("/recover")
@guards.anyone
def ways() -> ResponseReturnValue:
    """The three ways; by a passkey one is in, and at the page of one's addresses."""
    return render_template("accounts/recover.html", ask=passkeys.to_prove(sessions.number()))


@bp.get("/recover/code")
@bp.post("/recover/code")
@guards.anyone
def by_code() -> ResponseReturnValue:
    """By a recovery code; answered alike, whoever is known and whatever fits."""
    form = RecoverByCodeForm()

    def ask() -> None:
        recovering.by_code(form.old.data, form.code.data, form.address.data, sessions.network())

    return _asked(form, "accounts/recover_code.html", ask)


@bp.get("/recover/people")
@bp.post("/recover/people")
@guards.anyone
def by_people() -> ResponseReturnValue:
    """By people who know them; answered alike."""
    form = RecoverByPeopleForm()

    def ask() -> None:
        given = (form.old.data, form.address.data, form.name.data, form.words.data)
        recovering.by_people(*given, sessions.network())

    return _asked(form, "accounts/recover_people.html", ask)


def _asked(form: Any, page: str, ask: Any) -> ResponseReturnValue:
    status = 200
    if form.validate_on_submit() and not form.too_quick():
        try:
            with refused(form):
                if not form.by_machine():
                    ask()
                return redirect(url_for("recovery.sent", way=page.partition("_")[2].partition(".")[0]), 303)
        except TooMany as problem:
            form.form_errors.append(str(problem))
            status = 429
    return render_template(page, form=form), form.status if status == 200 else status


@bp.get("/recover/sent")
@guards.anyone
def sent() -> ResponseReturnValue:
    """What follows, the same for everybody."""
    return render_template("accounts/recover_sent.html", by_code=request.args.get("way") == "code")


@bp.get("/recover/<token>")
@guards.token
def asked(token: str) -> ResponseReturnValue:
    """The link in the letter to the new address: a button; later, what has become of it."""
    found = recovering.read(token)
    return render_template("accounts/recovery.html", asked=found, shown=recovering.shown(found), token=token)


@bp.post("/recover/<token>")
@guards.token
def answer(token: str) -> ResponseReturnValue:
    """The address is theirs; or they do without."""
    found = recovering.read(token)
    if request.form.get("do") == "give-up":
        recovering.give_up(found)
        tell(_("It is given up, and what you typed is deleted. Nothing was changed."))
        return redirect(url_for("accounts.sign_in"), 303)
    if recovering.shown(found) == "confirm":
        recovering.confirm(found)
    return redirect(url_for("recovery.asked", token=token), 303)


@bp.get("/recover/stop/<token>")
@bp.post("/recover/stop/<token>")
@guards.token
def stop(token: str) -> ResponseReturnValue:
    """The link in a letter to a known address: a button that stops it."""
    found = recovery_course.to_stop(token)
    if request.method == "POST":
        recovery_course.stop(found, by=None)
    return render_template("accounts/recovery_stop.html", asked=found, address=masked(found.address), token=token)


@bp.post("/account/recoveries/<int:recovery_id>/stop")
@guards.signed_in
def stop_own(recovery_id: int) -> ResponseReturnValue:
    """Stop it on one's own page, signed in."""
    found = _own(reader.viewer().person, recovery_id)
    recovery_course.stop(found, by=None)
    tell(_("It is stopped: your address stays as it is."))
    return redirect(url_for("addresses.addresses"), 303)


def _own(person: Person | None, recovery_id: int) -> Recovery:
    """One that is under way for ``person``.

    :raises NotFound: there is none, or it is somebody else's.
    """
    assert person is not None  # the guard has looked
    for one in recovery_course.waiting(person):
        if one.id == recovery_id:
            return one
    raise NotFound
