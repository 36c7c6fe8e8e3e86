"""The report of an announcement: the page, and the file for a spreadsheet."""

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from caucusmail import clock
from caucusmail.announcements.models import Announcement
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.delivery.retry import Fault
from tests import make
from tests.announcements import gone as sending
from tests.announcements.gone import gone
from tests.announcements.rooms import Room, confirmed, copies, meeting, paused, peopled, ready
from tests.entering import enter
from tests.statements import counted
from tests.web.test_announcements import page

FAILED = (DeliveryState.FAILED, {"note": Fault.ADDRESS.value, "reply_code": 550, "reply": "5.1.1 =cmd| no such user"})


@pytest.fixture
def room(client: FlaskClient) -> Room:
    """A room with three members, whose coordinator is signed in."""
    room = peopled()
    enter(client, room.by.person)
    return room


def url(sent: Announcement, ending: str = "") -> str:
    return f"/compose/{sent.id}/report{ending}"


def table(client: FlaskClient, sent: Announcement) -> list[dict[str, str]]:
    answer = client.post(url(sent, ".csv"))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_page_says_who_got_it_who_did_not_and_why_and_who_was_left_out(client, room):
    paused(room, make.member(room.caucus, make.person("Eve"), room.group))
    sent = gone(room, DeliveryState.ACCEPTED, FAILED, DeliveryState.UNCERTAIN)
    html = page(client, url(sent))
    assert "3 people" in html
    assert "There is no such mailbox (any more)." in html
    assert "Ben" in html
    assert "Uncertain: 1" in html
    assert "1 is paused" in html
    assert "Nobody was taken off the list after it was fixed." in html
    assert sent.audience_digest in html
    assert f'href="{url(sent)}"' in page(client, f"/compose/{sent.id}/progress")


def test_who_got_it_is_named_with_the_time_and_what_came_back_later_with_the_reason(client, room):
    back = {"bounced_at": clock.now(), "bounce": "gone", "bounce_words": "550 5.1.1 ben@mail.example unknown"}
    sent = gone(room, DeliveryState.ACCEPTED, (DeliveryState.ACCEPTED, back))
    html = page(client, url(sent))
    assert "Accepted: 3" in html
    assert html.count("<bdi>Ada</bdi>") == 1
    assert "Accepted, and came back later: 2" in html
    assert "There is no such mailbox (any more)." in html
    assert "ben@" not in html
    rows = table(client, sent)
    assert "It came back later: There is no such mailbox (any more)." in rows[1]["What it means"]
    assert "came back" not in rows[0]["What it means"]


def test_times_are_told_in_the_city_of_the_meeting_and_in_utc(client, room):
    sent = gone(room, DeliveryState.ACCEPTED)
    assert "in Nairobi" in page(client, url(sent))
    with_meeting = gone(room, DeliveryState.ACCEPTED)
    with transaction():
        with_meeting.meeting = make.keep(a_meeting(room))
    html = page(client, url(with_meeting))
    assert "in The Hague" in html
    assert " UTC)" in html


def a_meeting(room: Room) -> Any:
    return room.drafted(meeting=meeting()).meeting


def test_the_file_has_one_line_for_everybody_and_no_formula(client, room):
    paused(room, make.member(room.caucus, make.person("Eve"), room.group))
    with transaction():
        sent = gone(room, DeliveryState.ACCEPTED, FAILED)
        copies(sent)[0].name = "=HYPERLINK(1)"
    rows = table(client, sent)
    assert [(row["Name"], row["State"]) for row in rows] == [
        ("'=HYPERLINK(1)", "Accepted"),
        ("Ben", "Failed"),
        ("Chi", "Failed"),
        ("Eve", "Left out"),
    ]
    assert rows[1]["What the other server said"] == "550 5.1.1 =cmd| no such user"
    assert rows[1]["When (UTC)"] == copies(sent)[1].settled_at.strftime("%Y-%m-%d %H:%M:%S")
    assert rows[0]["When (Nairobi)"] != rows[0]["When (UTC)"]
    assert {row["Address"] for row in rows} == {""}
    assert "mail.example" not in str(rows)


LATER = (DeliveryState.DEFERRED, {"reply_code": 452, "reply": "4.2.2 mailbox full", "attempts": 1})


def test_while_it_is_paused_no_page_and_no_file_says_that_it_is_tried_again_by_itself(client, room):
    sent = gone(room, LATER, DeliveryState.QUEUED, DeliveryState.ACCEPTED)
    numbers = f"/compose/{sent.id}/progress"
    for address, moves in ((url(sent), "It is tried again by itself"), (numbers, "will be tried again")):
        assert moves in page(client, address)
    with transaction():
        sending.paused(sent, "asked why")
    html = page(client, url(sent))
    assert "It is paused: what has not left waits until somebody lets it go on." in html
    assert "The mailbox is full. It waits until the announcement goes on." in html
    assert page(client, numbers).count("wait until it goes on") == 2
    for text in (html, page(client, numbers), str(table(client, sent))):
        for moves in ("again by itself", "be tried again", "Next try", "still being sent", "waits its turn"):
            assert moves not in text
    rows = {row["State"]: row for row in table(client, sent)}
    assert rows["Deferred"]["What it means"] == "The mailbox is full. It waits until the announcement goes on."
    assert [rows[state]["When (UTC)"] == "" for state in ("Deferred", "Still to send", "Accepted")] == [
        True,
        True,
        False,
    ]


def test_only_those_who_keep_the_group_and_the_secretariat_read_it(client, room):
    sent = gone(room, DeliveryState.ACCEPTED)
    enter(client, Room().by.person)
    assert client.get(url(sent)).status_code == 404
    assert client.post(url(sent, ".csv")).status_code == 404
    enter(client, make.person())
    assert client.get(url(sent)).status_code == 403
    enter(client, make.secretary())
    assert client.get(url(sent)).status_code == 200
    assert all("***" in row["Address"] for row in table(client, sent))


def test_what_has_not_left_has_no_report(client, room):
    held = confirmed(room, ready(room))
    assert client.get(url(held)).location == f"/compose/{held.id}/progress"
    assert client.post(url(held, ".csv")).status_code == 404


def test_it_costs_the_same_however_many_copies_there_are(client, room):
    few = gone(room, FAILED)
    with counted() as before:
        page(client, url(few))
    for _ in range(20):
        make.member(room.caucus, group=room.group)
    many = gone(room, FAILED)
    with counted() as after:
        page(client, url(many))
    assert len(after) == len(before)


def test_it_reads_well_in_french(client, room):
    sent = gone(room, DeliveryState.ACCEPTED, FAILED)
    html = page(client, "/fr" + url(sent))
    assert "Rapport" in html
    assert "Cette boîte n’existe pas (ou plus)." in html
