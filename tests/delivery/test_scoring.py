from datetime import UTC, datetime, timedelta

import pytest

from caucusmail.delivery import scoring
from caucusmail.mail.faults import Fault

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("fault", [Fault.POLICY, Fault.TRANSPORT, Fault.TEMPORARY])
def test_what_is_not_the_addresss_fault_counts_nothing(fault: Fault) -> None:
    assert scoring.charged(3, None, fault, NOON) is None


def test_a_second_report_on_the_same_day_counts_nothing() -> None:
    assert scoring.charged(2, NOON - timedelta(hours=11), Fault.GONE, NOON) is None
    assert scoring.charged(2, NOON - timedelta(hours=13), Fault.GONE, NOON) == 4


def test_what_is_long_past_is_forgotten() -> None:
    assert scoring.charged(3, NOON - timedelta(days=46), Fault.FULL, NOON) == 1


def test_full_takes_twice_as_long_as_gone() -> None:
    days, score = 0, 0
    while score < scoring.PROBE_AT:
        score = scoring.charged(score, NOON + timedelta(days=days - 1), Fault.FULL, NOON + timedelta(days=days)) or 0
        days += 1
    assert days == 4
