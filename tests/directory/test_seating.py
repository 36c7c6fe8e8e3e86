import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import seating
from caucusmail.directory.models import Seat
from tests import make


@pytest.fixture
def seat():
    return make.keep(Seat(ngo_id=make.ngo().id, caucus_id=make.caucus().id, since=clock.now()))


def test_a_seat_has_one_holder_at_a_time(seat):
    rosa, luis = make.person(), make.person()
    with transaction():
        seating.take(seat, rosa.id)
        seating.take(seat, rosa.id)
    with pytest.raises(seating.SeatTaken), transaction():
        seating.take(seat, luis.id)
    assert not seating.leave_seat(seat.id, luis.id)
    assert seating.leave_seat(seat.id, rosa.id)


def test_who_sits_again_sits_as_before(seat):
    rosa = make.person()
    make.representative(rosa, seat.ngo)
    with transaction():
        seating.take(seat, rosa.id)
    sat = seating.sitting(seat.id)
    with transaction():
        seating.leave_seat(seat.id, rosa.id)
    with transaction():
        seating.back(seat.id, rosa.id, sat)
    assert seating.sitting(seat.id) == sat
    assert seating.sitting(None) is None


def test_nobody_sits_again_on_what_was_given_up_or_without_speaking_for_it(seat):
    with pytest.raises(seating.SeatTaken, match="no longer speak"):
        seating.back(seat.id, make.person().id, None)
    with transaction():
        seat.until = clock.now()
    with pytest.raises(seating.SeatTaken, match="given up"):
        seating.back(seat.id, make.person().id, None)
