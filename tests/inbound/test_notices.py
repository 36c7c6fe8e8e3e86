from datetime import timedelta

import time_machine

from caucusmail import clock
from caucusmail.accounts.models import SecondAddress
from caucusmail.database import transaction
from caucusmail.delivery import letters, scoring, suppression
from caucusmail.delivery.models import AddressTrouble, DeliveryState
from caucusmail.inbound import notices
from tests import make
from tests.delivery.owed import copy
from tests.groups.handed import office
from tests.inbound.mails import owed, report, return_path, take


def test_a_person_with_another_address_is_told_there_that_the_first_is_paused() -> None:
    person = make.person(address="ada@mail.example")
    for address, verified in (("ada@home.example", clock.now()), ("ada@unproven.example", None)):
        make.keep(SecondAddress(person_id=person.id, address=address, address_key=address, verified_at=verified))
    for day in range(2):
        with time_machine.travel(clock.now() + timedelta(days=day), tick=False):
            row = copy(person.address, person_id=person.id)
            take(report(row), return_path(row))
    [probe] = owed(letters.PROBE)
    with transaction():
        probe.state, probe.begun_at, probe.settled_at = DeliveryState.ACCEPTED, clock.now(), clock.now()
    assert take(report(probe), return_path(probe)).detail == "gone 5.1.1 suppressed"
    assert suppression.suppressed([person.address_key]) == {person.address_key}
    assert [row.address for row in owed("inbound/paused")] == ["ada@home.example"]
    assert scoring.PROBE_AT == 4


def test_who_looks_after_the_organisation_is_told_that_nobody_is_reached_on_its_seat() -> None:
    haki = office()
    row = copy(haki.rosa.address, person_id=haki.rosa.id)
    with transaction():
        assert notices.paused(row) == 1
    assert [row.address for row in owed("inbound/seat_unreached")] == [haki.ben.person.address]


def test_the_main_address_is_told_of_a_further_one_and_the_organisation_is_not() -> None:
    haki = office()
    home = {"address": "rosa@home.example", "address_key": "rosa@home.example", "verified_at": clock.now()}
    make.keep(SecondAddress(person_id=haki.rosa.id, **home))
    with transaction():
        assert notices.paused(copy("rosa@home.example", person_id=haki.rosa.id)) == 1
    assert [row.address for row in owed("inbound/paused")] == [haki.rosa.address]


def test_many_refusals_because_of_us_raise_one_alarm_and_are_held_against_nobody() -> None:
    secretary = make.secretary()
    for number in range(notices.BLAMED_AT + 5):
        row = copy(f"a{number}@mail.example")
        raw = report(row, status="5.7.26", words="550 5.7.26 This mail is unauthenticated: DMARC failed")
        assert take(raw, return_path(row)).detail.startswith("policy 5.7.26 noted")
    assert [row.address for row in owed("inbound/blamed")] == [secretary.address]
    assert make.rows(AddressTrouble) == []
