from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.directory.seat_request_models import RequestState, SeatRequest
from tests import make


def test_a_request_goes_with_its_person():
    person = make.person()
    one = make.keep(SeatRequest(person_id=person.id, ngo_id=make.ngo().id, agreed={}, asked_at=clock.now()))
    assert one.state is RequestState.OPEN
    with transaction():
        db.session.delete(person)
    db.session.expire_all()
    assert make.rows(SeatRequest) == []
