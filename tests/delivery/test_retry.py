from datetime import UTC, datetime, timedelta

import pytest

from caucusmail.delivery import retry

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def wait(attempts: int, row: int = 1) -> timedelta:
    again = retry.next_try(attempts, NOW, NOW, row)
    assert again is not None
    return again - NOW


@pytest.mark.parametrize("attempts", range(12))
def test_no_try_comes_sooner_than_half_an_hour_after_an_answer(attempts):
    assert min(wait(attempts, row) for row in range(200)) >= timedelta(minutes=30)


def test_the_waits_grow_to_four_hours_and_stay_there():
    hours = [int(wait(attempts) / timedelta(hours=1)) for attempts in (1, 2, 3, 4, 5, 50)]
    assert hours == [0, 1, 2, 4, 4, 4]


def test_rows_do_not_come_back_at_once_but_within_a_tenth():
    waits = {wait(1, row) for row in range(100)}
    assert len(waits) > 90
    assert max(waits) <= timedelta(minutes=33)


def test_after_four_days_of_not_now_it_is_given_up():
    assert retry.next_try(9, NOW - timedelta(days=3, hours=19), NOW, 1) is not None
    assert retry.next_try(9, NOW - timedelta(days=3, hours=20, minutes=1), NOW, 1) is None


def test_a_fault_of_our_own_relay_is_tried_within_a_minute_and_for_four_days():
    assert retry.after_fault(NOW, NOW) == NOW + timedelta(minutes=1)
    assert retry.after_fault(NOW - timedelta(days=4), NOW) is None


def test_what_a_row_waited_longer_than_it_was_told_to_does_not_count():
    day = timedelta(days=1)
    assert retry.counted_from(None, NOW, NOW) == NOW
    assert retry.counted_from(NOW - 2 * day, NOW, NOW) == NOW - 2 * day
    assert retry.counted_from(NOW - 5 * day, NOW - 4 * day, NOW) == NOW - day
    assert retry.counted_from(NOW - day, NOW - 4 * day, NOW) == NOW


def test_days_that_a_clock_has_taken_back_do_not_count():
    assert retry.counted_from(NOW + timedelta(days=9), NOW, NOW) == NOW


@pytest.mark.parametrize("attempts", [0, 1, 2, 3, 4, 50])
def test_no_row_waits_longer_than_the_longest(attempts):
    assert max(wait(attempts, row) for row in range(200)) <= retry.longest(attempts) < wait(attempts) * 1.11


@pytest.mark.parametrize(
    ("code", "words", "blamed"),
    [
        (550, "5.7.26 unauthenticated", True),
        (450, "4.7.1 try later", True),
        (250, "2.7.0 fine", False),
        (550, "5.1.1 no such person", False),
        (550, "version 15.7.1 says no", False),
        (550, "", False),
        (552, "5.3.4 Message size exceeds fixed limit", True),
        (552, "Message too large", True),
        (552, "5.2.2 mailbox full", False),
        (552, "5.2.2 message exceeds the size of the mailbox", False),
        (552, "message too large for the quota of this mailbox", False),
        (552, "Requested mail action aborted: exceeded storage allocation", False),
        (452, "4.2.2 over quota", False),
        (554, "Message rejected as spam", True),
        (550, "SPF check failed", True),
        (554, "Blocked by Spamhaus ZEN", True),
        (550, "rejected by the DMARC policy of your domain", True),
        (550, "5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", False),
        (550, "5.7.13 User account disabled", False),
        (550, "5.7.17 Mailbox owner has changed", False),
        (550, "5.7.1 <ada@mail.example>: user unknown", False),
        (550, "5.1.1 User unknown in virtual alias table (client 10.5.7.12)", False),
        (450, "try again later (client 10.4.7.12)", False),
        (452, "4.3.1 Insufficient system storage", False),
    ],
)
def test_only_a_refusal_for_policy_or_size_blames_us(code, words, blamed):
    assert retry.ours(code, words) is blamed
