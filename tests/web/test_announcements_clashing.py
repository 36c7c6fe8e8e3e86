"""What clashes, on the check page and in the form; taking the better time and going back."""

import re
from datetime import datetime

import pytest

from caucusmail.meetings.models import Meeting
from tests import make
from tests.web.composing import MEETING, begin, page, save
from tests.web.test_meetings import meeting

AFTERNOON = MEETING | {"starts": "13:00", "ends": "14:00"}


@pytest.fixture
def children(vrwg):
    """Another caucus, with seven people of ours, that meets at one o'clock."""
    groups = make.group(vrwg), make.group(other := make.caucus("children", names={"en": "Children’s <i>Caucus</i>"}))
    for _ in range(7):
        person = make.member(vrwg, group=groups[0])
        make.member(other, person, groups[1])
    meeting(
        other, make.coordinator(other), "Side event", starts=datetime(2027, 11, 30, 13), ends=datetime(2027, 11, 30, 14)
    )
    return other


@pytest.fixture
def url(client, vrwg, children, ilse) -> str:
    """The address of a draft at the same hour."""
    url = begin(client, vrwg)
    assert save(client, url, **AFTERNOON).status_code == 303
    return url


SAID = "About 5 people hold places in both this and “Side event” (Children’s &lt;i&gt;Caucus&lt;/i&gt;) at that hour."


def test_a_coordinator_reads_a_rounded_total_on_the_check_page_and_in_the_form(client, url):
    for path in (url + "/check", url):
        html = page(client, path)
        assert SAID in html.replace("&#39;", "’")
        assert "Tue 30 Nov 2027, 14:00 in The Hague: few who are meant, if anybody, are expected elsewhere." in html
    assert "Person " not in page(client, url + "/check").partition("At the same hour")[2].partition("</section>")[0]


def test_who_keeps_both_reads_the_number_itself(client, url, children, ilse):
    make.coordinator(children, ilse)
    html = page(client, url + "/check")
    assert "7 people hold places in both this and “Side event”" in html
    assert "14:00 in The Hague: nobody who is meant is expected elsewhere." in html


def test_the_better_time_is_taken_with_one_button_and_given_back_with_one(client, url):
    action = re.search(rf'action="({url}/slot/\d+)"', page(client, url + "/check"))[1]
    assert client.post(action).status_code == 303
    moved = make.rows(Meeting)[-1]
    assert (moved.starts, moved.ends) == (datetime(2027, 11, 30, 14), datetime(2027, 11, 30, 15))
    html = page(client, url + "/check")
    assert "At the same hour" not in html
    undo = re.search(rf'action="({url}/slot/\d+)"', html)[1]
    assert client.post(undo).status_code == 303
    assert make.rows(Meeting)[-1].starts == datetime(2027, 11, 30, 13)
    assert SAID in page(client, url + "/check").replace("&#39;", "’")


@pytest.mark.parametrize("moment", ["0", "9" * 12, "9" * 30])
def test_a_moment_in_no_year_in_which_anybody_meets_does_no_harm(client, url, moment):
    assert client.post(f"{url}/slot/{moment}").status_code in (303, 404, 409, 422)
    assert page(client, url + "/check")


def test_a_draft_without_times_cannot_be_moved_and_one_without_a_clash_says_nothing(client, vrwg, ilse):
    url = begin(client, vrwg)
    save(client, url, subject_en="Later")
    assert client.post(f"{url}/slot/1827583200").status_code == 409
    save(client, url, **AFTERNOON)
    assert "At the same hour" not in page(client, url + "/check")
