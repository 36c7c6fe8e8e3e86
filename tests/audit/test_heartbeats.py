from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.audit import heartbeats
from caucusmail.audit.models import Heartbeat
from caucusmail.database import transaction
from tests import make


def beat(name: str, detail: str = "") -> None:
    with transaction():
        heartbeats.beat(name, detail)


def test_what_never_beat_is_said_to_be_unseen_and_not_to_be_ill():
    assert not heartbeats.alive("jobs")
    assert heartbeats.lately("jobs") == ""
    assert heartbeats.trouble("jobs") == "never seen at work"


def test_the_last_beat_counts_and_each_part_has_one_row():
    beat("relay", "cannot be reached")
    assert heartbeats.trouble("relay") == heartbeats.lately("relay") == "cannot be reached"
    beat("relay")
    beat("jobs")
    assert heartbeats.alive("relay")
    assert heartbeats.trouble("relay") == heartbeats.lately("relay") == ""
    assert [one.name for one in make.rows_by(Heartbeat, Heartbeat.name)] == ["jobs", "relay"]


@pytest.mark.parametrize(("after", "alive"), [(89, True), (90, False), (3600, False)])
def test_who_is_silent_for_a_minute_and_a_half_is_late(monkeypatch: pytest.MonkeyPatch, after: int, alive: bool):
    beat("relay", "cannot be reached")
    at = make.rows_by(Heartbeat, Heartbeat.name)[0].at + timedelta(seconds=after)
    monkeypatch.setattr(clock, "now", lambda: at)
    assert heartbeats.alive("relay") is alive
    assert heartbeats.lately("relay") == ("cannot be reached" if alive else "")
    assert heartbeats.trouble("relay") == ("cannot be reached" if alive else f"not seen at work for {after} s")


@pytest.mark.parametrize(("days", "used"), [(0, True), (6, True), (7, False)])
def test_what_was_silent_for_a_week_is_taken_for_given_up(monkeypatch: pytest.MonkeyPatch, days: int, used: bool):
    assert not heartbeats.used("incoming")
    beat("incoming")
    at = make.rows_by(Heartbeat, Heartbeat.name)[0].at + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: at)
    assert heartbeats.used("incoming") is used


def test_a_long_story_is_cut_to_what_the_column_holds():
    beat("relay", "x" * 900)
    assert heartbeats.trouble("relay") == "x" * 500


def test_since_when_it_has_been_so_outlasts_every_word_that_says_the_same():
    assert heartbeats.seen("relay") is None
    beat("relay", "cannot be reached")
    first = heartbeats.seen("relay")
    beat("relay", "cannot be reached")
    again = heartbeats.seen("relay")
    assert (again.since, again.detail, again.late) == (first.since, "cannot be reached", False)
    assert again.at > first.at
    beat("relay")
    assert heartbeats.seen("relay").since > first.since
