"""The numbers of an announcement that leaves: live, with the pace, an honest time left, and what was asked for."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from caucusmail import clock, languages, zones
from caucusmail.announcements.estimate import Estimate
from caucusmail.announcements.models import Announcement, LeftOut
from caucusmail.announcements.progress import Numbers
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.web.announcements import absence, telling
from tests.announcements.gone import begun, gone
from tests.announcements.rooms import Room, copies, peopled
from tests.entering import enter
from tests.web.test_announcements import page

FULL = {"reply_code": 452, "reply": "4.2.2 full"}


@pytest.fixture
def room(client: FlaskClient) -> Room:
    """A room with three members, whose coordinator is signed in."""
    room = peopled()
    enter(client, room.by.person)
    return room


def seen(client: FlaskClient, sent: Announcement) -> str:
    return page(client, f"/compose/{sent.id}/progress")


def numbers(queued: int, lately: int, in_all: int, all_s: float = 600) -> Numbers:
    states = {DeliveryState.QUEUED: queued, DeliveryState.ACCEPTED: in_all}
    return Numbers(states, lately, 60, False, all_s)


def test_it_moves_by_itself_with_a_script_and_without_one(client, room):
    html = seen(client, begun(room))
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in html
    assert 'data-live="3"' in html


def test_the_time_left_is_a_range_where_the_pace_changed():
    assert telling.time_left(numbers(600, 100, 2000), "UTC") == "3 to 6 minutes left"
    assert telling.time_left(numbers(600, 150, 1500), "UTC") == "about 4 minutes left"
    assert telling.time_left(numbers(60_000, 100, 1000), "UTC") == "about 10 hours left"
    assert telling.time_left(numbers(60_000, 100, 2000), "UTC") == "5 to 10 hours left"
    assert telling.time_left(numbers(600, 0, 1500), "UTC") == ""


def test_when_every_copy_waits_for_its_server_the_next_try_is_told_on_the_reader_s_clock(client, room):
    sent = gone(room, DeliveryState.ACCEPTED, (DeliveryState.DEFERRED, FULL))
    again = min(row.due_at for row in copies(sent) if row.state is DeliveryState.DEFERRED)
    told = zones.clock(again, "Africa/Nairobi")
    html = seen(client, sent)
    assert "Waiting for other servers; next try: " in html
    assert told.time in html
    assert "Nairobi" in html
    assert "left." not in html.partition('id="numbers"')[2].partition("<dl")[0]


def test_the_pace_of_the_last_minute_and_since_the_beginning_stand_side_by_side(client, room):
    sent = gone(room, DeliveryState.ACCEPTED, DeliveryState.ACCEPTED, (DeliveryState.DEFERRED, FULL))
    with transaction():
        now = clock.now()
        sent.begun_at = now - timedelta(minutes=1)
        for row in copies(sent)[:2]:
            row.settled_at = now - timedelta(seconds=30)
    html = seen(client, sent)
    assert "4 a minute at the moment" in html
    assert "2 a minute since the beginning" in html


def test_what_the_words_mean_and_what_is_promised_is_one_link_away(client, room):
    assert 'href="/promise"' in seen(client, begun(room))
    html = page(client, "/promise")
    assert "at most 8 letters can become uncertain" in html
    for word in ("Still to send", "Leaving now", "Accepted", "Deferred", "Failed", "Uncertain", "Withdrawn"):
        assert f"<dt>{word}</dt>" in html


def test_in_french_it_says_the_same(client, room):
    sent = gone(room, (DeliveryState.DEFERRED, FULL))
    html = page(client, f"/fr/compose/{sent.id}/progress")
    assert "En attente d’autres serveurs" in html
    listed = page(client, f"/fr/compose/{sent.id}/progress/deferred")
    assert "La boîte aux lettres est pleine." in listed
    with languages.use("fr"):
        assert "3 à 6 minutes" in telling.time_left(numbers(600, 100, 2000), "UTC")


def test_whom_a_change_does_not_concern_is_not_called_left_out():
    assert absence.absent(Estimate()) == ""
    calm = "550 people of the group never got the announcement that this is about, so it does not concern them."
    assert absence.absent(Estimate(left_out={LeftOut.NOT_SENT: 550})) == calm
    both = absence.absent(Estimate(left_out={LeftOut.LEFT: 2, LeftOut.NOT_SENT: 550}))
    assert both == f"Left out: 2 have left. {calm}"
