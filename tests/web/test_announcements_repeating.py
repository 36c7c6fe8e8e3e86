"""The lists behind the numbers, and what a keeper may do for the copies on them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from caucusmail import clock
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.delivery import retry
from caucusmail.delivery.models import DeliveryState
from tests import make
from tests.announcements.gone import gone, paused
from tests.announcements.rooms import Room, copies, peopled
from tests.entering import enter
from tests.filled import form
from tests.statements import counted
from tests.web.test_announcements import page

UNCERTAIN = (DeliveryState.UNCERTAIN, {"note": retry.Fault.LOST_ANSWER.value})
DEFERRED = (DeliveryState.DEFERRED, {"reply_code": 452, "reply": "4.2.2 mailbox of ada@mail.example is full"})


@pytest.fixture
def room(client: FlaskClient) -> Room:
    """A room with three members, whose coordinator is signed in."""
    room = peopled()
    enter(client, room.by.person)
    return room


def url(sent: Announcement, name: str = "") -> str:
    return f"/compose/{sent.id}/progress" + (f"/{name}" if name else "")


def ask(client: FlaskClient, sent: Announcement, name: str, step: str, **filled: Any) -> Any:
    data = form(page(client, url(sent, name)), url(sent, name), reason="They asked") | {"step": step} | filled
    return client.post(url(sent, name), data=data)


def ask_for_all(client: FlaskClient, sent: Announcement, name: str, step: str) -> Any:
    return client.post(url(sent, name) + "?every=y", data={"reason": "They asked", "step": step})


def states(sent: Announcement) -> list[str]:
    db.session.expire_all()
    return [row.state.value for row in copies(sent)]


def test_each_of_the_seven_states_has_its_number_and_its_list(client, room):
    sent = gone(room, DeliveryState.ACCEPTED)
    html = page(client, url(sent))
    for name, label in (
        ("accepted", "Accepted"),
        ("queued", "Still to send"),
        ("in-flight", "Leaving now"),
        ("deferred", "Deferred"),
        ("failed", "Failed"),
        ("uncertain", "Uncertain"),
        ("withdrawn", "Withdrawn"),
    ):
        assert label in html
        assert f"<h1>{label}: " in page(client, url(sent, name))


def test_an_answer_stands_in_plain_words_beside_the_server_s_own_without_the_address(client, room):
    sent = gone(room, DEFERRED)
    html = page(client, url(sent, "deferred"))
    assert "The mailbox is full. It is tried again by itself (tried 3 times)." in html
    assert "4.2.2 mailbox of *** is full" in html
    assert "ada@" not in html


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("deferred", "Our own mail relay takes no letters at the moment; it is tried again by itself."),
        ("failed", "Our mail relay did not answer, or broke off."),
    ],
)
def test_what_our_own_relay_puts_off_does_not_speak_of_the_recipient_s_server(client, room, state, said):
    words = {"reply_code": 452, "reply": "4.3.1 Insufficient system storage", "note": retry.Fault.RELAY.value}
    html = page(client, url(gone(room, (DeliveryState(state), words)), state))
    assert said in html
    assert "server of the recipient" not in html


def test_a_ticked_copy_is_sent_again_with_its_reason_shown_and_taken_back(client, room):
    sent = gone(room, UNCERTAIN)
    row = copies(sent)[1]
    answer = ask(client, sent, "uncertain", "send-again", row=[str(row.id)])
    assert answer.location == url(sent)
    assert states(sent) == ["uncertain", "queued", "uncertain"]
    assert sent.state is AnnouncementState.SENDING
    html = page(client, url(sent))
    assert "1 copy is sent again now." in html
    assert f"{room.by.person.name} asked to send 1 copy again: “They asked”." in html
    assert f"Sent again because “They asked”, by {room.by.person.name}." in page(client, url(sent, "queued"))
    action = html.partition("/asked/")[2].partition('"')[0]
    assert client.post(f"/compose/{sent.id}/asked/{action}").location == url(sent)
    assert states(sent) == ["uncertain"] * 3
    again = client.post(f"/compose/{sent.id}/asked/{action}")
    assert again.status_code == 409
    assert f'href="{url(sent)}"' in again.get_data(as_text=True)


def test_all_that_wait_are_tried_now_and_a_second_click_is_told_so(client, room):
    sent = gone(room, DEFERRED)
    assert "Try all 3 copies now" in page(client, url(sent, "deferred"))
    assert ask_for_all(client, sent, "deferred", "try-now").status_code == 303
    assert states(sent) == ["queued"] * 3
    answer = ask_for_all(client, sent, "deferred", "try-now")
    assert answer.status_code == 409
    assert "somebody asked for it just before you" in answer.get_data(as_text=True)


def test_a_copy_is_settled_by_asking_the_person(client, room):
    sent = gone(room, UNCERTAIN)
    first, second, _third = (str(row.id) for row in copies(sent))
    ask(client, sent, "uncertain", "arrived", row=[first])
    ask(client, sent, "uncertain", "not-arrived", row=[second])
    assert states(sent) == ["accepted", "failed", "uncertain"]
    assert "It arrived: the person was asked." in page(client, url(sent, "accepted"))
    assert "It did not arrive: the person was asked." in page(client, url(sent, "failed"))


def test_after_a_stop_what_became_of_a_copy_can_still_be_said_and_nothing_sent(client, room):
    sent = gone(room, UNCERTAIN, DEFERRED)
    client.post(f"/compose/{sent.id}/stop")
    html = page(client, url(sent, "uncertain"))
    assert "They arrived" in html
    assert "It was stopped, so nothing of it is sent again." in html
    for button in ("Send the ticked ones again", "copies again"):
        assert button not in html
    ask(client, sent, "uncertain", "arrived", row=[str(copies(sent)[0].id)])
    assert states(sent) == ["accepted", "withdrawn", "withdrawn"]


def test_while_it_is_paused_its_copies_wait_until_it_goes_on(client, room):
    sent = gone(room, DEFERRED)
    with transaction():
        paused(sent, "asked why")
    html = page(client, url(sent, "deferred"))
    assert "The mailbox is full. It waits until the announcement goes on." in html
    assert "It is tried again by itself" not in html
    enter(client, make.secretary())
    assert '<td class="number">3</td><td class="number">0</td></tr>' in page(client, "/staff/mail")


def test_a_second_pause_and_a_second_go_on_lead_to_the_numbers(client, room):
    sent = gone(room, DEFERRED)
    for name, said in (("pause", "It is paused already."), ("go-on", "It goes on already.")):
        answers = [client.post(f"/compose/{sent.id}/{name}", data={"reason": "Wait"}) for _time in range(2)]
        assert [one.location for one in answers] == [url(sent)] * 2
        assert f"{said} You typed: “Wait”" in page(client, url(sent))


def test_a_copy_to_an_address_that_came_back_does_not_say_that_the_person_left(client, room):
    sent = gone(room, (DeliveryState.WITHDRAWN, {"note": "suppressed"}))
    assert "mail to this address came back before" in page(client, url(sent, "withdrawn"))
    report = page(client, f"/compose/{sent.id}/report")
    assert "3 copies were not sent because mail to their addresses came back before." in report
    assert "left, or asked for no more mail" not in report


def test_a_refusal_that_was_judged_later_is_said_once_and_our_own_error_is_no_server_s(client, room):
    refused = {"reply_code": 550, "reply": "5.1.1 no such user", "note": "address"}
    judged = {"bounced_at": clock.now(), "bounce": "gone", "bounce_words": "5.1.1 no such user"}
    broke = {"reply": "ConnectionResetError: Connection reset by peer", "note": "relay"}
    sent = gone(room, (DeliveryState.FAILED, refused | judged), (DeliveryState.DEFERRED, broke))
    html = page(client, url(sent, "failed"))
    assert html.count("5.1.1 no such user") == 1
    assert "It came back later" not in html
    assert "It came back later" not in client.post(f"/compose/{sent.id}/report.csv").text
    html = page(client, url(sent, "deferred"))
    assert "The connection to the mail relay broke; it is tried again by itself." in html
    assert "ConnectionResetError" not in html


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"reason": ""}, "Say in a few words why"),
        ({"reason": "x" * 301}, "longer than"),
        ({}, "Tick the copies that you mean."),
        ({"row": ["-1", "99999999999999"]}, "Tick the copies that you mean."),
        ({"row": ["1 OR 1"]}, "Tick the copies that you mean."),
    ],
)
def test_without_a_reason_or_a_copy_nothing_is_sent_and_the_page_says_what_is_missing(client, room, filled, said):
    sent = gone(room, UNCERTAIN)
    answer = ask(client, sent, "uncertain", "send-again", **filled)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True).replace("cannot be longer", "longer")
    assert states(sent) == ["uncertain"] * 3


def test_a_button_that_is_none_does_nothing(client, room):
    sent = gone(room, UNCERTAIN)
    assert ask_for_all(client, sent, "uncertain", "delete").status_code == 422
    assert client.post(url(sent, "nonsense"), data={"reason": "x", "step": "try-now"}).status_code == 404
    assert states(sent) == ["uncertain"] * 3


def test_an_address_that_was_refused_and_a_stopped_announcement_offer_nothing(client, room):
    sent = gone(room, (DeliveryState.FAILED, {"note": "address", "reply_code": 550, "reply": "5.1.1 unknown"}))
    html = page(client, url(sent, "failed"))
    assert "There is no such mailbox (any more)." in html
    assert "<button" not in html.partition("<main")[2].partition("</main>")[0]
    with transaction():
        sent.state = AnnouncementState.STOPPED
        for row in copies(sent):
            row.state = DeliveryState.UNCERTAIN
    assert "Send the ticked ones again" not in page(client, url(sent, "uncertain"))


def test_only_those_who_keep_the_group_step_in(client, room):
    sent = gone(room, UNCERTAIN)
    enter(client, Room().by.person)
    assert client.get(url(sent, "uncertain")).status_code == 404
    assert ask_for_all(client, sent, "uncertain", "send-again").status_code == 404
    enter(client, make.person())
    assert ask_for_all(client, sent, "uncertain", "send-again").status_code == 403


def test_a_list_costs_the_same_however_long_it_is(client, room):
    one = Room()
    make.member(one.caucus, group=one.group)
    with transaction():
        make.keep(
            make.Keeper(
                person_id=room.by.id, caucus_id=one.caucus.id, role="coordinator", since=one.caucus.status_since
            )
        )
    short, long = gone(one, UNCERTAIN), gone(room, UNCERTAIN)
    with counted() as few:
        page(client, url(short, "uncertain"))
    with counted() as many:
        page(client, url(long, "uncertain"))
    assert len(many) == len(few)


def test_what_is_paused_says_why_and_goes_on_with_a_reason(client, room):
    sent = gone(room, DeliveryState.QUEUED)
    with transaction():
        paused(sent, "complained")
    html = page(client, url(sent))
    assert "Too many people reported the last copies as unwanted" in html
    assert client.post(f"/compose/{sent.id}/go-on", data={"reason": ""}).status_code == 422
    assert client.post(f"/compose/{sent.id}/go-on", data={"reason": "We asked them"}).location == url(sent)
    assert "paused by itself" not in page(client, url(sent))
