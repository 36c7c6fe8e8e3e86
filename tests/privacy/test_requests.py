"""Requests about people's data: noted with their month, reminded of, extended once, closed, opened again."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.errors import Invalid
from caucusmail.privacy import requests, takeout
from caucusmail.privacy.models import DataRequest, RequestState, Right
from tests import letters, make
from tests.privacy.erased import erase

WHO = "Ms Odera, Box 7"


@pytest.fixture
def noor():
    return make.secretary(address="noor@house.example")


def noted(by, right: Right = Right.ACCESS, **more) -> DataRequest:
    with transaction():
        return requests.note(right, requests.today(), WHO, by=by, **more)


def do(verb, request, *arguments, **more) -> None:
    with transaction():
        verb(request, *arguments, **more)


def later(days: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(days=days), tick=False)


def test_who_asks_is_sealed_and_forgotten_when_it_is_answered(noor):
    request = noted(noor)
    assert WHO not in request.asker_sealed
    assert requests.asker(request) == WHO
    assert 28 <= requests.days_left(request) <= 31
    do(requests.done, request, by=noor)
    assert (request.state, request.asker_sealed, requests.asker(request)) == (RequestState.DONE, "", "")
    with pytest.raises(requests.MovedOn):
        do(requests.done, request, by=noor)


def test_it_is_refused_with_a_reason_and_opened_again(noor):
    request = noted(noor)
    with pytest.raises(Invalid):
        do(requests.refuse, request, " ", by=noor)
    do(requests.refuse, request, "We never knew them.", by=noor)
    assert [one.id for one in requests.closed()] == [request.id]
    do(requests.open_again, request, by=noor)
    assert (request.state, request.refusal, request.closed_at) == (RequestState.OPEN, "", None)
    assert [one.id for one in requests.waiting()] == [request.id]


def test_it_waits_for_an_identity_while_the_clock_goes_on(noor):
    request = noted(noor)
    due = request.due_on
    do(requests.ask_identity, request, by=noor)
    with pytest.raises(requests.MovedOn):
        do(requests.ask_identity, request, by=noor)
    assert (request.state, request.due_on) == (RequestState.IDENTITY, due)
    do(requests.identified, request, by=noor)
    assert request.state is RequestState.OPEN


def test_nothing_is_noted_of_nobody_or_of_a_day_ahead_or_long_gone(noor):
    for who, days in (("", 0), (WHO, 5), (WHO, -500)):
        with pytest.raises(Invalid), transaction():
            requests.note(Right.ACCESS, requests.today() + timedelta(days=days), who, by=noor)
    assert make.rows(DataRequest) == []


def test_it_is_extended_once_with_a_reason_and_only_if_they_were_told(noor):
    request = noted(noor)
    for reason, told in (("", True), ("Many letters.", False)):
        with pytest.raises(Invalid):
            do(requests.extend, request, reason, told=told, by=noor)
    do(requests.extend, request, "Many letters.", told=True, by=noor)
    assert requests.days_left(request) > 85
    with pytest.raises(requests.MovedOn):
        do(requests.extend, request, "Still more.", told=True, by=noor)


def test_who_is_known_here_is_told_by_letter(noor):
    person = make.person(address="odera@mhi.example")
    do(requests.extend, noted(noor, person=person), "Many letters.", told=False, by=noor)
    [letter] = letters.to("odera@mhi.example")
    assert "Many letters." in letters.text(letter)


def test_after_its_month_it_is_too_late_to_extend(noor):
    request = noted(noor)
    with later(32), pytest.raises(requests.MovedOn):
        do(requests.extend, request, "Many letters.", told=True, by=noor)


def test_the_secretariat_is_reminded_a_week_and_a_day_before_and_each_once(noor):
    request = noted(noor)
    left = requests.days_left(request)
    for days, number in ((left - 8, 0), (left - 7, 1), (left - 6, 0), (left - 1, 1), (left, 0), (left + 3, 0)):
        with later(days), transaction():
            assert requests.remind_due() == number, days
    written = letters.to("noor@house.example")
    assert len(written) == 2
    assert f"/staff/requests/{request.id}" in letters.text(written[0])
    assert WHO not in letters.text(written[0])


def test_what_is_noted_late_is_reminded_of_once_and_what_is_answered_never(noor):
    with transaction():
        requests.note(Right.ACCESS, requests.today() - timedelta(days=40), WHO, by=noor)
        answered = requests.note(Right.ACCESS, requests.today() - timedelta(days=40), WHO, by=noor)
        requests.done(answered, by=noor)
    for number in (1, 0):
        with transaction():
            assert requests.remind_due() == number
    [letter] = letters.to("noor@house.example")
    assert "overdue" in letters.text(letter)


def test_the_overdue_come_first(noor):
    newer = noted(noor)
    with transaction():
        older = requests.note(Right.ERASURE, requests.today() - timedelta(days=40), WHO, by=noor)
    assert [one.id for one in requests.waiting()] == [older.id, newer.id]
    assert requests.days_left(older) < 0


def test_what_people_do_by_themselves_is_there_and_settles_what_they_had_asked(noor):
    person = make.person()
    request = noted(noor, person=person)
    with transaction():
        token = takeout.ask(person)
        takeout.take(person, token)
    db.session.refresh(request)
    assert request.state is RequestState.DONE
    own = next(one for one in requests.closed() if one.own)
    assert (own.right, own.person_id) == (Right.ACCESS, person.id)
    with pytest.raises(requests.MovedOn):
        do(requests.open_again, own, by=noor)
    erase(person)
    assert {one.person_id for one in make.rows(DataRequest)} == {None}
    assert sum(one.own and one.right is Right.ERASURE for one in requests.closed()) == 1
