from datetime import timedelta

import pytest
from sqlalchemy import update

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import bounces, ledger, outgoing, pausing, waves
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage, Pause
from caucusmail.delivery.waves import Wave
from caucusmail.mail import compiled
from tests import make
from tests.delivery import owed


def announced(number: int, per_hour: int) -> OutgoingMessage:
    """One message to so many, in waves."""
    with transaction():
        message = ledger.open_message("test", Lane.ANNOUNCE, ("", None), "water")
        ledger.add_text(message, "en", compiled.compile_letter(owed.LETTER, "Water <water@caucus.example>", {}))
        for place in range(number):
            address = f"reader{place}@mail.example"
            row = Delivery(message_id=message.id, lane=Lane.ANNOUNCE, address=address, address_key=address)
            row.language, row.due_at = "en", clock.now()
            db.session.add(row)
        db.session.flush()
        waves.spread(message, per_hour, clock.now())
    return message


@pytest.mark.parametrize(
    ("wave", "why"),
    [
        (Wave(100, 5, 100, 0), None),
        (Wave(100, 6, 100, 0), Pause.REFUSED),
        (Wave(1000, 0, 1000, 1), None),
        (Wave(1000, 0, 1000, 2), Pause.COMPLAINED),
        (Wave(0, 0, 500, 1), Pause.COMPLAINED),
        (Wave(19, 19, 19, 19), None),
        (Wave(0, 0, 0, 0), None),
    ],
)
def test_when_a_wave_stops_its_message(wave, why):
    assert waves.verdict(wave) is why


def test_rows_become_due_in_waves_and_only_the_first_leaves_at_once(sink):
    message = announced(7, per_hour=3)
    assert outgoing.turn("w") == 3
    db.session.expire_all()
    rows = make.rows(Delivery)
    hours = [round((row.due_at - message.made_at) / timedelta(hours=1)) for row in rows]
    assert hours == [0, 0, 0, 1, 1, 1, 2]
    assert [row.state for row in rows[3:]] == [DeliveryState.QUEUED] * 4


def test_a_wave_of_at_least_one_copy():
    with pytest.raises(ValueError, match="at least one"):
        waves.spread(OutgoingMessage(), 0, clock.now())


def test_a_wave_that_meets_too_many_wrong_addresses_pauses_the_rest_until_somebody_lets_it_go_on(sink):
    message = announced(50, per_hour=30)
    sink.refuse = {f"reader{place}@mail.example": "550 5.1.1 no such user" for place in range(2)}
    outgoing.turn("w")
    db.session.expire_all()
    assert message.paused_why == "refused"
    with transaction():
        pausing.go_on(message)
        db.session.execute(update(Delivery).values(due_at=clock.now() - timedelta(seconds=1)))
    assert outgoing.turn("w") == 20
    db.session.expire_all()
    assert message.paused_at is None, "what was known before does not count again"


def test_a_wave_with_a_few_wrong_addresses_goes_on(sink):
    message = announced(50, per_hour=30)
    sink.refuse = {"reader1@mail.example": "550 5.1.1 no such user"}
    outgoing.turn("w")
    db.session.expire_all()
    assert message.paused_at is None


def test_complaints_pause_it_too_and_one_copy_is_one_complaint(sink):
    message = announced(50, per_hour=30)
    outgoing.turn("w")
    with transaction():
        row = make.rows(Delivery)[0]
        assert bounces.complained(row)
        assert not bounces.complained(row)
    with transaction():
        assert waves.check() == [message.id]
    with transaction():
        assert waves.check() == []
    assert message.paused_why == "complained"


def test_a_message_without_waves_is_never_stopped_by_itself(sink):
    message = announced(30, per_hour=30)
    with transaction():
        message.per_hour = None
    sink.refuse = {f"reader{place}@mail.example": "550 5.1.1 no such user" for place in range(9)}
    outgoing.turn("w")
    db.session.expire_all()
    assert message.paused_at is None
