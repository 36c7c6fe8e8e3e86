from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import bounces, ledger, outgoing, pausing, waves
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage, Pause
from caucusmail.delivery.waves import Wave
from caucusmail.mail import compiled
from caucusmail.mail.faults import Fault
from tests import another, make, settings_for
from tests.delivery import owed
from tests.statements import counted


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
        (Wave(200, 10, 0), None),
        (Wave(200, 11, 0), Pause.REFUSED),
        (Wave(2000, 0, 2), None),
        (Wave(2000, 0, 3), Pause.COMPLAINED),
        (Wave(200, 0, 1), Pause.COMPLAINED),
        (Wave(5, 1, 0), None),
        (Wave(200, 0, 0), None),
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


def test_a_report_that_comes_later_counts_like_a_refusal(sink):
    message = announced(50, per_hour=30)
    outgoing.turn("w")
    with transaction():
        for row in make.rows(Delivery)[:2]:
            bounces.charge(row, Fault.GONE, "550 5.1.1 no such user")
            bounces.charge(make.rows(Delivery)[40], Fault.FULL, "552 5.2.2 full")
    with transaction():
        assert waves.check() == [message.id]
    assert message.paused_why == "refused"


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


def test_a_message_of_which_nothing_is_left_is_not_paused(sink):
    announced(30, per_hour=30)
    outgoing.turn("w")
    with transaction():
        bounces.complained(make.rows(Delivery)[0])
    with transaction():
        assert waves.check() == []


def hours(message: OutgoingMessage, since: datetime) -> list[int]:
    db.session.expire_all()
    return [round((row.due_at - since) / timedelta(hours=1)) for row in make.rows(Delivery) if not row.settled_at]


def test_after_an_outage_one_wave_leaves_and_the_others_keep_their_distance(sink):
    message = announced(10, per_hour=3)
    with transaction():  # nobody was at work for two hours and a half
        for row in make.rows(Delivery):
            row.due_at -= timedelta(minutes=150)
    now = clock.now()
    assert outgoing.turn("w") == 3
    assert hours(message, now) == [1, 1, 1, 2, 2, 2, 3]
    assert outgoing.turn("w") == 0


def test_a_copy_that_was_told_to_come_back_keeps_its_own_time(sink):
    message = announced(9, per_hour=3)
    sink.refuse = {"reader0@mail.example": "450 4.2.1 come back"}
    outgoing.turn("w")
    with transaction():
        for row in make.rows(Delivery)[3:]:
            row.due_at = clock.now()
    now = clock.now()
    assert outgoing.turn("w") == 3
    assert hours(message, now)[1:] == [1, 1, 1]
    assert make.rows(Delivery)[0].due_at < now + timedelta(minutes=40)


def test_it_is_told_how_far_the_waves_have_come_and_what_is_against_them(sink):
    message = announced(50, per_hour=20)
    sink.refuse = {"reader1@mail.example": "550 5.1.1 no such user"}
    outgoing.turn("w")
    found = waves.standing(message.id)
    assert (found.wave, found.later) == (Wave(20, 1, 0), 30)
    assert found.last_at - found.next_at == timedelta(hours=1)
    with transaction():
        db.session.execute(update(Delivery).values(due_at=clock.now()))
    assert waves.standing(message.id).next_at is None
    with transaction():
        message.per_hour = None
    assert waves.standing(message.id) is None


def steps_of(look: Any) -> int:
    """How many steps SQLite's machine makes in ``look``."""
    driver = db.session.connection().connection.driver_connection
    steps = [0]

    def step() -> int:
        steps[0] += 1
        return 0

    driver.set_progress_handler(step, 1)
    try:
        look()
    finally:
        driver.set_progress_handler(None, 1)
    return steps[0]


@pytest.fixture
def sqlite(tmp_path):
    """A house on SQLite, whatever the others stand on: its machine can be watched step by step."""
    database = f"sqlite:///{tmp_path / 'waves.sqlite3'}"
    with another.house(settings_for.testing(database, tmp_path)) as house, house.app_context():
        yield house


@pytest.mark.parametrize("look", [waves.check, waves.keep_apart])
def test_a_look_at_the_waves_does_not_read_what_went_well(sqlite, look):
    costs = []
    for number in (40, 1200):
        message = announced(number + 1, per_hour=number + 2)
        with transaction():
            settled = {"state": DeliveryState.ACCEPTED, "settled_at": clock.now(), "due_at": clock.now()}
            mine = Delivery.message_id == message.id
            open_one = db.session.scalar(select(func.max(Delivery.id)).where(mine))
            db.session.execute(update(Delivery).where(mine, Delivery.id != open_one).values(**settled))
        with transaction(), counted() as statements:
            costs.append(steps_of(look))
            assert len(statements) == 2
        with transaction():
            message.stopped_at = clock.now()
    assert costs[1] < costs[0] * 3, "of thirty times as many copies"


def test_a_message_without_waves_is_never_stopped_by_itself(sink):
    message = announced(30, per_hour=30)
    with transaction():
        message.per_hour = None
    sink.refuse = {f"reader{place}@mail.example": "550 5.1.1 no such user" for place in range(9)}
    outgoing.turn("w")
    db.session.expire_all()
    assert message.paused_at is None
