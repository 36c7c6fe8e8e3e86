from datetime import timedelta

import pytest

from caucusmail import clock, database
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from tests import make

TWICE = Limit("test", 2, timedelta(hours=1))


def test_the_third_try_is_one_too_many():
    assert [limits.hit(TWICE, "a") for _ in range(3)] == [True, True, False]


def test_keys_do_not_share_a_count():
    limits.hit(TWICE, "a")
    limits.hit(TWICE, "a")
    assert limits.hit(TWICE, "b")


def test_a_refused_request_still_counts():
    with pytest.raises(ZeroDivisionError), database.transaction():
        limits.hit(TWICE, "a")
        1 / 0  # noqa: B018 - the refusal
    limits.hit(TWICE, "a")
    assert not limits.hit(TWICE, "a")


def test_counting_after_a_write_is_refused():
    with pytest.raises(RuntimeError, match="before the first write"), database.transaction():
        database.db.session.add(make.Region(slug="x", names={}))
        database.db.session.flush()
        limits.hit(TWICE, "a")


def test_of_two_limits_neither_is_spent_where_one_is_used_up():
    once = Limit("once", 1, timedelta(hours=1))
    with database.transaction():
        assert limits.spend_all("a", TWICE, once)
        assert not limits.spend_all("a", TWICE, once)
        assert limits.spend(TWICE, "a")


def test_a_window_is_not_longer_than_tallies_are_kept():
    with pytest.raises(ValueError, match="longer than tallies"):
        Limit("year", 1, timedelta(days=366))


def test_a_tally_is_kept_until_the_longest_window_is_over(monkeypatch):
    month = Limit("month", 1, limits.KEPT)
    start = clock.now()
    limits.hit(month, "a")
    for days, within in ((29.9, False), (30.1, True)):
        moment = start + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        with database.transaction():
            limits.forget()
        assert limits.hit(month, "a") is within


def test_asking_whether_a_key_is_over_its_limit_counts_nothing():
    once = Limit("once", 1, timedelta(hours=1))
    limits.hit(once, "a")
    assert [limits.tried(once, "a") for _ in range(3)] == [False, False, False]
    limits.hit(once, "a")
    assert limits.tried(once, "a")
    assert not limits.tried(once, "b")


def test_what_is_given_back_was_no_try_and_never_makes_room_for_more_than_there_was():
    limits.hit(TWICE, "a")
    with database.transaction():
        for _ in range(3):
            limits.give_back(TWICE, "a")
        limits.give_back(TWICE, "b")
    assert [limits.hit(TWICE, "a") for _ in range(3)] == [True, True, False]
