"""A meeting that was announced changes, from a phone: choose what, say how, and the same people are told."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from caucusmail import clock
from caucusmail.announcements import newcomers
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory.models import RosterPolicy
from caucusmail.groups.models import EmailGroup
from caucusmail.meetings.models import Answer, AnswerState, Meeting, MeetingState
from tests import make
from tests.entering import enter
from tests.filled import form
from tests.meetings.test_answers import say
from tests.web.composing import page, sending, the


@pytest.fixture
def meeting(client: FlaskClient, url: str, members: Any) -> Meeting:
    """Announced, and its letters leave."""
    sending(client, url, accepted=250)
    found = the().meeting
    assert found is not None
    return found


def path(meeting: Meeting, kind: str = "") -> str:
    return f"/compose/change/{meeting.reference}" + (f"/{kind}" if kind else "")


def change(client: FlaskClient, meeting: Meeting, kind: str, **filled: Any) -> Any:
    where = path(meeting, kind)
    return client.post(where, data=form(page(client, where), where, **filled))


def newest() -> Announcement:
    db.session.expire_all()
    return the()


def test_a_room_is_changed_in_two_steps_and_its_readers_are_told(client, meeting):
    assert f'href="/compose/change/{meeting.reference}"' in page(client, f"/meetings/{meeting.reference}")
    assert f'href="{path(meeting, "room")}"' in page(client, path(meeting))
    answer = change(client, meeting, "room", room="E-04")
    made = newest()
    assert (answer.status_code, answer.location) == (303, f"/compose/{made.id}/progress")
    assert (made.kind, made.state) == (AnnouncementKind.CHANGE, AnnouncementState.SENDING)
    assert "ROOM: E-04" in page(client, answer.location)
    assert "E-04" in page(client, f"/meetings/{meeting.reference}")


def test_from_what_changes_one_way_leads_to_a_correction_of_the_text(client, meeting):
    sent = newest()
    assert f'href="/compose/{sent.id}/correct"' in page(client, path(meeting))
    change(client, meeting, "room", room="E-04")
    assert f'href="/compose/{sent.id}/correct"' in page(client, path(meeting))
    assert f'href="/compose/{newest().id}/correct"' not in page(client, path(meeting))  # the change itself
    assert page(client, f"/compose/{sent.id}/correct")


def test_who_will_be_told_is_said_before(client, meeting, members):
    people = len({row.person_id for row in make.rows(Delivery) if row.message_id == the().message_id})
    assert f"{people} pe" in page(client, path(meeting, "room"))


def test_a_second_click_tells_nobody_twice(client, meeting):
    where = path(meeting, "room")
    filled = form(page(client, where), where, room="E-04")
    client.post(where, data=filled)
    before = newest().id
    answer = client.post(where, data=filled, follow_redirects=True)
    assert "Somebody changed this meeting a moment ago" in answer.get_data(as_text=True)
    assert newest().id == before


def test_what_is_already_so_is_said_beside_its_field_and_nothing_is_lost(client, meeting):
    answer = change(client, meeting, "room", room=meeting.room, words_en="Mind the step.")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This is what it is already" in html
    assert "Mind the step." in html


def test_a_time_that_does_not_exist_and_one_that_is_missing_are_asked_for(client, meeting):
    answer = change(client, meeting, "time", day="2027-03-28", starts="02:30", ends="03:30")
    assert answer.status_code == 422
    assert 'href="#starts"' in answer.get_data(as_text=True)
    answer = change(client, meeting, "time", day="", starts="09:00", ends="10:00")
    assert answer.status_code == 422
    assert "On which day is the meeting?" in answer.get_data(as_text=True)
    assert newest().kind is AnnouncementKind.MEETING


def test_a_larger_room_has_more_places_and_who_waits_for_one_gets_it(client, meeting, members):
    assert change(client, meeting, "room", places="1").status_code == 303
    for person in members:
        say(meeting, person, AnswerState.COMING)
    assert sorted(row.has_place for row in make.rows(Answer)) == [False, True]
    answer = change(client, meeting, "room", places="2")
    db.session.expire_all()
    assert answer.status_code == 303
    assert newest().meeting.sequence == 0  # time and place stay: calendars have nothing to follow
    assert "NUMBER OF PLACES CHANGED" in page(client, answer.location)
    html = page(client, f"/meetings/{meeting.reference}")
    assert "Places changed:</strong> <bdi>2" in html
    assert all(row.has_place for row in make.rows(Answer))
    refused = change(client, meeting, "room", places="0")
    assert (refused.status_code, 'href="#places"' in refused.get_data(as_text=True)) == (422, True)


def test_a_deadline_moves_and_never_ends_after_the_meeting_has_begun(client, meeting):
    early = change(client, meeting, "time", day="2027-11-24", starts="08:15", ends="09:15")
    html = early.get_data(as_text=True)
    assert (early.status_code, 'href="#reply_day"' in html, "<details open>" in html) == (422, True, True)
    half = change(client, meeting, "time", reply_by="")
    assert (half.status_code, 'href="#reply_by"' in half.get_data(as_text=True)) == (422, True)
    assert newest().kind is AnnouncementKind.MEETING
    answer = change(client, meeting, "time", reply_day="2027-11-26", reply_zone="New York")
    assert answer.status_code == 303
    assert (newest().meeting.reply_zone, newest().meeting.sequence) == ("America/New_York", 0)
    assert "NEW REPLY DEADLINE" in page(client, answer.location)
    html = page(client, f"/meetings/{meeting.reference}")
    assert "Fri 26 Nov 2027, 18:00, New York" in html
    assert "Thu 25 Nov 2027, 18:00, The Hague" in html


def test_an_hour_is_told_as_a_whole_also_where_only_the_end_moves(client, meeting):
    assert change(client, meeting, "time", ends="10:00").status_code == 303
    html = page(client, f"/meetings/{meeting.reference}")
    assert "Time changed:</strong> <bdi>Tue 30 Nov 2027, 08:15–10:00" in html
    assert "<bdi>Tue 30 Nov 2027, 08:15–09:15</bdi></del>" in html


def test_cancelled_and_reinstated(client, meeting):
    assert change(client, meeting, "cancelled", reason="The building is closed.", follows="y").status_code == 303
    db.session.refresh(meeting)
    assert meeting.state is MeetingState.CANCELLED
    html = page(client, f"/meetings/{meeting.reference}")
    assert "The building is closed." in html
    assert "reinstated" in page(client, path(meeting))
    assert change(client, meeting, "reinstated").status_code == 303
    db.session.refresh(meeting)
    assert meeting.state is MeetingState.CONFIRMED


def test_an_edit_of_a_meeting_that_was_cancelled_meanwhile_is_refused_and_offers_the_way_on(
    client, meeting, monkeypatch
):
    where = path(meeting, "room")
    filled = form(page(client, where), where, room="E-04")
    change(client, meeting, "cancelled")
    answer = client.post(where, data=filled)
    assert_offers_to_reinstate(answer, meeting)
    assert_offers_to_reinstate(client.get(where), meeting)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: meeting.ends_at)
        assert path(meeting, "reinstated") not in client.get(where).get_data(as_text=True)
    assert newest().meeting.room != "E-04"
    assert client.get(path(meeting, "reinstated")).status_code == 200


def assert_offers_to_reinstate(answer: Any, meeting: Meeting) -> None:
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "This meeting was cancelled. It can be reinstated, but not edited." in html
    assert f'href="{path(meeting, "reinstated")}"' in html


def test_of_two_keepers_the_second_keeps_what_was_typed_and_sees_what_is_new(client, meeting):
    where = path(meeting, "room")
    first, second = (
        form(page(client, where), where, room=room, words_en=f"Mind {room}.") for room in ("E-04", "K-12 <b>")
    )
    client.post(where, data=first)
    answer = client.post(where, data=second)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody changed this meeting a moment ago" in html
    assert "<bdi>E-04" in html
    assert "Mind K-12 &lt;b&gt;." in html
    assert newest().meeting.room == "E-04"
    assert client.post(where, data=form(html, where)).status_code == 303
    assert newest().meeting.room == "K-12 <b>"


def test_a_reason_to_cancel_outlives_a_change_of_the_room(client, meeting):
    where = path(meeting, "cancelled")
    filled = form(page(client, where), where, reason="Strike of the trams.")
    change(client, meeting, "room", room="E-04")
    answer = client.post(where, data=filled)
    assert (answer.status_code, "Strike of the trams." in answer.get_data(as_text=True)) == (409, True)
    assert client.post(where, data=form(answer.get_data(as_text=True), where)).status_code == 303
    again = client.post(where, data=filled)
    assert again.status_code == 303  # it is cancelled: a second click
    assert newest().meeting.state is MeetingState.CANCELLED


@pytest.mark.parametrize("kind", ["", "room", "no-such"])
def test_nobody_else_finds_it(client, meeting, kind):
    enter(client, make.coordinator(make.caucus("other")))
    assert client.get(path(meeting, kind)).status_code == 404


def test_a_meeting_that_nobody_was_told_of_has_nothing_to_change(client, url):
    meeting = the().meeting
    assert "Nobody was told of this meeting yet" in page(client, path(meeting))
    assert client.get(path(meeting, "room")).status_code == 404


def test_while_nobody_was_sent_it_yet_the_invitation_is_made_anew(client, url, members):
    sending(client, url)
    meeting = the().meeting
    answer = change(client, meeting, "room", room="E-04")
    made = newest()
    assert answer.location == f"/compose/{made.id}/progress"
    assert (made.kind, made.corrects_id) == (AnnouncementKind.MEETING, made.id - 1)


def test_who_declined_can_be_left_out_and_is_named_among_those_left_out(client, meeting, members):
    say(meeting, members[0], AnswerState.NOT_COMING)
    assert 'name="spares"' not in page(client, path(meeting, "room"))  # who is in the group is hidden
    with transaction():
        meeting.caucus.roster = RosterPolicy.MEMBERS
        for row in make.rows(Delivery):
            row.state, row.settled_at = DeliveryState.ACCEPTED, clock.now()
    html = page(client, path(meeting, "room"))
    assert "1 person said so." in html
    assert 'name="spares"' in html
    assert "checked" not in html
    assert change(client, meeting, "room", room="E-04", spares="y").status_code == 303
    made = newest()
    assert members[0].id not in {row.person_id for row in make.rows(Delivery) if row.message_id == made.message_id}
    assert "1 does not come" in page(client, f"/compose/{made.id}/audience")


def test_the_agenda_is_put_in_order_before_anybody_is_told(client, meeting):
    where = path(meeting, "details")
    moved = change(client, meeting, "details", do="up-3", hosts="Legal Aid")
    assert moved.status_code == 200
    assert newest().kind is AnnouncementKind.MEETING
    data = form(moved.get_data(as_text=True), where)
    assert (data["hosts"], data["item2_title_en"]) == (["Legal Aid"], ["Any other business"])
    answer = client.post(where, data=data | {"do": "tell", "item1_minutes": "10"})
    assert (answer.status_code, newest().kind) == (303, AnnouncementKind.CHANGE)
    html = page(client, f"/meetings/{meeting.reference}")
    assert "Agenda changed:" in html
    assert "10 min" in html
    assert "Legal Aid" in html


def test_what_the_verb_refuses_of_an_agenda_stands_beside_its_row(client, meeting):
    answer = change(client, meeting, "details", item2_title_en="", item2_minutes="5")
    assert (answer.status_code, 'href="#item2_title_en"' in answer.get_data(as_text=True)) == (422, True)


def test_of_two_keepers_who_change_the_agenda_the_second_is_told(client, meeting):
    where = path(meeting, "details")
    first, second = (form(page(client, where), where, item1_title_en=title, do="tell") for title in ("A", "B"))
    assert client.post(where, data=first).status_code == 303
    refused = client.post(where, data=second)
    assert (refused.status_code, "B" in form(refused.get_data(as_text=True), where)["item1_title_en"]) == (409, True)
    db.session.expire_all()
    assert meeting.agenda[0]["titles"]["en"] == "A"


def test_whether_who_joins_later_is_invited_can_be_changed_and_changed_back(client, meeting):
    where = path(meeting, "newcomers")
    for invited, said in ((False, "Who joins later is not invited."), (True, "Who joins later is invited too")):
        answer = client.post(where, data=form(page(client, path(meeting)), where, invited="yes" if invited else "no"))
        assert answer.status_code == 303
        assert said in page(client, path(meeting))
        db.session.refresh(meeting)
        assert meeting.invites_newcomers is invited


def test_who_joined_later_is_said_on_the_pages_of_the_announcement(client, meeting, vrwg, monkeypatch):
    first = newest()
    make.member(vrwg, make.person("Zed Later"), make.rows(EmailGroup)[0])
    moment = clock.now() + newcomers.SETTLED
    monkeypatch.setattr(clock, "now", lambda: moment)
    with transaction():
        assert newcomers.invite_due() == 1
    for where in ("progress", "audience"):
        assert "1 person who joined later was sent it too." in page(client, f"/compose/{first.id}/{where}")
    html = page(client, f"/compose/{first.id}/audience")
    assert "Zed Later" in html
    assert "joined later" in html
