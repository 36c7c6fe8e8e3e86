"""Watching an announcement leave: numbers, the lists behind them, stop."""

from datetime import timedelta

from caucusmail import clock
from caucusmail.announcements.models import AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.delivery import retry
from caucusmail.delivery.models import Delivery, DeliveryState
from tests import make
from tests.entering import enter
from tests.statements import counted
from tests.web.composing import confirm, page, sending, the


def test_progress_shows_the_numbers_and_the_list_behind_each(client, url):
    sending(client, url, failed=550, accepted=250)
    html = page(client, url + "/progress")
    assert "2 of 2 copies are dealt with." in html
    failed = page(client, url + "/progress/failed")
    assert "There is no such mailbox (any more)." in failed
    assert "<h1>Échoué\u00a0: 1</h1>" in page(client, f"/fr{url}/progress/failed")
    assert "mhi.example" not in failed
    enter(client, make.secretary())
    assert "a***@mhi.example" in page(client, url + "/progress/failed")
    assert "The next server took it." in page(client, url + "/progress/accepted")
    assert "No copy is in this state now." in page(client, url + "/progress/uncertain")
    assert client.get(url + "/progress/nonsense").status_code == 404
    assert client.get(url + "/progress/failed?page=99999999999999999999").status_code == 200


def test_a_relay_that_cannot_be_reached_is_said_and_the_copies_wait(client, url):
    sending(client, url, deferred=0)
    html = page(client, url + "/progress")
    assert "The mail relay cannot be reached at the moment. Nothing is lost" in html
    listed = page(client, url + "/progress/deferred")
    assert "The mail relay could not be reached; it is tried again by itself." in listed
    assert "tried once" not in listed


def test_a_relay_that_fell_silent_is_said_although_a_copy_left_just_now(client, url):
    sending(client, url, accepted=250, deferred=0)
    with transaction():
        for row in make.rows_by(Delivery, "id"):
            if row.state is DeliveryState.DEFERRED:
                row.due_at = clock.now() + retry.AFTER_A_FAULT
    assert "The mail relay cannot be reached at the moment." in page(client, url + "/progress")


def test_stopping_keeps_what_has_not_left(client, url):
    sending(client, url, accepted=250)
    assert f'href="{url}/stop"' in page(client, url + "/progress")
    asked = page(client, url + "/stop")
    assert "<h1>Stop it?</h1>" in asked
    assert "1 copy has not left and stays here for good." in asked
    assert the().state is AnnouncementState.SENDING
    client.post(url + "/stop")
    html = page(client, url + "/progress")
    assert "Stopped. 1 copy stays here." in html
    assert the().state is AnnouncementState.STOPPED
    assert client.post(url + "/stop").status_code == 409
    assert client.get(url + "/stop").location == url + "/progress"


def test_undoing_what_was_stopped_in_the_hold_says_that_it_was_stopped(client, url):
    confirm(client, url)
    client.post(url + "/stop")
    assert client.post(url + "/undo").location == url + "/progress"
    html = page(client, url + "/progress")
    assert "It was stopped just before, and none of its copies has left." in html


def test_watching_costs_the_same_however_many_copies_there_are(client, url, vrwg):
    one = sending(client, url, accepted=250)
    rows = [row for row in make.rows(Delivery) if row.message_id == one.message_id]
    with counted() as few:
        page(client, url + "/progress")
        page(client, url + "/progress/accepted")
    with transaction():
        for number in range(60):
            copy = Delivery(
                **{
                    name: getattr(rows[0], name)
                    for name in ("message_id", "lane", "language", "state", "settled_at", "due_at")
                },
                address=f"n{number}@mail.example",
                address_key=f"n{number}@mail.example",
            )
            db.session.add(copy)
    with counted() as many:
        page(client, url + "/progress")
        page(client, url + "/progress/accepted")
    assert len(many) == len(few)


def test_a_stop_that_comes_too_late_leads_to_the_numbers(client, url):
    sending(client, url, accepted=250)
    client.post(url + "/stop")
    answer = client.post(url + "/stop")
    assert answer.status_code == 409
    assert f'href="{url}/progress"' in answer.get_data(as_text=True)


def test_when_the_two_minutes_are_over_nothing_says_held(client, url):
    confirm(client, url)
    assert "Held" in page(client, url + "/progress")
    with transaction():
        the().release_at = clock.now() - timedelta(seconds=1)
    html = page(client, url + "/progress")
    assert "The first copies leave now." in html
    assert "Being sent" in html
    for untrue in ("Held", "Nothing has left yet"):
        assert untrue not in html


def test_a_draft_that_was_taken_off_the_list_went_to_nobody_and_can_be_put_back(client, url):
    client.post(url + "/discard")
    html = page(client, url + "/progress")
    assert "Nobody got it: it was taken off the list on" in html
    assert not [
        words for words in ("people on the list", "Done on", "Who gets it", "waiting their turn") if words in html
    ]
    assert f'action="{url}/restore"' in html
    client.post(url + "/restore")
    assert the().state is AnnouncementState.DRAFT
