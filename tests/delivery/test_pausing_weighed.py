"""Refusals that blame us count together: of several turns, and of reports that come back after the relay had accepted."""

import pytest

from caucusmail.database import db, transaction
from caucusmail.delivery import again, outgoing, pausing
from caucusmail.delivery.again import Asked
from caucusmail.delivery.models import Delivery, DeliveryState, Intervention, OutgoingMessage, Step
from caucusmail.inbound import intake, processing
from tests import make
from tests.delivery.due import due_now
from tests.delivery.test_pausing import BLAMED, announced
from tests.inbound.mails import report, return_path

FILTERED = ("5.7.26", "550 5.7.26 this mail is unauthenticated")


def came_back(rows: list[Delivery]) -> None:
    with transaction():
        for row in rows:
            intake.store("", return_path(row), report(row, "failed", *FILTERED))
    processing.turn()
    db.session.expire_all()


def paused(message: OutgoingMessage) -> bool:
    db.session.expire_all()
    return message.paused_at is not None


def accepted() -> list[Delivery]:
    return [row for row in make.rows(Delivery) if row.state is DeliveryState.ACCEPTED]


def test_reports_that_blame_us_pause_what_has_not_left(sink):
    message = announced(10)
    outgoing.turn("w", limit=5)
    first = accepted()
    came_back(first[:2])
    assert not paused(message)
    came_back(first[2:3])
    assert paused(message)
    assert message.paused_why.startswith("policy 550 5.7.26")
    assert outgoing.turn("w") == 0
    assert len(sink.caught) == 5


def test_what_has_wholly_left_is_not_paused(sink):
    message = announced(3)
    outgoing.turn("w")
    came_back(accepted())
    assert not paused(message)


def test_copies_that_came_back_because_of_us_can_be_sent_again_and_that_taken_back(sink):
    message = announced(4)
    outgoing.turn("w")
    rows = accepted()
    came_back(rows[:2])
    with transaction():
        assert again.step_in(message, Step.TRY_NOW, Asked(7, None, "The key is mended.")) == 2
    with transaction():
        assert again.undo(message, 7) == 2
    db.session.expire_all()
    assert [row.bounce for row in rows] == ["policy", "policy", None, None]
    assert {row.state for row in rows} == {DeliveryState.ACCEPTED}
    with transaction():
        assert again.step_in(message, Step.TRY_NOW, Asked(8, None, "The key is mended.")) == 2
    outgoing.turn("w")
    db.session.expire_all()
    assert [(row.state, row.bounce) for row in rows] == [(DeliveryState.ACCEPTED, None)] * 4
    assert len(sink.caught) == 6
    assert {one.bounce for one in make.rows(Intervention)} == {"policy"}


def test_refusals_of_several_turns_count_together(sink):
    message = announced(9)
    sink.answers["RCPT"] = [BLAMED] * 100
    for _turn in range(2):
        outgoing.turn("w", limit=1)
    assert not paused(message)
    outgoing.turn("w", limit=1)
    assert paused(message)


def test_who_is_always_refused_pauses_an_announcement_once_and_not_for_ever(sink):
    message = announced(10)
    hidden = {f"reader{place}@mail.example" for place in range(3)}
    sink.refuse = dict.fromkeys(hidden, BLAMED)
    outgoing.turn("w", connections=1)
    assert paused(message)
    with transaction():
        pausing.go_on(message)
    for _turn in range(3):
        due_now()
        outgoing.turn("w", connections=1)
        assert not paused(message)
    assert len(accepted()) == 7


def test_when_the_next_ones_are_refused_too_it_pauses_again(sink):
    message = announced(12)
    sink.answers["RCPT"] = [BLAMED] * 100
    outgoing.turn("w", connections=1)
    assert paused(message)
    with transaction():
        pausing.go_on(message)
    outgoing.turn("w", connections=1)
    assert paused(message)
    assert [row.state for row in make.rows(Delivery)].count(DeliveryState.QUEUED) >= 3


@pytest.mark.parametrize(
    "words",
    [
        "554 Message rejected as spam",
        "550 SPF check failed",
        "554 Blocked by Spamhaus ZEN",
        "550 refused by DMARC policy",
    ],
)
def test_a_refusal_that_blames_us_in_words_alone_does_too(sink, words):
    message = announced(8)
    sink.answers["RCPT"] = [words] * 100
    outgoing.turn("w", connections=1)
    assert paused(message)
    assert DeliveryState.FAILED not in [row.state for row in make.rows(Delivery)]
