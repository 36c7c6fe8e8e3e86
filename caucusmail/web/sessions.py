"""Which person this browser is signed in as: Flask-Login over the rows of ``accounts``.

The cookie holds a secret, the database its fingerprint. At sign-in the whole session is made anew, so that nothing that
was planted before outlives it.
"""

import ipaddress
import secrets

import flask_login
from flask import Flask, request, session

from caucusmail import clock
from caucusmail.accounts import factors, queries, signing_in, stopped
from caucusmail.accounts.models import Person, SignIn
from caucusmail.directory import visibility

manager = flask_login.LoginManager()
manager.session_protection = None  # a phone changes its network all day; the secret is what counts


class Device(flask_login.UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """A browser that is signed in: what Flask-Login calls a user."""

    def __init__(self, secret: str, sign_in: SignIn) -> None:
        self.secret, self.sign_in = secret, sign_in

    def get_id(self) -> str:
        """What the session keeps to find this device again."""
        return self.secret


@manager.user_loader  # type: ignore[untyped-decorator]  # as above
def _load(secret: str) -> Device | None:
    sign_in = queries.signed_in(secret)
    return Device(secret, sign_in) if sign_in else None


def device() -> Device | None:
    """This browser, if somebody is signed in on it."""
    user = flask_login.current_user
    return user._get_current_object() if user.is_authenticated else None


def proved() -> bool:
    """Whether whoever is signed in here has proved it within the last minutes; with a second factor, if they have one."""
    here = device()
    if here is None or clock.now() - here.sign_in.proved_at >= signing_in.FRESH:
        return False
    return factors.remembered(here.sign_in) or not factors.of(here.sign_in.person)


def factor_due(person: Person) -> bool:
    """Whether ``person``, who gives a first proof here, owes a second one: they have one, and it is not remembered here."""
    before = device()
    if before is not None and before.sign_in.person_id == person.id and factors.remembered(before.sign_in):
        return False
    return bool(factors.of(person))


def wait(person: Person) -> None:
    """Remember that ``person`` gave the first proof on this browser and owes the second."""
    wanted, before = session.get("next"), device()
    leave()
    session["half"], session["next"] = signing_in.wait(person), wanted
    stopped.carry(before.sign_in if before else None, half())


def half() -> SignIn | None:
    """The sign-in of this browser that waits for its second step."""
    secret = session.get("half")
    return queries.signed_in(secret, waiting=True) if isinstance(secret, str) else None


def number() -> int:
    """A number of chance that stays with this browser's session: what is asked of it is bound to it."""
    return int(session.setdefault("number", secrets.randbelow(1 << 62)))


def enter(person: Person, *, factor: bool = False) -> None:
    """Sign this browser in as ``person``, who has just proved it (``factor``: by a second factor too); for half a day only
    who can reach other people. A factor proved here before, as the same person, is still remembered."""
    before, waited = device(), half()
    factor_at = clock.now() if factor else None
    if before is not None:
        if before.sign_in.person_id == person.id and factor_at is None:
            factor_at = before.sign_in.factor_at
        signing_in.sign_out(before.secret)
    viewer = visibility.viewer(person)
    lasts = signing_in.LASTS_STAFF if viewer.secretariat or viewer.keeps else signing_in.LASTS
    secret = signing_in.begin(person, lasts, factor_at=factor_at)
    sign_in = queries.signed_in(secret)
    stopped.carry(waited or (before.sign_in if before else None), sign_in)
    if isinstance(session.get("half"), str):
        signing_in.sign_out(session["half"])
    session.clear()
    session.permanent = True
    flask_login.login_user(Device(secret, sign_in))  # type: ignore[arg-type]  # it was made two lines above
    session.pop("_id", None)  # Flask-Login's fingerprint of network and browser: not needed, so not kept


def note_use() -> None:
    """Note that a button was pressed here; call it when the rest is done, for throttles come before the first write."""
    here = device()
    if here is not None:
        signing_in.note_use(here.sign_in)


def leave() -> None:
    """Sign this browser out and forget its session."""
    here = device()
    if here is not None:
        signing_in.sign_out(here.secret)
    flask_login.logout_user()
    session.clear()


def network() -> str:
    """The part of the internet a request comes from, for counting only: the /24 of IPv4, the /48 of IPv6."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    mapped = getattr(address, "ipv4_mapped", None) or address
    return str(ipaddress.ip_network((mapped, 24 if mapped.version == 4 else 48), strict=False))


def init_app(app: Flask) -> None:
    """Put Flask-Login into the application."""
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False  # no cookie on every page
    manager.init_app(app, add_context_processor=False)  # an error page must not ask the database
