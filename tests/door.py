"""Let a test client in as somebody, without the letter."""

from flask.testing import FlaskClient

from caucusmail.accounts import signing_in
from caucusmail.accounts.models import Person
from caucusmail.database import transaction


def let_in(client: FlaskClient, person: Person) -> FlaskClient:
    """``client``, signed in as ``person`` from here on."""
    with transaction():
        secret = signing_in.begin(person)
    with client.session_transaction() as session:
        session["_user_id"] = secret
        session["_fresh"] = True
    return client
