"""Sign a person in without the letter: a client's session, or a browser's cookie."""

from typing import Any

from flask.testing import FlaskClient

from caucusmail.accounts import signing_in
from caucusmail.accounts.models import Person
from caucusmail.app import House
from caucusmail.database import transaction


def _session(person: Person) -> dict[str, Any]:
    with transaction():
        return {"_user_id": signing_in.begin(person), "_fresh": True}


def enter(client: FlaskClient, person: Person) -> FlaskClient:
    """``client``, signed in as ``person``."""
    with client.session_transaction() as session:
        session.clear()
        session.update(_session(person))
    return client


def cookie(app: House, person: Person, url: str) -> dict[str, Any]:
    """The cookie of a browser in which ``person`` is signed in, for Playwright's ``add_cookies``."""
    serializer = app.session_interface.get_signing_serializer(app)
    return {"name": app.config["SESSION_COOKIE_NAME"], "value": serializer.dumps(_session(person)), "url": url}
