"""What a trace proves of an order, and what it does not."""

from pathlib import Path

import pytest

from tests.faults import order
from tests.faults.order import Call, Kept

BEFORE, AFTER = Path("/x/before"), Path("/x/after")
LINES = """\
10.000000 newfstatat(AT_FDCWD, "/x/before", {st_mode=S_IFREG|0600, st_size=0, ...}, 0) = 0 <0.000010>
10.100000 fdatasync(5</x/house.sqlite3-wal>) = 0 <0.050000>
10.200000 newfstatat(AT_FDCWD, "/x/after", {st_mode=S_IFREG|0600, st_size=0, ...}, 0) = 0 <0.000010>
10.300000 sendto(9<TCP:[127.0.0.1:50000->127.0.0.1:2525]>, "Message-ID: <1@x>\\r\\n", 20, 0, NULL, 0) = 20 <0.000030>
10.400000 sendto(9<TCP:[127.0.0.1:50000->127.0.0.1:2525]>, "Message-ID: <2@x>\\r\\n", 20, 0, NULL, 0) = -1 EAGAIN (Resource temporarily unavailable) <0.000030>
10.500000 fdatasync(7</x/other-file>) = 0 <0.000030>
10.600000 +++ exited with 0 +++
"""


@pytest.fixture
def calls(tmp_path: Path) -> list[Call]:
    file = tmp_path / "trace"
    file.write_text(LINES)
    return list(order._read(file))


def test_calls_that_failed_or_never_ended_are_not_read(calls: list[Call]):
    assert [call.name for call in calls] == ["newfstatat", "fdatasync", "newfstatat", "sendto", "fdatasync"]


def test_a_commit_is_flushed_if_the_journal_was_between_the_two_places(calls: list[Call]):
    (kept,) = order.commits(calls, BEFORE, AFTER)
    assert kept == Kept(pytest.approx(10.00001), 10.2, True)
    without = [call for call in calls if "-wal" not in call.words]
    assert [one.flushed for one in order.commits(without, BEFORE, AFTER)] == [False]
    late = [*without, Call("fdatasync", "5</x/house.sqlite3-wal>", 10.15, 10.25)]
    assert [one.flushed for one in order.commits(sorted(late, key=lambda call: call.began), BEFORE, AFTER)] == [False]


def test_what_leaves_is_seen_on_its_own_connection_alone(calls: list[Call]):
    assert order.said(calls, "->127.0.0.1:2525]>", order._letters) == [(10.3, 1)]
    assert order.said(calls, "->127.0.0.1:25]>", order._letters) == []


def test_more_than_was_flushed_is_never_said():
    assert order._never_ahead([(1.0, 2), (3.0, 2)], [0.5, 2.0], 2)
    assert not order._never_ahead([(1.0, 3)], [0.5, 2.0], 2)
    assert not order._never_ahead([(0.4, 1)], [0.5], 2)
