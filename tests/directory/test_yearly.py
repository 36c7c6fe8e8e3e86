from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, jobs, zones
from caucusmail.database import transaction
from caucusmail.delivery import suppression
from caucusmail.directory import yearly
from caucusmail.directory.models import NgoState
from caucusmail.directory.yearly import BadDay, NotNow, Running
from caucusmail.directory.yearly_models import Answered, YearlyAnswer, YearlyRound
from caucusmail.errors import NotFound
from tests import letters, make
from tests.directory.yearly_world import begun, later, lines, subjects, turned

STILL = "Still true? The people and seats of Haki"


@pytest.fixture
def rosa():
    """She looks after Haki; Luis speaks for it too."""
    ngo = make.ngo("Haki")
    make.representative(make.person("Luis"), ngo)
    return make.representative(make.person("Rosa"), ngo, admin=True)


def test_a_round_asks_each_organisation_once_that_is_a_member(rosa):
    make.ngo("Gone", state=NgoState.LAPSED)
    other = make.ngo("New", state=NgoState.PROVISIONAL)
    assert yearly.to_be_asked() == 2
    begun()
    assert [one.ngo_id for one in lines()] == [rosa.ngo_id, other.id]
    with pytest.raises(Running), transaction():
        yearly.begin(by=make.secretary())


def test_nothing_leaves_for_ten_minutes_and_until_then_it_is_taken_back(rosa):
    one = begun()
    turned()
    assert subjects(rosa.person) == []
    with transaction():
        yearly.take_back(one, by=make.secretary())
    assert (make.rows(YearlyRound), lines()) == ([], [])
    one = begun()
    with time_machine.travel(later(minutes=11)):
        turned()
        with pytest.raises(NotNow, match="can no longer be taken back"), transaction():
            yearly.take_back(one, by=make.secretary())
    assert subjects(rosa.person) == [STILL]


def test_who_looks_after_it_is_asked_and_where_nobody_does_all_who_speak(rosa):
    begun()
    with time_machine.travel(later(minutes=11)):
        turned()
        turned()
    luis = next(one for one in make.rows(make.Representative) if one is not rosa).person
    assert (subjects(rosa.person), subjects(luis)) == ([STILL], [])
    with transaction():
        rosa.admin = False
    assert {one.person.name for one in yearly.asked(rosa.ngo)} == {"Rosa", "Luis"}


def test_whose_letters_come_back_is_not_asked_and_where_nobody_is_left_that_is_seen(rosa):
    with transaction():
        suppression.suppress(rosa.person.address, "bounced")
    assert [one.person.name for one in yearly.asked(rosa.ngo)] == ["Luis"]
    nobody = make.ngo("Nobody")
    begun()
    with time_machine.travel(later(minutes=11)):
        turned()
    assert {one.ngo_id: (one.unreached, one.letters) for one in lines()} == {
        rosa.ngo_id: (False, 1),
        nobody.id: (True, 0),
    }


def test_it_is_asked_again_after_two_weeks_and_a_month_and_no_more(rosa):
    begun()
    for days, letters_ in ((1, 1), (13, 1), (15, 2), (20, 2), (31, 3), (41, 3)):
        with time_machine.travel(later(days=days)):
            turned()
        assert (days, len(subjects(rosa.person))) == (days, letters_)
    assert "We have asked before" in letters.text(letters.to(rosa.person.address)[1])


def test_who_has_answered_is_asked_no_more(rosa):
    begun()
    with time_machine.travel(later(days=1)):
        turned()
    with transaction():
        lines()[0].state = Answered.CONFIRMED
    with time_machine.travel(later(days=32)):
        turned()
    assert len(subjects(rosa.person)) == 1


def test_after_six_weeks_it_ends_the_secretariat_is_told_and_the_next_is_planned(rosa):
    one = begun()
    noor, before = make.secretary(), [(ngo.state, ngo.expires_at) for ngo in make.rows(make.Ngo)]
    with time_machine.travel(later(days=43)):
        turned()
        turned()
    assert one.closed_at
    assert subjects(noor) == ["The yearly question: 0 % have answered"]
    assert yearly.running() is None
    assert yearly.planned().begins_at == one.begun_at + timedelta(days=365)
    assert [(ngo.state, ngo.expires_at) for ngo in make.rows(make.Ngo)] == before  # silence ends nothing
    assert yearly.of(rosa.ngo).state is Answered.WAITING


def test_what_was_planned_begins_by_itself_on_its_day(rosa):
    by, day = make.secretary(), zones.day(later(days=20), zones.THE_HAGUE)
    with transaction():
        yearly.plan(day + timedelta(days=3), by=by)
    with transaction():
        yearly.plan(day, by=by)
    assert len(make.rows(YearlyRound)) == 1
    assert yearly.newest() is None
    with time_machine.travel(later(days=19)):
        turned()
        assert yearly.running() is None
    with time_machine.travel(later(days=21)):
        turned()
        assert yearly.running() is not None
        assert yearly.planned() is None
        assert len(lines()) == 1


def test_a_plan_is_dropped_and_a_day_that_is_over_or_far_off_is_none():
    by, today = make.secretary(), zones.day(clock.now(), zones.THE_HAGUE)
    for day in (today, today + timedelta(days=800)):
        with pytest.raises(BadDay):
            yearly.plan(day, by=by)
    assert yearly.unplan(by=by) is None
    with transaction():
        made = yearly.plan(today + timedelta(days=9), by=by)
    was = made.begins_at
    with transaction():
        assert yearly.unplan(by=by) == was
    assert yearly.planned() is None


def test_one_is_asked_again_but_not_twice_a_day(rosa):
    begun()
    with time_machine.travel(later(days=1)):
        turned()
        with pytest.raises(NotNow, match="within the last day"):
            yearly.ask_again(lines()[0], by=make.secretary())
    with time_machine.travel(later(days=3)):
        with transaction():
            yearly.ask_again(lines()[0], by=make.secretary())
        turned()
    assert len(subjects(rosa.person)) == 2
    with time_machine.travel(later(days=15)):
        turned()
    assert len(subjects(rosa.person)) == 3  # the reminder comes all the same
    with transaction():
        lines()[0].state = Answered.CONFIRMED
    with pytest.raises(NotNow, match="has answered"):
        yearly.ask_again(lines()[0], by=make.secretary())


def test_what_is_not_there_is_not_found():
    for ask in (yearly.round_, yearly.answer):
        with pytest.raises(NotFound):
            ask(987_654)
    assert yearly.of(make.ngo()) is None
    assert make.rows(YearlyAnswer) == []


def test_a_round_of_many_is_written_in_one_run_of_the_job():
    for number in range(yearly.A_TURN + 1):
        make.representative(make.person(), make.ngo(f"Ngo {number}"), admin=True)
    begun()
    with time_machine.travel(later(minutes=11)):
        turned()
        assert sum(one.letters for one in lines()) == yearly.A_TURN
        jobs.hand_over()
        assert {one.letters for one in lines()} == {1}
