"""From a meeting's page: another like this, and repeating it."""

import re

import pytest

from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.meetings.models import Meeting
from tests import make
from tests.entering import enter
from tests.filled import form
from tests.web.composing import MEETING, begin, page, save

EVERY_WEEK = {"rhythm": "weekly", "times": "3"}


@pytest.fixture
def repeat(client, vrwg, ilse) -> str:
    """The address of the page where a meeting is repeated."""
    save(client, begin(client, vrwg), **MEETING)
    return f"/compose/repeat/{make.rows(Meeting)[0].reference}"


def test_a_keeper_makes_another_like_it_and_says_only_the_day(client, repeat):
    meeting = page(client, repeat.replace("compose/repeat", "meetings"))
    action = re.search(r'action="(/compose/like/[^"]+)"', meeting)[1]
    answer = client.post(action)
    assert answer.status_code == 303
    path = answer.location.partition("#")[0]
    html = page(client, path)
    shown = form(html, path)
    assert (shown["day"], shown["starts"], shown["subject_en"]) == ([""], ["08:15"], [MEETING["subject_en"]])
    undo = re.search(r'action="(/compose/\d+/discard)"', html)[1]
    assert client.post(undo).status_code == 303


def test_the_days_are_shown_first_then_made_then_taken_back_with_one_button(client, repeat):
    assert repeat in page(client, repeat.replace("compose/repeat", "meetings"))
    looked = client.post(repeat, data=EVERY_WEEK | {"do": "look"})
    assert looked.status_code == 200
    for day in ("Tue 7 Dec 2027, 08:15 in The Hague", "Tue 14 Dec 2027", "Tue 21 Dec 2027", "Make 3 drafts"):
        assert day in looked.text
    assert len(make.rows(Announcement)) == 1
    assert client.post(repeat, data=EVERY_WEEK | {"do": "make"}).status_code == 303
    assert len(make.rows(Announcement)) == 4
    html = page(client, "/compose")
    assert "3 drafts are made. Nothing is sent." in html
    undo = re.search(r'action="(/compose/series/[^"]+/discard)"', html)[1]
    assert undo in page(client, f"/compose/{make.rows(Announcement)[-1].id}")
    assert client.post(undo).status_code == 303
    assert [one.state for one in make.rows(Announcement)][1:] == [AnnouncementState.CANCELLED] * 3
    back = re.search(r'action="(/compose/series/[^"]+/restore)"', page(client, "/compose"))[1]
    assert client.post(back).status_code == 303
    assert {one.state for one in make.rows(Announcement)} == {AnnouncementState.DRAFT}


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"rhythm": "weekly"}, "Say how many times, or until which day"),
        ({"times": "3"}, "Choose how often."),
        ({"rhythm": "daily", "times": "3"}, "Choose how often."),
        ({"rhythm": "weekly", "times": "many"}, "We read “many”"),
        ({"rhythm": "weekly", "times": "27"}, "“27” was read. Give a number from 1 to 26."),
        ({"rhythm": "weekly", "until": "2027-12-01"}, "No repetition falls on or before that day."),
        ({"rhythm": "weekly", "until": "2099-12-01"}, "These would be more than 26."),
    ],
)
def test_what_makes_no_days_is_said_beside_its_field(client, repeat, filled, said):
    answer = client.post(repeat, data=filled | {"do": "make"})
    assert answer.status_code == 422
    assert said in answer.text.replace("&#39;", "’")
    assert len(make.rows(Announcement)) == 1


def test_a_time_that_a_day_does_not_have_is_told_beside_that_day_and_no_button_makes_it(client, vrwg, ilse):
    save(client, begin(client, vrwg), **MEETING | {"day": "2028-03-19", "starts": "02:30", "ends": "04:00"})
    answer = client.post(f"/compose/repeat/{make.rows(Meeting)[0].reference}", data=EVERY_WEEK | {"do": "make"})
    assert answer.status_code == 422
    assert re.search(r"Sun 26 Mar 2028<br><strong>26 March 2028, 02:30 does not exist in The Hague", answer.text)
    assert "Make 3 drafts" not in answer.text
    assert len(make.rows(Announcement)) == 1


def test_nobody_else_repeats_it_or_takes_its_series_back(client, repeat):
    client.post(repeat, data=EVERY_WEEK | {"do": "make"})
    undo = re.search(r"/compose/series/[^\"]+/discard", page(client, "/compose"))[0]
    enter(client, make.coordinator(make.caucus("fenicc")))
    for path in (repeat, repeat.replace("repeat", "like"), undo, undo.replace("discard", "restore")):
        assert client.post(path, data=EVERY_WEEK).status_code == 404
    assert client.get(repeat).status_code == 404
    assert "Repeat it" not in client.get(repeat.replace("compose/repeat", "meetings")).text
