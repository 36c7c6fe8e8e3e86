"""The author's desk from a test: begin, fill in, confirm, and as if it were being sent."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from caucusmail import clock
from caucusmail.announcements import leaving
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from tests import make
from tests.filled import form

MEETING = {
    "subject_en": "Strategy meeting",
    "body_en": "Come and *plan* with us.",
    "day": "2027-11-30",
    "starts": "08:15",
    "ends": "09:15",
    "city": "The Hague",
    "room_by": "2027-11-26",
    "reply_day": "2027-11-25",
    "reply_by": "18:00",
    "places": "60",
    "agenda_en": "Opening\nThe election\nAny other business",
}


def begin(client: FlaskClient, caucus: Any, what: str = "meeting") -> str:
    """The address of a new draft."""
    answer = client.post("/compose/new", data={"caucus_id": caucus.id, "what": what})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def page(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def save(client: FlaskClient, url: str, **filled: Any) -> Any:
    """Fill in the form as it is shown, with these changes, and press a button."""
    path = url.partition("?")[0]
    return client.post(path, data=form(page(client, url), path, **{"do": "save", **filled}))


def confirm(client: FlaskClient, url: str, **filled: Any) -> Any:
    """Send the test letter and give the last word."""
    client.post(url + "/test")
    html = page(client, url + "/confirm")
    return client.post(url + "/confirm", data=form(html, url + "/confirm", **{"typed": "VRWG", **filled}))


def the() -> Announcement:
    found: Announcement = make.rows(Announcement)[-1]
    db.session.refresh(found)
    return found


def sending(client: FlaskClient, url: str, **states: int) -> Announcement:
    """As if the hold were over and these copies had been dealt with, in their order."""
    confirm(client, url)
    one = the()
    with transaction():
        one.release_at = clock.now() - timedelta(seconds=1)
        db.session.flush()
        leaving.send_due()
    one = the()
    rows = [row for row in make.rows(Delivery) if row.message_id == one.message_id]
    with transaction():
        for row, (state, code) in zip(rows, states.items(), strict=False):
            row.state, row.reply_code = DeliveryState(state), code or None
            row.reply = f"{code} 5.1.1 <achieng.odera@mhi.example>: no such user" if code else ""
            row.attempts = 1
            row.settled_at = None if state == "deferred" else clock.now()
    return one
