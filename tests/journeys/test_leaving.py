"""From an announcement that lies ready, over the way out, to what a real SMTP server gets."""

import re
from datetime import timedelta

import pytest

from caucusmail import clock, tokens
from caucusmail.announcements import leaving
from caucusmail.database import db, transaction
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import Delivery
from caucusmail.groups import queries
from caucusmail.tokens import Purpose
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, ready, released
from tests.sink import Sink


@pytest.fixture
def relay(sink: Sink) -> Sink:
    """The application's relay."""
    return sink


@pytest.fixture
def room():
    room = Room()
    for name in ("Ada", "Ben"):
        make.member(room.caucus, make.person(name, f"{name.lower()}@mail.example"), room.group)
    return room


def copy_of(sent, name) -> Delivery:
    return next(copy for copy in copies(sent) if copy.name == name)


def send_everything() -> None:
    with transaction():
        leaving.send_due()
    while outgoing.turn("w"):
        pass


def subjects(relay, address) -> list[str]:
    return [caught.message["Subject"] for caught in relay.to(address)]


def path(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


def settings(person) -> str:
    return f"/my/{tokens.sign(Purpose.SETTINGS, person.id, person.settings_version)}"


def test_who_leaves_before_the_dot_gets_a_receipt_and_no_announcement(client, room, relay):
    sent = confirmed(room, ready(room))
    ada = db.session.get_one(type(room.by.person), copy_of(sent, "Ada").person_id)
    client.post(f"{settings(ada)}/leave/{room.caucus.slug}")
    released(sent)
    send_everything()
    assert subjects(relay, "ada@mail.example") == [f"You have left: {room.caucus.names['en']}"]
    assert len(subjects(relay, "ben@mail.example")) == 1


def test_who_pauses_gets_nothing_and_who_takes_the_leaving_back_gets_it_after_all(client, room, relay):
    sent = confirmed(room, ready(room))
    ada, ben = (db.session.get_one(type(room.by.person), copy_of(sent, name).person_id) for name in ("Ada", "Ben"))
    client.post(f"{settings(ada)}/pause", data={"caucus": room.caucus.slug})
    client.post(f"{settings(ben)}/leave/{room.caucus.slug}")
    client.post(f"{settings(ben)}/back/{room.caucus.slug}")
    released(sent)
    send_everything()
    assert subjects(relay, "ada@mail.example") == []
    assert len(subjects(relay, "ben@mail.example")) == 2  # the receipt, and the announcement


def test_the_header_of_the_letter_itself_is_the_way_out_of_the_next_one(csrf_client, room, relay):
    sent = confirmed(room, ready(room))
    released(sent)
    send_everything()
    (letter,) = relay.to("ada@mail.example")
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = re.search(r"<(https?://[^>]+)>", letter.message["List-Unsubscribe"])[1]
    answer = csrf_client.post(path(url), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    footer = re.search(r"https?://\S+/my/[\w-]+", letter.text)[0]
    assert "You are in no caucus" in csrf_client.get(path(footer)).text
    second = confirmed(room, ready(room))
    assert [copy.name for copy in copies(second)] == ["Ben"]


def test_the_receipts_own_link_brings_everything_back(client, room, relay):
    sent = confirmed(room, ready(room))
    ada = db.session.get_one(type(room.by.person), copy_of(sent, "Ada").person_id)
    client.post(f"{settings(ada)}/leave/{room.caucus.slug}")
    with transaction():
        ada_copies = [copy for copy in copies(sent) if copy.person_id == ada.id]
        for copy in ada_copies:
            copy.due_at = clock.now() + timedelta(minutes=2)
    outgoing.turn("w")
    (receipt,) = relay.to("ada@mail.example")
    back = re.search(r"https?://\S+/undo/[\w-]+", receipt.text)[0]
    assert client.get(path(back)).status_code == 200
    assert client.post(path(back)).status_code == 200
    assert [place.caucus.slug for place in queries.places(ada)] == [room.caucus.slug]
    released(sent)
    send_everything()
    assert len(subjects(relay, "ada@mail.example")) == 2
