"""Sessions: the secretariat's pages, and the week that everybody sees as far as they may."""

import re
from datetime import datetime

import pytest

from caucusmail.meetings.models import Meeting, MeetingSession, MeetingState
from tests import make
from tests.entering import enter
from tests.filled import form
from tests.statements import counted
from tests.web.test_meetings import SECRET_ROOM, meeting, text

ASSEMBLY = {
    "name_en": "Assembly of States Parties, 26th session",
    "name_fr": "Assemblée des États Parties, 26e session",
    "part1": "2027-11-29",
    "part1_ends": "03/12/2027",
    "part1_city": "The Hague",
    "part2": "2027-12-06",
    "part2_ends": "2027-12-08",
    "part2_city": "New York",
}
SLUG = "assembly-of-states-parties-26th-session"
WEEK = f"/meetings/sessions/{SLUG}?week=2027-11-29"


def back(client) -> str:
    return re.search(r'action="(/staff/sessions/[^"]+)" class="inline"><input[^>]+><button class="quiet">Undo', client.get("/staff/sessions").text)[1]  # fmt: skip


@pytest.fixture
def session(staff, vrwg) -> MeetingSession:
    assert staff.post("/staff/sessions/new", data=ASSEMBLY).status_code == 303
    return make.rows(MeetingSession)[0]


def test_a_session_is_added_changed_and_removed_each_with_its_way_back(staff, session):
    html = staff.get("/staff/sessions").text
    assert "Mon 29 Nov 2027 – Fri 3 Dec 2027, The Hague" in html
    assert "Meetings can be part of it from now on." in html
    path = f"/staff/sessions/{SLUG}"
    shown = form(staff.get(path).text, "")
    assert {name: shown[name][0] for name in ASSEMBLY} == ASSEMBLY | {"part1_ends": "2027-12-03"}
    assert "part3" in shown
    assert "part4" not in shown
    assert staff.post(path, data=ASSEMBLY | {"part1": "", "part1_ends": "", "part1_city": ""}).status_code == 303
    undo = back(staff)
    assert "29 Nov" not in staff.get("/meetings/sessions").text
    assert staff.post(undo).status_code == 303
    assert "29 Nov" in staff.get("/meetings/sessions").text
    assert staff.post(path + "/remove").status_code == 303
    undo = back(staff)
    assert staff.get(WEEK).status_code == 404
    assert staff.post(undo).status_code == 303
    assert staff.get(WEEK).status_code == 200
    journal = staff.get("/staff/journal").text
    for words in ("Added a session", "Changed a session", "Removed a session", "Put a removed session back"):
        assert words in journal


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name_en": "", "name_fr": ""}, "Give the session a name in at least one language."),
        ({"part2": ""}, "On which day does this part begin?"),
        ({"part2": "2027-12-02"}, "Two parts share Thu 2 Dec 2027."),
        ({"part2_ends": "2027-12-01"}, "This part would end before it begins."),
        ({"part1_city": ""}, "In which city is it?"),
        ({"part1_city": "Atlantis"}, "We know no clock for “Atlantis”"),
        ({"part1": "31 February"}, "We read “31 February”"),
        ({"part1_venue": "987"}, "What was chosen is not on the list."),
        (dict.fromkeys(ASSEMBLY.keys() - {"name_en", "name_fr"}, ""), "When and where is it?"),
    ],
)
def test_what_makes_no_session_is_said_beside_its_field_and_nothing_typed_is_lost(staff, vrwg, wrong, said):
    answer = staff.post("/staff/sessions/new", data=ASSEMBLY | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    for value in (ASSEMBLY | wrong).values():
        assert value in answer.text or value in ("31 February", "03/12/2027", "987", "")
    assert make.rows(MeetingSession) == []


def test_no_session_is_a_written_page(staff, client):
    assert "There is no session yet." in staff.get("/staff/sessions").text
    assert "No session is planned at the moment." in client.get("/meetings/sessions").text
    assert client.get("/meetings/sessions/nothing-like-it").status_code == 404


def test_the_week_shows_what_the_viewer_may_see_at_the_citys_time_with_the_other_seats(client, vrwg, session):
    ilse = make.coordinator(vrwg)
    one = meeting(vrwg, ilse, session_id=session.id)
    meeting(vrwg, ilse, "Secret meeting", public=False, session_id=session.id)
    meeting(vrwg, ilse, "Not announced", state=MeetingState.DRAFT, session_id=session.id)
    york = {
        "city": "New York",
        "zone": "America/New_York",
        "starts": datetime(2027, 12, 7, 10),
        "ends": datetime(2027, 12, 7, 11),
    }
    meeting(vrwg, ilse, "Farewell", state=MeetingState.CANCELLED, session_id=session.id, **york)
    client.post("/sign-out")
    html = text(client.get(WEEK))
    assert "<bdi>08:15–09:15</bdi>" in html
    assert "New York <bdi>02:15</bdi>" in html
    assert f'href="/meetings/{one.reference}"' in html
    for inside in ("Secret meeting", "Not announced", "Farewell", SECRET_ROOM):
        assert inside not in html
    assert html.count("No meeting</td>") == 4
    second = text(client.get(WEEK.replace("11-29", "12-06")))
    assert "<bdi>10:00–11:00</bdi>" in second
    assert "The Hague <bdi>16:00</bdi>" in second
    assert "Cancelled" in second
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second
    enter(client, make.member(vrwg))
    assert "Secret meeting" in text(client.get(WEEK))


def test_a_week_without_a_meeting_says_so_and_a_week_that_is_none_is_that_of_today(client, vrwg, session):
    assert "No meeting of this session that you may see is announced yet." in text(client.get(WEEK))
    for wrong in ("x", "0001-01-01", "2027-99-01", ""):
        assert "Week of Mon 29 Nov 2027" in text(client.get(f"/meetings/sessions/{SLUG}?week={wrong}"))
    meeting(vrwg, make.coordinator(vrwg), session_id=session.id)
    assert "No meeting that you may see is announced for this week." in text(client.get(WEEK.replace("11-29", "12-06")))


def test_a_meeting_leads_to_its_session_and_the_list_of_meetings_to_all(client, vrwg, session):
    one = meeting(vrwg, make.coordinator(vrwg), session_id=session.id)
    for path in (f"/meetings/{one.reference}", "/meetings"):
        assert f'href="/meetings/sessions/{SLUG}?week=2027-11-30"' in text(client.get(path))
    assert 'href="/meetings/sessions"' in text(client.get("/meetings"))


def test_a_name_never_becomes_markup_and_a_week_takes_the_same_number_of_statements(staff, vrwg):
    staff.post("/staff/sessions/new", data=ASSEMBLY | {"name_en": "<b>X</b>"})
    session, ilse = make.rows(MeetingSession)[0], make.coordinator(vrwg)
    path = f"/meetings/sessions/{session.slug}?week=2027-11-29"
    meeting(vrwg, ilse, "<i>Y</i>", session_id=session.id)
    for one in (path, "/meetings/sessions", "/staff/sessions", f"/staff/sessions/{session.slug}"):
        assert not re.search(r"<[bi]>[XY]", staff.get(one).text)
    with counted() as few:
        text(staff.get(path))
    for number in range(9):
        meeting(make.caucus(), make.secretary(), f"Number {number}", session_id=session.id)
    with counted() as many:
        assert "Number 8" in text(staff.get(path))
    assert len(few) == len(many)
    assert len(make.rows(Meeting)) == 10
