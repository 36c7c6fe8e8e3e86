"""The yearly question: the page behind its link, and the secretariat's report."""

import re
from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, zones
from caucusmail.database import transaction
from caucusmail.directory import yearly
from caucusmail.directory.models import Representative
from caucusmail.directory.yearly_models import Answered, YearlyRound
from tests import make
from tests.directory.yearly_world import begun, later, lines, link, subjects, turned
from tests.door import let_in
from tests.groups.handed import office
from tests.groups.leaving import PLACES, digest
from tests.web.my import text

ALL = (*PLACES, Representative)


@pytest.fixture
def haki():
    return office()


@pytest.fixture
def path(haki):
    """The link in Ben's letter."""
    begun()
    with time_machine.travel(later(minutes=11)):
        turned()
    return link(haki.ben.person)


def undo(page):
    """The way back at the top of the page."""
    return re.search(r'action="([^"]*/yearly/[^"]*)"', page.text)[1]


def seen(page):
    return re.search(r'name="seen"[^>]*value="([^"]+)"', page.text)[1]


def test_the_link_shows_people_and_seats_without_signing_in_and_changes_nothing(client, path):
    before = digest(*ALL)
    page = client.get(path)
    for words in ("Haki", "Rosa", "Ben", "water caucus", "peace caucus", "This is true now"):
        assert words in text(page)
    assert "@" not in page.text.partition("<main")[2].partition("</main")[0]
    assert page.headers["Cache-Control"] == "no-store"
    assert digest(*ALL) == before
    assert lines()[0].state is Answered.WAITING


def test_one_press_confirms_and_it_is_taken_back(client, path):
    said = client.post(path, data={"seen": seen(client.get(path))}, follow_redirects=True)
    assert "Thank you. Your answer counts" in text(said)
    assert "all was still true" in text(said)
    assert lines()[0].state is Answered.CONFIRMED
    back = client.post(re.search(r'action="([^"]*/take-back)"', said.text)[1], follow_redirects=True)
    assert "Taken back: all is as it was before that answer." in text(back)
    assert lines()[0].state is Answered.WAITING


def test_who_has_gone_is_ticked_and_their_seats_are_vacant(client, path, haki):
    page = client.get(path)
    said = client.post(path, data={"seen": seen(page), "gone": haki.holder.id}, follow_redirects=True)
    assert "2 seats are vacant" in text(said)
    assert haki.holder.until
    assert client.post(path, data={"seen": seen(said), "gone": 987_654}).status_code == 422


def test_the_last_administrator_is_told_whom_to_ask(client, path, haki):
    answer = client.post(path, data={"seen": seen(client.get(path)), "gone": haki.ben.id})
    assert answer.status_code == 409
    assert "ask the secretariat" in text(answer)
    assert haki.ben.until is None


def test_who_goes_themselves_reads_so_and_the_link_ends(client, path, haki):
    with transaction():
        haki.holder.admin = True
    page = client.get(path)
    said = client.post(path, data={"seen": seen(page), "gone": haki.ben.id})
    assert "You no longer speak for Haki" in text(said)
    assert client.get(path).status_code == 404
    assert subjects(haki.ben.person)[-1] == "You no longer speak for Haki"


def test_what_changed_meanwhile_is_shown_again_with_what_was_typed(client, path, haki):
    old = seen(client.get(path))
    make.representative(make.person("Zawadi"), haki.ngo)
    answer = client.post(path, data={"seen": old, "words": "We moved", "website": "haki.example"})
    assert answer.status_code == 409
    assert all(words in answer.text for words in ("Look again", "Zawadi", "We moved", "https://haki.example"))
    assert lines()[0].state is Answered.WAITING
    refused = client.post(path, data={"seen": seen(answer), "website": "no address"})
    assert refused.status_code == 422
    assert "is not a web address" in text(refused)


def test_the_secretariat_begins_a_round_and_takes_it_back(staff, haki):
    assert "It was never asked yet." in text(staff.get("/staff/yearly"))
    said = staff.post("/staff/yearly/begin", follow_redirects=True)
    assert "0 % have answered: 0 of 1 organisations." in text(said)
    assert "Take this round back" in text(said)
    assert "Taken back: nobody is asked." in text(staff.post(undo(said), follow_redirects=True))
    assert make.rows(YearlyRound) == []


def test_the_report_says_how_many_by_region_by_when_and_who_has_not(staff, path, haki):
    page = staff.get("/staff/yearly")
    shown = text(page)
    for words in ("The goal is 60 % by", "Africa", "Haki", "1 letter, the last on", "Ask again"):
        assert words in shown
    assert 'value="0"' in re.search(r"<progress[^>]*>", page.text)[0]
    with time_machine.travel(later(days=2)):
        let_in(staff, make.secretary())
        again = staff.post(f"/staff/yearly/ask/{lines()[0].id}", follow_redirects=True)
    assert "Haki is written to again" in text(again)
    let_in(staff, make.secretary())
    with transaction():
        lines()[0].state, lines()[0].answered_at, lines()[0].words = Answered.CHANGED, clock.now(), "We moved"
    shown = text(staff.get("/staff/yearly?state=changed"))
    assert "The goal of 60 % is reached." in shown
    assert "We moved" in shown
    assert staff.get("/staff/yearly?state=nonsense").status_code == 404


def test_a_day_is_chosen_changed_and_dropped_each_with_its_way_back(staff):
    first, second = (zones.day(later(days=days), zones.THE_HAGUE) for days in (30, 60))
    said = staff.post("/staff/yearly/plan", data={"day": first.isoformat()}, follow_redirects=True)
    assert f"It begins by itself on {zones.written(first)}." in text(said)
    said = staff.post("/staff/yearly/plan", data={"day": second.isoformat()}, follow_redirects=True)
    back = staff.post(undo(said), follow_redirects=True)
    assert f"It begins by itself on {zones.written(first)}." in text(back)
    said = staff.post("/staff/yearly/unplan", follow_redirects=True)
    assert "None begins by itself." in text(said)
    staff.post(undo(said))
    assert yearly.planned().begins_at == zones.day_begins(first, zones.THE_HAGUE)
    assert staff.post("/staff/yearly/plan", data={"day": "2001-01-01"}).status_code == 422


def test_the_organisation_sees_that_it_has_not_answered_and_answers_from_its_page(client, path, haki):
    page = let_in(client, haki.ben.person)
    url = f"/organisations/{haki.ngo.id}"
    assert "has not yet answered the yearly question" in text(page.get(url))
    with time_machine.travel(clock.now() + timedelta(days=43)):
        turned()
    shown = page.get(url)
    assert "It has not answered the yearly question" in text(shown)
    way = re.search(r'href="([^"]*/still-true/[^"]+)"', shown.text)[1]
    page.post(way, data={"seen": seen(page.get(way))})
    assert "It has said on" in text(page.get(url))
    let_in(client, make.secretary())
    assert "/still-true/" not in client.get(url).text  # the secretariat does not answer for it
