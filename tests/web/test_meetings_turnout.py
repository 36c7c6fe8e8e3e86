"""The page that says who comes, in numbers."""

from datetime import timedelta

import pytest

from caucusmail.database import db
from caucusmail.directory.models import RosterPolicy
from tests import make
from tests.announcements.rooms import Room, seated
from tests.announcements.test_turnout import asked
from tests.entering import enter
from tests.meetings.test_answers import COMING, NOT_COMING, say


@pytest.fixture(params=[RosterPolicy.MEMBERS, RosterPolicy.HIDDEN])
def room(request) -> Room:
    return Room(roster=request.param)


def test_keepers_find_it_from_the_meeting_and_members_do_not(client, room):
    people = [seated(room, f"P{number}", f"NGO {number}") for number in range(12)]
    held = asked(room, places=9)
    for number, who in enumerate(people[:10]):
        say(held, who, COMING if number else NOT_COMING)
    address = f"/meetings/{held.reference}"
    enter(client, people[0])
    assert "/answers" not in client.get(address).text
    assert client.get(f"{address}/answers").status_code == 403
    enter(client, make.coordinator(make.caucus()))
    assert client.get(f"{address}/answers").status_code == 404
    enter(client, room.by.person)
    assert f"{address}/answers" in client.get(address).text
    page = client.get(f"{address}/answers")
    assert page.status_code == 200
    hidden = room.caucus.roster is RosterPolicy.HIDDEN
    assert ("NGO 3" in page.text) is not hidden
    assert ("<dd>fewer than five<" in page.text) is hidden
    assert ("Africa" in page.text) is not hidden
    assert f'href="{address}"' in page.text


def test_before_anybody_answers_it_says_so(client, room):
    seated(room, "Ada")
    held = asked(room)
    enter(client, db.session.get(make.Person, room.by.id))
    text = client.get(f"/meetings/{held.reference}/answers").text
    assert ("Nobody has answered yet." in text) or ("Fewer than five people have answered so far." in text)


def test_other_times_that_calendars_proposed_are_shown(client, room):
    who = seated(room, "Ada")
    held = asked(room)
    say(
        held,
        who,
        COMING,
        proposed=(held.starts_at + timedelta(hours=2), held.ends_at + timedelta(hours=2)),
    )
    enter(client, room.by.person)
    page = client.get(f"/meetings/{held.reference}/answers").text
    assert "Tuesday 30 November 2027, 10:15–11:15 in The Hague" in page
    assert ("1 person" in page) is (room.caucus.roster is RosterPolicy.MEMBERS)
