"""When the secretariat looks: its review windows."""

import re
from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.directory import windows
from caucusmail.directory.applications import ReviewWindow
from tests import make


def test_a_review_window_is_set_closed_and_opened_again(staff):
    today = clock.now().date()
    data = {"opens": str(today), "closes": str(today + timedelta(days=3)), "note_en": "Assembly", "note_fr": ""}
    assert staff.post("/staff/review-windows", data=data).status_code == 303
    (window,) = make.rows(ReviewWindow)
    assert window.note == {"en": "Assembly"}
    if window.opens_at < clock.now():
        assert staff.post(f"/staff/review-windows/{window.id}/close").status_code == 303
        undo = re.search(r'action="(/staff/review-windows/[^"]*reopen[^"]*)"', staff.get("/staff/review-windows").text)
        assert staff.post(undo[1]).status_code == 303
        assert windows.review(clock.now()).open
    assert staff.post(f"/staff/review-windows/{window.id}/remove").status_code == 303
    assert make.rows(ReviewWindow) == []
    undo = re.search(r'action="(/staff/review-windows/put-back/[0-9]+)"', staff.get("/staff/review-windows").text)
    assert staff.post(undo[1]).status_code == 303
    assert len(make.rows(ReviewWindow)) == 1


def test_a_window_takes_the_days_that_its_help_names_and_shows_them(staff):
    data = {"opens": "12/01/2027", "closes": "31/01/2027"}
    for _ in range(2):
        assert staff.post("/staff/review-windows", data=data).status_code == 303
    assert len(make.rows(ReviewWindow)) == 1
    page = staff.get("/staff/review-windows").text
    assert "From Tue 12 Jan 2027 to Sun 31 Jan 2027, both days included, in The Hague" in page
    assert "The next window opens on Tue 12 Jan 2027 in The Hague." in staff.get("/staff").text


def test_a_window_that_overlaps_another_is_refused_beside_its_field(staff):
    staff.post("/staff/review-windows", data={"opens": "2027-03-01", "closes": "2027-03-31"})
    answer = staff.post("/staff/review-windows", data={"opens": "2027-03-31", "closes": "2027-04-05"})
    assert answer.status_code == 422
    assert "Another window lies there, from Mon 1 Mar 2027 to Wed 31 Mar 2027." in answer.text
    assert 'value="2027-03-31"' in answer.text


@pytest.mark.parametrize(
    "days",
    [
        ("2020-01-01", "2020-01-02"),
        ("2030-02-02", "2030-02-01"),
        ("", ""),
        ("31/12", "x"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(staff, days):
    answer = staff.post("/staff/review-windows", data={"opens": days[0], "closes": days[1]})
    assert answer.status_code == 422
    assert make.rows(ReviewWindow) == []


def test_the_journal_names_a_window_by_its_days_even_when_it_is_gone(staff):
    staff.post("/staff/review-windows", data={"opens": "12/01/2027", "closes": "31/01/2027"})
    (window,) = make.rows(ReviewWindow)
    staff.post(f"/staff/review-windows/{window.id}/remove")
    page = staff.get("/staff/journal?kind=sign-up").text
    assert page.count("the review window from Tue 12 Jan 2027 to Sun 31 Jan 2027") == 2
    assert "something that is gone, or has no name" not in page


@pytest.mark.parametrize("path", ["/join", "/caucuses/vrwg"])
def test_whoever_is_about_to_join_reads_that_reviewing_is_paused_and_until_when(client, vrwg, path):
    assert "the next review begins on" not in client.get(path).text
    opens = clock.now() + timedelta(days=40)
    make.keep(ReviewWindow(opens_at=opens, closes_at=opens + timedelta(days=9), note={"en": "The Assembly meets."}))
    page = client.get(path).text
    assert "the next review begins on" in page
    assert "The Assembly meets." in page
