from datetime import UTC, date, datetime, timedelta

import pytest

from caucusmail import clock, zones
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import windows
from caucusmail.directory.windows import BadWindow, NotOpen
from caucusmail.errors import NotFound
from tests import make

DAY = timedelta(days=1)


def in_days(number: int) -> date:
    return zones.day(clock.now(), zones.THE_HAGUE) + number * DAY


def window(first_in: int, last_in: int):
    with transaction():
        return windows.add(in_days(first_in), in_days(last_in), {"en": "Why."}, by=make.secretary())


def test_without_any_window_applications_are_looked_at_as_they_come():
    review = windows.review(clock.now())
    assert review.open
    assert review.until is None


def test_between_two_windows_the_applicant_is_told_the_next():
    window(-30, 1)
    later = window(50, 80)
    review = windows.review(clock.now() + 3 * DAY)
    assert not review.open
    assert review.until == in_days(50) == windows.first_day(later)
    assert review.note == {"en": "Why."}


def test_an_open_window_says_until_when():
    window(-1, 5)
    window(50, 80)
    assert windows.review(clock.now()).until == in_days(5)


def test_after_the_last_window_nobody_has_said_when():
    window(-1, 5)
    review = windows.review(clock.now() + 10 * DAY)
    assert (review.open, review.until) == (False, None)


def test_a_window_that_closes_before_it_opens_is_refused():
    with pytest.raises(BadWindow, match="later closing day"):
        window(5, 4)


def test_a_window_in_the_past_is_refused():
    with pytest.raises(BadWindow, match="over already"):
        window(-5, -4)


def test_closing_early_can_be_taken_back():
    one = window(-1, 5)
    by = make.secretary()
    with transaction():
        was = windows.close(one, by=by)
    assert not windows.review(clock.now()).open
    with transaction():
        windows.reopen(one, was, by=by)
    assert windows.review(clock.now()).until == in_days(5)


def test_a_window_that_has_not_opened_cannot_be_closed():
    with pytest.raises(NotOpen):
        windows.close(window(2, 5), by=make.secretary())


def test_a_window_is_of_whole_days_in_the_hague():
    with transaction():
        march = windows.add(date(2027, 3, 1), date(2027, 3, 31), {}, by=make.secretary())
    assert march.opens_at == datetime(2027, 2, 28, 23, tzinfo=UTC)
    assert march.closes_at == datetime(2027, 3, 31, 22, tzinfo=UTC)
    assert windows.review(datetime(2027, 2, 28, 12, tzinfo=UTC)).until == date(2027, 3, 1)
    assert windows.review(march.opens_at).until == date(2027, 3, 31)


def test_the_same_days_twice_are_one_window():
    assert window(3, 5).id == window(3, 5).id
    assert len(windows.coming()) == 1


@pytest.mark.parametrize(("first_in", "last_in"), [(5, 9), (1, 3), (4, 4), (1, 9)])
def test_a_window_that_overlaps_another_is_refused(first_in, last_in):
    window(3, 5)
    with pytest.raises(BadWindow, match="Another window lies there"):
        window(first_in, last_in)


def test_a_window_may_begin_on_the_day_after_another():
    window(3, 5)
    window(6, 9)
    assert len(windows.coming()) == 2


def test_a_window_is_not_opened_again_over_another():
    one, by = window(-1, 5), make.secretary()
    with transaction():
        was = windows.close(one, by=by)
    window(2, 9)
    with pytest.raises(BadWindow, match="Another window lies there"):
        windows.reopen(one, was, by=by)


def test_a_removed_window_is_told_no_more():
    one = window(3, 5)
    with transaction():
        windows.remove(one, by=make.secretary())
    assert list(windows.coming()) == []


def test_a_removed_window_is_put_back_as_it_was_and_once_only():
    one, by = window(3, 5), make.secretary()
    was = one.opens_at, one.closes_at, one.note
    with transaction():
        step = windows.remove(one, by=by)
    for _ in range(2):
        with transaction():
            windows.put_back(windows.removal(step.id), by=by)
    assert [(back.opens_at, back.closes_at, back.note) for back in windows.coming()] == [was]


def test_only_a_removal_is_put_back():
    window(3, 5)
    with pytest.raises(NotFound):
        windows.removal(make.rows(AuditEntry)[-1].id)


def test_a_window_that_is_over_by_now_is_not_put_back():
    one = window(-1, 5)
    with transaction():
        step = windows.remove(one, by=make.secretary())
        step.detail = step.detail | {"closes": (clock.now() - DAY).isoformat()}
    with pytest.raises(BadWindow, match="over already"):
        windows.put_back(step, by=make.secretary())
