"""The pages of meetings: what everybody may know, what only members see."""

from datetime import datetime
from typing import Any

import pytest

from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.meetings import founding, scheduling
from caucusmail.meetings.agenda import of_lines
from caucusmail.meetings.models import Meeting, MeetingKind, MeetingMode, MeetingState, Venue
from caucusmail.meetings.scheduling import MeetingDraft
from tests import make
from tests.entering import enter
from tests.statements import counted

SECRET_ROOM = "K-12, first floor"


def meeting(
    caucus: Any, by: Any, title: str = "Strategy meeting", state: MeetingState = MeetingState.CONFIRMED, **more: Any
) -> Meeting:
    """A meeting that was announced."""
    draft = MeetingDraft(
        **{
            "kind": MeetingKind.STRATEGY,
            "starts": datetime(2027, 11, 30, 8, 15),
            "ends": datetime(2027, 11, 30, 9, 15),
            "titles": {"en": title},
            "city": "The Hague",
            "zone": "Europe/Amsterdam",
            "room": SECRET_ROOM,
            "access": {"en": "Session badge."},
            "agenda": of_lines({"en": "Opening\nThe election"}),
            "public": True,
        }
        | more
    )
    with transaction():
        made = scheduling.call(draft, caucus, visibility.viewer(by))
        made.state = state
    return made


@pytest.fixture
def vrwg() -> Any:
    return make.caucus("vrwg", tag="VRWG", names={"en": "Victims’ Rights Working Group"})


@pytest.fixture
def ilse(vrwg: Any) -> Any:
    return make.coordinator(vrwg)


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_no_meeting_is_a_written_page(client):
    assert "No meeting that anybody may know of is planned" in text(client.get("/meetings"))


def test_public_meetings_are_listed_by_month_with_both_seats_clocks_and_without_room(client, vrwg, ilse):
    meeting(vrwg, ilse)
    meeting(vrwg, ilse, "Secret meeting", public=False)
    html = text(client.get("/meetings"))
    assert "November 2027" in html
    assert "Strategy meeting" in html
    assert "New York <bdi>02:15</bdi>" in html
    assert "Secret meeting" not in html
    assert SECRET_ROOM not in html


def test_a_member_sees_the_meetings_of_their_own_group(client, vrwg, ilse):
    meeting(vrwg, ilse, "Secret meeting", public=False)
    enter(client, make.member(vrwg))
    assert "Secret meeting" in text(client.get("/meetings"))


def test_a_stranger_with_the_address_sees_the_time_but_neither_room_nor_access(client, vrwg, ilse):
    one = meeting(vrwg, ilse, public=False)
    html = text(client.get(f"/meetings/{one.reference}"))
    assert "Tuesday 30 November 2027" in html
    assert "07:15" in html
    for inside in (SECRET_ROOM, "Session badge", "The election"):
        assert inside not in html
    ics = text(client.get(f"/meetings/{one.reference}.ics"))
    assert "K-12" not in ics


def test_a_person_of_another_group_is_not_asked_to_sign_in_again(client, vrwg, ilse):
    one = meeting(vrwg, ilse)
    enter(client, make.member(make.caucus("fenicc")))
    html = text(client.get(f"/meetings/{one.reference}"))
    assert "you are not one of them" in html
    assert "Sign in" not in html
    assert SECRET_ROOM not in html


def test_a_member_sees_room_access_agenda_and_their_own_clock(client, vrwg, ilse):
    one = meeting(vrwg, ilse)
    enter(client, make.member(vrwg, make.person(zone="Africa/Nairobi")))
    html = text(client.get(f"/meetings/{one.reference}"))
    for inside in (SECRET_ROOM, "Session badge", "The election", "Nairobi</dt><dd><bdi>10:15"):
        assert inside in html
    answer = client.get(f"/meetings/{one.reference}.ics")
    assert "LOCATION:K-12" in text(answer)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "ATTENDEE" not in text(answer)


def test_what_has_changed_stands_on_top_and_the_room_only_for_members(client, vrwg, ilse):
    one = meeting(vrwg, ilse)
    draft = scheduling.draft_of(one)
    with transaction():
        scheduling.revise(
            one,
            MeetingDraft(**{**draft.__dict__, "room": "E-04", "starts": datetime(2027, 11, 30, 8, 30)}),
            visibility.viewer(ilse),
            note="Lift is out of order",
        )
    stranger = text(client.get(f"/meetings/{one.reference}"))
    assert "Time changed" in stranger
    assert "E-04" not in stranger
    enter(client, make.member(vrwg))
    html = text(client.get(f"/meetings/{one.reference}"))
    assert html.index("What has changed") < html.index("Tuesday 30 November 2027")
    assert "<del><bdi>K-12, first floor</bdi></del>" in html
    assert "E-04" in html


def test_a_cancelled_meeting_says_so_first(client, vrwg, ilse):
    one = meeting(vrwg, ilse, state=MeetingState.CANCELLED)
    assert "This meeting is cancelled." in text(client.get(f"/meetings/{one.reference}"))
    assert "Cancelled" in text(client.get("/meetings"))


def test_a_meeting_that_was_not_announced_is_not_there(client, vrwg, ilse):
    one = meeting(vrwg, ilse, state=MeetingState.DRAFT)
    assert client.get(f"/meetings/{one.reference}").status_code == 404
    assert client.get(f"/meetings/{one.reference}.ics").status_code == 404
    assert client.get("/meetings/nothing-like-it").status_code == 404
    enter(client, ilse)
    assert "Not announced yet" in text(client.get(f"/meetings/{one.reference}"))


def test_the_weeks_of_another_gap_are_pointed_out(client, vrwg, ilse):
    one = meeting(
        vrwg,
        ilse,
        zone="America/New_York",
        city="New York",
        starts=datetime(2027, 3, 17, 9),
        ends=datetime(2027, 3, 17, 10),
    )
    html = text(client.get(f"/meetings/{one.reference}"))
    assert "The Hague</dt><dd><bdi>14:00" in html
    assert "In the week of the meeting New York and The Hague are 5 hours apart" in html


def test_titles_rooms_and_hosts_never_become_markup(client, vrwg, ilse):
    evil = "<script>alert(1)</script>"
    one = meeting(
        vrwg, ilse, evil, room=evil, hosts=evil, access={"en": evil}, agenda=of_lines({"en": evil}), city=evil
    )
    enter(client, make.member(vrwg))
    for path in ("/meetings", f"/meetings/{one.reference}"):
        html = text(client.get(path))
        assert "<script>" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_list_takes_the_same_number_of_statements_however_long_it_is(client, vrwg, ilse):
    with transaction():
        founding.found()
    venue = make.rows(Venue)[0]
    meeting(vrwg, ilse, venue_id=venue.id)
    with counted() as few:
        text(client.get("/meetings"))
    for number in range(9):
        meeting(make.caucus(), make.secretary(), f"Number {number}", venue_id=venue.id, mode=MeetingMode.ONLINE)
    with counted() as many:
        text(client.get("/meetings"))
    assert len(few) == len(many)
