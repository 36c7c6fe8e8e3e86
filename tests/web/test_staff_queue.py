"""The queue of the secretariat: its pages, its groups, and what a look at it costs."""

import re

import pytest

from caucusmail.directory.applications import ApplicationState
from tests import make
from tests.statements import counted
from tests.web.staff import TO_REVIEW


def test_the_queue_is_shown_by_pages_and_by_groups_with_the_counts_of_all(staff):
    for number in range(26):
        make.application(f"Haki {number}")
    make.application("Poor", website="")
    first, second = staff.get("/staff/queue").text, staff.get("/staff/queue?page=2").text
    assert (first.count("/staff/applications/"), second.count("/staff/applications/")) == (25, 2)
    for page in (first, second):
        assert re.search(r">Ready</a> <bdi>26<", page)
        assert re.search(r">Needs evidence</a> <bdi>1<", page)
    assert 'rel="next" href="/staff/queue?page=2"' in first
    assert 'rel="prev" href="/staff/queue?page=1"' in second
    poor = staff.get("/staff/queue?group=needs-evidence&page=9").text
    assert "Poor" in poor
    assert "Haki" not in poor
    assert 'rel="prev"' not in poor


@pytest.mark.parametrize("asked", ["page=0", "page=-3", "page=99999999999999", "page=x", "group=nonsense"])
def test_a_page_or_group_of_the_queue_that_is_none_shows_the_first_or_the_last(staff, asked):
    make.application("Ready")
    answer = staff.get(f"/staff/queue?{asked}")
    assert (answer.status_code, "Ready" in answer.text) == (200, True)


def test_a_group_in_which_nothing_waits_says_so(staff):
    make.application("Ready")
    assert "Nothing waits in this group." in staff.get("/staff/queue?group=held").text


def test_the_line_is_computed_once_for_a_decision(staff):
    first, second = make.application("First", [make.caucus()]), make.application("Second")
    for path, data in (("hold", {"note": ""}), ("ask", {"question": ""})):
        with counted() as made:
            staff.post(f"/staff/applications/{first.id}/{path}", data=TO_REVIEW | data)
        assert sum("ngo_signs" in statement and "json_" in statement for statement in made) <= 2, path
    assert second.state is ApplicationState.TO_REVIEW
