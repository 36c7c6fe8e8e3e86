"""The page of the list for a door: before, sealed, opened, erased; and who gets there."""

import csv
import io
from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.accounts.models import SignIn
from caucusmail.database import db, transaction
from caucusmail.directory.models import RosterPolicy
from caucusmail.meetings import guests
from caucusmail.meetings.models import Answer, DoorList, DoorName, MeetingState
from caucusmail.meetings.needs import Needs
from tests import make
from tests.announcements.rooms import Room, confirmed, meeting, ready, seated
from tests.entering import enter
from tests.meetings.test_answers import COMING, say

EVIL = '=HYPERLINK("https://evil.example","Ada")'


@pytest.fixture
def room() -> Room:
    return Room(roster=RosterPolicy.HIDDEN)


@pytest.fixture
def held(room):
    """Two who come agreed, one did not."""
    people = [seated(room, EVIL, "+Haki"), seated(room, "Ben"), seated(room, "Chi")]
    sent = confirmed(room, ready(room, meeting=meeting(titles={"en": "Strategy"})))
    with transaction():
        sent.meeting.state = MeetingState.CONFIRMED
    for who, agrees in zip(people, (True, True, False), strict=True):
        say(sent.meeting, who, COMING, filled=Needs(on_door_list=agrees))
    return sent.meeting


@pytest.fixture
def where(held) -> str:
    return f"/meetings/{held.reference}/guests"


@pytest.fixture
def keeper(client, room):
    return enter(client, db.session.get(make.Person, room.by.id))


def rows() -> tuple[int, int]:
    db.session.expire_all()
    return len(make.rows(DoorList)), sum(one.openings for one in make.rows(DoorList))


def test_before_it_says_what_it_is_and_shows_no_name(keeper, held, where):
    page = keeper.get(where).text
    assert f'href="{where}"' in keeper.get(f"/meetings/{held.reference}/answers").text
    assert "Who is in this group is hidden. This list is the one exception" in page
    assert page.index("the one exception") < page.index("Make the list, once")
    assert "Wed 1 Dec" in page
    assert [name for name in ("HYPERLINK", "Ben", "Chi") if name in page] == []
    assert rows() == (0, 0)


def test_it_is_made_opened_to_print_and_opened_as_a_file_without_a_formula(keeper, where):
    assert "made and sealed" in keeper.post(where, follow_redirects=True).text
    assert [name for name in ("HYPERLINK", "Ben") if name in keeper.get(where).text] == []
    page = keeper.post(f"{where}/open", data={"as": "page"})
    assert (page.status_code, "Ben" in page.text, "Chi" in page.text) == (200, True, False)
    assert page.headers["Cache-Control"] == "no-store"
    file = keeper.post(f"{where}/open", data={"as": "file"})
    assert file.headers["Content-Disposition"] == 'attachment; filename="door-2027-11-30.csv"'
    assert file.headers["Cache-Control"] == "no-store"
    told = list(csv.reader(io.StringIO(file.get_data(as_text=True)[1:])))
    assert told == [["Name", "Organisation"], [f"'{EVIL}", "'+Haki"], ["Ben", ""]]
    assert rows() == (1, 2)


def test_who_is_second_reads_kindly_who_was_first(client, room, keeper, where):
    keeper.post(where)
    enter(client, make.coordinator(room.caucus, make.person("Noor")))
    page = client.post(where, follow_redirects=True).text
    assert f"The list was made by {room.by.person.name} on" in page
    assert rows() == (1, 0)


def test_after_three_openings_it_says_so_and_opens_no_more(keeper, where):
    keeper.post(where)
    for _number in range(3):
        assert "Ben" in keeper.post(f"{where}/open").text
    page = keeper.post(f"{where}/open", follow_redirects=True).text
    assert "as often as it may be" in page
    assert "Ben" not in page
    assert "<button>Open" not in keeper.get(where).text
    assert rows() == (1, 3)


@pytest.mark.parametrize("path", ["", "/open"])
def test_who_signed_in_long_ago_proves_it_again_and_comes_back_to_the_page(keeper, where, path):
    with transaction():
        for one in make.rows(SignIn):
            one.proved_at = clock.now() - timedelta(minutes=16)
    answer = keeper.post(where + path)
    assert answer.status_code == 303
    assert "why=proof" in answer.location
    assert "guests" in answer.location
    assert rows() == (0, 0)


@pytest.mark.parametrize("path", ["", "/open"])
def test_nobody_else_gets_there(client, room, held, where, path):
    with transaction():
        guests.make(held, room.by)
    for who, status in ((make.member(room.caucus), 403), (make.coordinator(make.caucus()), 404)):
        enter(client, who)
        assert client.get(where).status_code == status
        assert client.post(where + path).status_code == 404
    assert rows() == (1, 0)


def test_get_opens_nothing(keeper, where):
    keeper.post(where)
    assert keeper.get(f"{where}/open").status_code == 405
    assert rows() == (1, 0)


def test_erased_it_says_when_and_a_meeting_without_a_door_says_why(keeper, held, where):
    keeper.post(where)
    with transaction():
        held.starts_at, held.ends_at = (clock.now() - timedelta(days=2, hours=hours) for hours in (1, 0))
    assert "The day of the meeting is over." in keeper.get(where).text
    with transaction():
        guests.erase_due()
    page = keeper.get(where).text
    assert "The list is erased." in page
    assert "<form" not in page.partition("<main")[2]
    assert make.rows(DoorName) == []


def test_one_box_beside_the_buttons_puts_a_name_on_it(client, room, held):
    enter(client, db.session.query(make.Person).filter_by(name="Chi").one())
    address = f"/meetings/{held.reference}"
    page = client.get(address).text
    assert page.index("may be on the list for the door") > page.index("</details>")
    client.post(f"{address}/answer", data={"answer": "coming", "filled_in": "1", "on_door_list": "y"})
    assert [one.on_door_list for one in make.rows(Answer)] == [True, True, True]
