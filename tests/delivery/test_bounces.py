from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.delivery import bounces, letters, suppression
from caucusmail.delivery.bounces import Effect
from caucusmail.delivery.models import AddressTrouble, Delivery, DeliveryState
from caucusmail.mail.faults import Fault
from tests import make
from tests.delivery.owed import again, copy

NO = "550 5.1.1 no such user"


@pytest.fixture
def days() -> Iterator["Days"]:
    with time_machine.travel(clock.now().replace(hour=9), tick=False) as traveller:
        yield Days(traveller)


class Days:
    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def later(self, days: float) -> None:
        self._traveller.shift(timedelta(days=days))


def charge(row: Delivery, fault: Fault = Fault.GONE) -> Effect:
    with transaction():
        return bounces.charge(again(row), fault, NO)


def probes() -> list[Delivery]:
    return [row for row in make.rows(Delivery) if row.message.kind == letters.PROBE]


def score() -> int:
    return sum(row.score for row in make.rows(AddressTrouble))


def test_an_accepted_copy_stays_accepted_with_the_report_beside_it() -> None:
    row = copy()
    assert charge(row) is Effect.CHARGED
    row = again(row)
    assert (row.state, row.reply) == (DeliveryState.ACCEPTED, "2.0.0 queued")
    assert (row.bounce, row.bounce_words) == ("gone", NO)
    assert row.bounced_at is not None


def test_an_uncertain_copy_is_settled_by_its_report() -> None:
    lost, found = copy(state=DeliveryState.UNCERTAIN), copy("bea@mail.example", state=DeliveryState.UNCERTAIN)
    charge(lost)
    with transaction():
        assert bounces.arrived(found)
        assert not bounces.arrived(again(found))
    assert [again(row).state for row in (lost, found)] == [DeliveryState.FAILED, DeliveryState.ACCEPTED]
    assert again(lost).note == "address"


def test_reports_that_came_while_their_copies_were_in_flight_settle_them() -> None:
    in_flight = {"state": DeliveryState.IN_FLIGHT, "settled_at": None}
    lost, found = copy(**in_flight), copy("bea@mail.example", **in_flight)
    charge(lost)
    with transaction():
        assert bounces.arrived(found)
        again(lost).state = DeliveryState.UNCERTAIN  # its worker had died
    with transaction():
        bounces.judge_refusals()
    assert [again(row).state for row in (lost, found)] == [DeliveryState.FAILED, DeliveryState.ACCEPTED]
    assert (again(lost).note, again(lost).reply) == ("address", NO)


def test_a_success_report_changes_nothing_of_what_is_known() -> None:
    failed = copy(state=DeliveryState.FAILED)
    with transaction():
        assert not bounces.arrived(failed)
    assert again(failed).state is DeliveryState.FAILED


@pytest.mark.parametrize("fault", [Fault.POLICY, Fault.TRANSPORT, Fault.TEMPORARY])
def test_a_hundred_reports_that_are_not_the_addresss_fault_hold_nothing_against_it(fault: Fault, days: Days) -> None:
    for _number in range(10):
        assert charge(copy(), fault) is Effect.NOTED
        days.later(1)
    assert score() == 0
    assert probes() == []


def test_a_bomb_of_reports_on_one_day_is_one_charge() -> None:
    row = copy()
    assert [charge(row), charge(row)] == [Effect.CHARGED, Effect.NOTHING]
    assert [charge(copy()) for _number in range(20)] == [Effect.NOTED] * 20
    assert score() == 2
    assert probes() == []


def test_a_probe_is_sent_before_anything_is_stopped(days: Days) -> None:
    assert charge(copy()) is Effect.CHARGED
    days.later(1)
    assert charge(copy()) is Effect.PROBED
    [probe] = probes()
    assert (probe.address, probe.state) == ("ada@mail.example", DeliveryState.QUEUED)
    assert suppression.suppressed(["ada@mail.example"]) == set()
    days.later(1)
    assert charge(copy()) is Effect.CHARGED
    assert len(probes()) == 1


def test_only_a_probe_that_comes_back_stops_the_letters(days: Days) -> None:
    charge(copy())
    days.later(1)
    charge(copy())
    [probe] = probes()
    with transaction():
        probe.state, probe.begun_at, probe.settled_at = DeliveryState.ACCEPTED, clock.now(), clock.now()
    assert charge(probe) is Effect.SUPPRESSED
    assert suppression.suppressed(["ada@mail.example"]) == {"ada@mail.example"}


def test_a_probe_that_does_not_come_back_within_a_week_clears_the_address(days: Days) -> None:
    charge(copy())
    days.later(1)
    charge(copy())
    days.later(8)
    with transaction():
        bounces.relax()
    assert score() == 0
    assert charge(copy()) is Effect.CHARGED


def test_a_report_about_what_never_left_or_left_long_ago_does_nothing() -> None:
    assert charge(copy(ago=timedelta(days=61))) is Effect.NOTHING
    assert charge(copy(state=DeliveryState.QUEUED, begun_at=None, settled_at=None)) is Effect.NOTHING
    assert score() == 0


def test_refusals_of_the_relay_are_charged_like_reports() -> None:
    copy(state=DeliveryState.FAILED, note="address", reply_code=550, reply="5.1.1 user unknown")
    copy("bea@mail.example", state=DeliveryState.FAILED, note="address", reply_code=550, reply="blocked by policy")
    copy("cem@mail.example", state=DeliveryState.FAILED, note="gave-up", reply_code=450, reply="4.2.0 later")
    with transaction():
        effects = [effect for _row, effect in bounces.judge_refusals()]
    assert effects == [Effect.CHARGED, Effect.NOTED]
    with transaction():
        assert bounces.judge_refusals() == []


def test_policy_refusals_are_counted_for_the_alarm() -> None:
    charge(copy(), Fault.POLICY)
    charge(copy("bea@mail.example"))
    assert bounces.policy_refusals(clock.now() - timedelta(hours=1)) == 1
    assert bounces.policy_refusals(clock.now() + timedelta(hours=1)) == 0
