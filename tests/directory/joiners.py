"""Applications for tests, made through the verbs."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, OutgoingText
from caucusmail.directory import confirmation, registration
from caucusmail.directory.applications import Applicant, Application, ApplicationKind
from caucusmail.directory.models import Caucus
from caucusmail.directory.typed import Colleague, SignUp
from caucusmail.mail import addresses
from tests import make
from tests.letters import written

ACHIENG = Colleague("Achieng Odera", "achieng@mhi.example", "Programme officer", ("en",), "Africa/Nairobi")
PETER = Colleague("Peter Kamau", "pkamau@webmail.example", "Lawyer", ("fr", "en"), "Africa/Nairobi")


def sign_up(*caucuses: Caucus, people: tuple[Colleague, ...] = (ACHIENG, PETER), **more: Any) -> SignUp:
    """What the form of the Nairobi NGO yields."""
    values: dict[str, Any] = {
        "kind": ApplicationKind.ORGANISATION,
        "submission": secrets.token_hex(16),
        "caucuses": tuple(caucus.id for caucus in caucuses),
        "people": people,
        "ngo_name": "Mwangaza Haki Initiative",
        "acronym": "MHI",
        "country_code": make.country("KE").code,
        "authorised": True,
        "naming_policy": True,
    }
    return SignUp(**values | more)


def applied(*caucuses: Caucus, network: str = "192.0.2.0/24", **more: Any) -> Application:
    """An application after its form was sent and the job has written to its people."""
    form = sign_up(*caucuses, **more)
    with transaction():
        registration.apply(form, network)
    written()
    return db.session.query(Application).filter_by(submission=form.submission).one()


def applicants(application: Application) -> list[Applicant]:
    return list(db.session.query(Applicant).filter_by(application_id=application.id).order_by(Applicant.id))


def confirmed(applicant: Applicant, *caucuses: Caucus) -> confirmation.Confirmed:
    with transaction():
        return confirmation.confirm(applicant, [caucus.id for caucus in caucuses])


def letters(address: str) -> list[str]:
    """The subjects and texts owed to ``address``, in order."""
    rows = (
        db.session.query(OutgoingText)
        .join(Delivery, Delivery.message_id == OutgoingText.message_id)
        .filter(Delivery.address_key == addresses.key(address))
        .order_by(Delivery.id)
    )
    return [readable(row.raw) for row in rows]


def readable(raw: bytes) -> str:
    """Subject and plain text of a compiled letter."""
    message = message_from_bytes(raw, policy=policy.default)
    part = message.get_body(("plain",))
    return f"{message['Subject']}\n{part.get_content() if part else ''}"


def code_in(letter: str) -> str:
    return re.search(r"\b\d{3}-\d{3}\b", letter).group()


@pytest.fixture
def days_later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``with days_later(3): …`` the clock stands three days ahead."""
    real = clock.now

    @contextmanager
    def ahead(days: float) -> Iterator[datetime]:
        moment = real() + timedelta(days=days)
        with monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda: moment)
            yield moment

    return ahead
