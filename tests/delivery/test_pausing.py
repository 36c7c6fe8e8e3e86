from datetime import timedelta

import pytest
from sqlalchemy import update

from caucusmail import clock, database
from caucusmail.database import db, transaction
from caucusmail.delivery import ledger, outgoing, pausing
from caucusmail.delivery.models import AddressTrouble, Delivery, DeliveryState, Lane, OutgoingMessage, Pause
from caucusmail.delivery.outcome import Outcome, Phase
from caucusmail.delivery.retry import Fault
from caucusmail.inbound import processing
from caucusmail.mail import compiled
from tests import make
from tests.delivery import owed

BLAMED = "550 5.7.26 this mail is unauthenticated"


def announced(number: int, lane: Lane = Lane.ANNOUNCE) -> OutgoingMessage:
    """One message to so many."""
    with transaction():
        message = ledger.open_message("test", lane, ("", None), "water")
        ledger.add_text(message, "en", compiled.compile_letter(owed.LETTER, "Water <water@caucus.example>", {}))
        for place in range(number):
            address = f"reader{place}@mail.example"
            db.session.add(
                Delivery(
                    message_id=message.id,
                    lane=lane,
                    address=address,
                    address_key=address,
                    language="en",
                    due_at=clock.now(),
                )
            )
    return message


def states() -> list[str]:
    db.session.expire_all()
    return [row.state.value for row in make.rows(Delivery)]


@pytest.mark.parametrize(
    ("phase", "code", "words", "blamed"),
    [
        (Phase.RCPT, 550, "5.7.26 unauthenticated", True),
        (Phase.DOT, 550, "5.7.515 Access denied", True),
        (Phase.MAIL, 550, "5.1.8 sender rejected", True),
        (Phase.DOT, 421, "4.7.32 From: header is not aligned", True),
        (Phase.DOT, 451, "4.7.23 no PTR record", True),
        (Phase.DOT, 552, "5.3.4 Message size exceeds fixed limit", True),
        (Phase.MAIL, 552, "5.3.4 Message size exceeds fixed limit", True),
        (Phase.RCPT, 552, "5.2.2 mailbox full", False),
        (Phase.RCPT, 550, "5.1.1 no such user", False),
        (Phase.RCPT, 451, "4.7.1 Greylisting in action", False),
        (Phase.DOT, 421, "4.7.28 unusual rate", False),
        (Phase.MAIL, 452, "4.3.1 system storage", False),
        (Phase.MAIL, 421, "4.7.0 try again later", False),
        (Phase.MAIL, None, "Connection unexpectedly closed", False),
        (Phase.DOT, 250, "2.7.0 queued", False),
    ],
)
def test_what_blames_the_sender(phase, code, words, blamed):
    assert pausing.blames(Outcome(phase, code, words)) is blamed


def test_three_refusals_that_blame_us_pause_the_message_and_the_rest_is_not_tried(sink):
    message = announced(8)
    sink.answers["RCPT"] = [BLAMED] * 100
    outgoing.turn("w", connections=1)
    db.session.expire_all()
    assert message.paused_why == f"policy {BLAMED}"
    assert 100 - len(sink.answers["RCPT"]) <= 4, "one more may have been said before the third answer came"
    assert states().count("queued") >= 4
    assert not sink.caught
    assert all(row.lease_until is None and not row.lease_by for row in make.rows(Delivery))
    assert outgoing.turn("w") == 0


def test_nobody_is_charged_for_a_pause(sink):
    announced(4)
    sink.answers["RCPT"] = [BLAMED] * 100
    outgoing.turn("w")
    with transaction():
        processing.judge_refusals()
    assert make.rows(AddressTrouble) == []
    assert {row.note for row in make.rows(Delivery)} <= {Fault.POLICY.value, ""}


def test_two_refusals_that_blame_us_pause_nothing(sink):
    message = announced(6)
    sink.answers["RCPT"] = [BLAMED] * 2
    outgoing.turn("w")
    db.session.expire_all()
    assert message.paused_at is None
    assert sorted(states()) == ["accepted"] * 4 + ["deferred"] * 2


def test_another_message_goes_on_beside_one_that_was_paused(sink):
    announced(4)
    other = announced(1)
    sink.answers["RCPT"] = [BLAMED] * 4
    outgoing.turn("w", connections=1)
    outgoing.turn("w", connections=1)
    db.session.expire_all()
    assert other.paused_at is None
    assert "accepted" in states() or sink.answers["RCPT"] == []


def test_letters_that_somebody_waits_for_are_never_paused(sink):
    message = announced(5, Lane.TRANSACTIONAL)
    sink.answers["RCPT"] = [BLAMED] * 5
    outgoing.turn("w")
    db.session.expire_all()
    assert message.paused_at is None


def test_what_was_paused_goes_on_at_once_with_what_was_refused(sink):
    message = announced(5)
    sink.answers["RCPT"] = [BLAMED] * 4
    outgoing.turn("w")
    sink.answers["RCPT"] = []
    with transaction():
        db.session.execute(update(Delivery).values(answered_at=clock.now() - timedelta(days=9)))
    with transaction():
        assert pausing.go_on(message)
    with transaction():
        assert not pausing.go_on(message)
    outgoing.turn("w")
    assert states() == ["accepted"] * 5


def test_a_message_is_paused_once_and_told_once(app):
    woken: list[str] = []
    database.on_wake(woken.append)
    message = announced(1)
    with transaction():
        assert pausing.pause(message.id, Pause.POLICY, "550 x" * 200)
        assert not pausing.pause(message.id, Pause.REFUSED)
    assert message.paused_why.startswith("policy 550")
    assert pausing.ALARM in woken
    with transaction():
        assert pausing.tell(message.id)
        assert not pausing.tell(message.id)


def test_a_stopped_message_is_not_paused(app):
    message = announced(1)
    with transaction():
        ledger.stop(message)
    with transaction():
        assert not pausing.pause(message.id, Pause.POLICY)
    assert states() == [DeliveryState.WITHDRAWN.value]
