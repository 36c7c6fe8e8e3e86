from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, tokens
from caucusmail.accounts import addressing, addressing_back, queries, recovering, recovery_course, signing_in
from caucusmail.accounts.models import Recovery, RecoveryState, SignIn
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery
from caucusmail.tokens import BadToken, Purpose
from tests import letters, make
from tests.accounts.recoveries import NEW, OLD, by_code, by_people, changed, codes_of
from tests.accounts.test_addressing import given, subjects
from tests.groups.leaving import copy

TWO_DAYS = timedelta(hours=48, minutes=1)


@pytest.fixture
def ada():
    return make.person("Ada", OLD)


@pytest.fixture
def waits(ada):
    asked = by_code(codes_of(ada)[0])
    with transaction():
        recovering.confirm(asked)
    return asked


def to_stop(address=OLD):
    return recovery_course.to_stop(letters.link(letters.to(address)[-1], "/recover/stop/").rpartition("/")[2])


def test_nothing_changes_within_48_hours_and_then_it_does(ada, waits):
    row = copy(ada, make.group(make.caucus("water")))
    with transaction():
        signing_in.begin(ada)
    with time_machine.travel(clock.now() + timedelta(hours=47)):
        assert (changed(), ada.address) == (0, OLD)
    with time_machine.travel(clock.now() + TWO_DAYS):
        assert (changed(), changed()) == (1, 0)
    assert (ada.address, row.address, waits.state) == (NEW, NEW, RecoveryState.DONE)
    assert (queries.reached_at(OLD), queries.live_sign_ins(ada)) == ([], [])
    assert recovering.shown(waits) == "done"
    verbs = [one.verb for one in make.rows(AuditEntry)]
    assert [verb for verb in verbs if verb.startswith("recovery.")] == [
        "recovery.asked",
        "recovery.waiting",
        "recovery.done",
    ]


def test_every_known_address_is_told_of_every_step(ada):
    given(ada, "ada@home.example", instead=False)
    code = codes_of(ada)[0]
    before = {address: len(subjects(address)) for address in (OLD, "ada@home.example")}
    asked = by_code(code)
    with transaction():
        recovering.confirm(asked)
    with time_machine.travel(clock.now() + TWO_DAYS):
        changed()
        for address, number in before.items():
            assert subjects(address)[number:] == [
                "A recovery code was used",
                "Somebody asks for another address for your account",
                "Your address will be changed",
                "Your address was changed",
            ]
    assert addressing.all_of(ada) == [NEW, "ada@home.example"]


def test_a_letter_of_a_recovery_opens_no_page_of_hers_from_the_old_mailbox(ada, waits):
    told = [one for one in make.rows(Delivery) if one.address == OLD][-2:]
    assert [one.settings_version for one in told] == [None, None]


def test_the_day_is_named_in_her_own_city(ada, waits):
    assert "in Nairobi" in letters.text(letters.to(OLD)[-1])


def test_the_old_address_stops_it_with_one_press(ada, waits):
    with transaction():
        assert recovery_course.stop(to_stop(), by=None)
    with transaction():
        assert not recovery_course.stop(waits, by=None)
    with time_machine.travel(clock.now() + TWO_DAYS):
        assert (changed(), ada.address) == (0, OLD)
    assert (subjects(OLD)[-1], subjects(NEW)[-1]) == (
        "Your address stays as it is",
        "The change of address was stopped",
    )
    assert recovering.shown(waits) == "ended"


def test_what_is_done_is_not_stopped_but_taken_back_like_any_change(ada, waits):
    stop = to_stop()
    with time_machine.travel(clock.now() + TWO_DAYS):
        changed()
        with transaction():
            assert not recovery_course.stop(stop, by=None)
        path = letters.link(letters.to(OLD)[-1], "/address/back/")
        with transaction():
            assert addressing_back.take_back(addressing_back.read(path.rpartition("/")[2]))
    assert (ada.address, queries.reached_at(NEW)) == (OLD, [])


def test_what_else_was_asked_for_ends_with_the_one_that_is_done(ada):
    codes = codes_of(ada)
    one, other = by_code(codes[0]), by_code(codes[1], new="other@x.example")
    for asked in (one, other):
        with transaction():
            recovering.confirm(asked)
    with transaction():
        given_up = addressing.ask(ada, "third@x.example", instead=True)
    with time_machine.travel(clock.now() + TWO_DAYS):
        assert (changed(), changed()) == (1, 0)
        with pytest.raises(BadToken), transaction():
            addressing.confirm(given_up)
    assert (ada.address, other.ended_at is not None) == (NEW, True)


def test_the_devices_stay_until_it_is_done(ada, waits):
    with transaction():
        signing_in.begin(ada)
    assert [one.ended_at for one in make.rows(SignIn) if one.ended_at] == []


def test_she_sees_what_is_under_way_for_her_account_alone(ada, waits):
    assert recovery_course.waiting(ada) == [waits]
    assert recovery_course.waiting(make.person()) == []


def test_a_stop_that_was_never_signed_opens_nothing(waits):
    for token in ("x", tokens.sign(Purpose.RECOVERY, waits.id), tokens.sign(Purpose.RECOVERY_STOP, 987_654)):
        with pytest.raises(BadToken):
            recovery_course.to_stop(token)


def test_after_a_fortnight_nothing_that_was_typed_is_left_of_who_was_not_found():
    by_people("nobody@x.example")
    with time_machine.travel(clock.now() + timedelta(days=14, minutes=1)):
        with transaction():
            recovery_course.forget()
        assert make.rows(Recovery) == []
        assert [one.address for one in make.rows(Delivery)] == [""]


def test_what_waits_for_its_day_is_not_forgotten(ada, waits):
    with time_machine.travel(clock.now() + timedelta(days=20)):
        with transaction():
            recovery_course.forget()
        assert changed() == 1
