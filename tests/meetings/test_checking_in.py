"""Saying of oneself that one is there: while the meeting is on, once, for one's organisation."""

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory.models import Seat
from caucusmail.meetings import checking_in
from caucusmail.meetings.attendance import CheckIn
from caucusmail.meetings.checking_in import NotOn
from caucusmail.meetings.door import Who
from caucusmail.meetings.models import MeetingState
from tests import make
from tests.meetings.doors import begun, keeper, kept, on, press, seated


def here(one, who) -> bool:
    with transaction():
        return checking_in.check_in(one, who)


def gone(one, who) -> None:
    with transaction():
        checking_in.take_back(one, who)


def test_it_counts_one_for_the_organisation_of_their_seat_and_twice_counts_once():
    one = on()
    ngo, who = seated(one, "Haki")
    assert [here(one, who), here(one, who)] == [True, False]
    assert kept() == [(f"ngo:{ngo.id}", "", 1)]
    assert checking_in.of(one, who) is not None
    press(one, keeper(one), Who(ngo.id))
    assert kept() == [(f"ngo:{ngo.id}", "", 2)]


def test_an_expert_counts_as_one_and_who_speaks_for_one_organisation_counts_for_it():
    one = on()
    here(one, make.member(one.caucus))
    spokes, ngo = make.person(), make.ngo("Andina")
    make.representative(spokes, ngo)
    here(one, spokes)
    torn = make.person()
    for name in ("One", "Two"):
        make.representative(torn, make.ngo(name))
    here(one, torn)
    elsewhere = make.member(make.caucus())
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=make.caucus().id, since=clock.now()))
    expert_here = make.member(one.caucus, make.member(make.caucus(), None, seat_id=seat.id))
    for who in (elsewhere, expert_here):
        here(one, who)
    assert kept() == [("expert", "", 4), (f"ngo:{ngo.id}", "", 1)]


def test_it_is_taken_back_as_if_it_had_not_been_and_can_be_said_again():
    one = on()
    ngo, who = seated(one, "Haki")
    here(one, who)
    gone(one, who)
    gone(one, who)
    assert (kept(), make.rows(CheckIn)) == ([(f"ngo:{ngo.id}", "", 0)], [])
    assert here(one, who)


def test_whom_the_door_took_off_already_is_not_taken_off_twice():
    one = on()
    ngo, who = seated(one, "Haki")
    here(one, who)
    press(one, keeper(one), Who(ngo.id), -1)
    gone(one, who)
    assert kept() == [(f"ngo:{ngo.id}", "", 0)]


@pytest.mark.parametrize("minutes", [1, -61])
def test_before_it_begins_and_after_it_has_ended_nobody_is_there(minutes):
    one = begun(make.caucus(), minutes)
    with pytest.raises(NotOn, match="only while the meeting takes place"):
        here(one, make.member(one.caucus))
    with pytest.raises(NotOn):
        gone(one, make.member(one.caucus))


def test_nobody_is_at_a_meeting_that_is_cancelled():
    one = on(state=MeetingState.CANCELLED)
    assert not checking_in.is_on(one)
    with pytest.raises(NotOn):
        here(one, make.member(one.caucus))
