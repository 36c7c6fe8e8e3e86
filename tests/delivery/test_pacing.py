from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from caucusmail import clock, settings
from caucusmail.database import db, transaction
from caucusmail.delivery import ledger, outgoing, pacing
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import AddressTrouble, Delivery, DeliveryState, DomainPace, Lane, MinutePace
from caucusmail.delivery.outcome import Outcome, Phase
from caucusmail.inbound import processing
from tests import make
from tests.delivery import owed

SLOWER = "450 4.7.28 too many messages from your address"


@pytest.fixture
def limit(monkeypatch):
    """Sets ``MAIL_PER_MINUTE``."""

    def to(number: int) -> None:
        monkeypatch.setattr(settings, "_current", replace(settings.current(), mail_per_minute=number))

    return to


def owe(number: int, lane: Lane = Lane.ANNOUNCE, domain: str = "mail.example") -> None:
    with transaction():
        for place in range(number):
            ledger.enqueue(owed.LETTER, To(f"reader{place}@{domain}"), lane=lane)


def due_now() -> None:
    with transaction():
        db.session.execute(update(Delivery).values(due_at=clock.now() - timedelta(seconds=1)))
        db.session.execute(update(DomainPace).values(until=clock.now() - timedelta(seconds=1)))
    db.session.expire_all()


def begun() -> int:
    db.session.expire_all()
    return sum(row.begun for row in make.rows_by(MinutePace, "minute"))


@pytest.mark.parametrize(
    ("phase", "code", "words", "asks"),
    [
        (Phase.RCPT, 450, "4.7.28 unusual rate of mail", True),
        (Phase.DOT, 421, "4.7.0 [TSS04] Messages temporarily deferred", True),
        (Phase.RCPT, 421, "Too many connections", True),
        (Phase.DOT, 452, "4.2.1 Rate limit exceeded", True),
        (Phase.RCPT, 451, "please slow down", True),
        (Phase.RCPT, 451, "4.7.1 Greylisting in action, please come back later", False),
        (Phase.RCPT, 450, "4.3.2 system not accepting network messages", True),
        (Phase.RCPT, 450, "4.2.1 mailbox busy", False),
        (Phase.RCPT, 452, "4.2.2 over quota", False),
        (Phase.DOT, 451, "4.7.23 no PTR record", False),
        (Phase.MAIL, 451, "4.7.1 too many", False),
        (Phase.DOT, 550, "5.7.1 too many", False),
        (Phase.DOT, None, "too many", False),
    ],
)
def test_which_answers_ask_for_patience(phase, code, words, asks):
    assert pacing.asks_for_patience(Outcome(phase, code, words)) is asks


@pytest.mark.parametrize(
    ("before", "now", "second", "free"),
    [(0, 0, 0, 60), (60, 0, 0, 0), (60, 0, 30, 30), (60, 30, 30, 0), (60, 0, 59.9, 60), (0, 60, 59, 0), (0, 70, 59, 0)],
)
def test_no_sixty_seconds_hold_more_than_the_limit(before, now, second, free):
    assert pacing.room(60, before, now, second) == free


def test_all_turns_together_begin_no_more_than_the_limit_and_count_no_attempt(sink, limit):
    limit(5)
    owe(8)
    assert outgoing.turn("one") + outgoing.turn("two") == 5
    assert begun() == 5
    waiting = [row for row in make.rows(Delivery) if row.state is DeliveryState.QUEUED]
    assert [(row.attempts, row.lease_by) for row in waiting] == [(0, "")] * 3
    with transaction():
        db.session.execute(update(MinutePace).values(begun=0))
    assert outgoing.turn("one") == 3


def test_what_was_reserved_and_not_begun_is_given_back(sink, limit):
    limit(100)
    owe(2)
    outgoing.turn("w")
    assert begun() == 2


def test_letters_that_somebody_waits_for_count_and_never_wait(sink, limit):
    limit(1)
    owe(3, Lane.TRANSACTIONAL)
    assert outgoing.turn("w", Lane.TRANSACTIONAL) == 3
    assert begun() == 3


def test_without_a_limit_nothing_is_counted(sink):
    owe(2)
    outgoing.turn("w")
    assert make.rows_by(MinutePace, "minute") == []


def test_old_minutes_are_forgotten(sink, limit):
    limit(5)
    for _ in range(2):
        owe(1)
        outgoing.turn("w")
        assert len(make.rows_by(MinutePace, "minute")) == 1
        with transaction():
            db.session.execute(update(MinutePace).values(minute=MinutePace.minute - 12))


def test_a_domain_that_asks_for_patience_is_left_alone_and_others_go_on(sink):
    owe(6)
    owe(2, domain="other.example")
    sink.refuse = {f"reader{place}@mail.example": SLOWER for place in range(6)}
    outgoing.turn("w", connections=1)
    db.session.expire_all()
    rows = make.rows(Delivery)
    slow = [row for row in rows if row.address.endswith("@mail.example") and row.state is not DeliveryState.ACCEPTED]
    assert all(row.due_at > clock.now() + timedelta(seconds=50) for row in slow)
    assert sum(row.attempts == 0 for row in slow) >= 3
    assert {row.state for row in rows if row.address.endswith("@other.example")} == {DeliveryState.ACCEPTED}
    assert [name for name, _since, _until in pacing.patient()] == ["mail.example"]


def test_nobody_is_charged_for_it(sink):
    owe(3)
    sink.answers["RCPT"] = [SLOWER] * 3
    outgoing.turn("w")
    with transaction():
        processing.judge_refusals()
    assert make.rows(AddressTrouble) == []


def waits() -> float:
    """Minutes from now until the domain is tried again."""
    db.session.expire_all()
    [one] = make.rows_by(DomainPace, "domain")
    return round((one.until - clock.now()).total_seconds() / 60)


def test_the_wait_doubles_up_to_half_an_hour_and_many_answers_of_one_while_count_once(app):
    seen = []
    for _ in range(7):
        pacing.slow_down({"mail.example"})
        pacing.slow_down({"mail.example"})
        seen.append(waits())
        due_now()
    assert seen == [1, 2, 4, 8, 16, 30, 30]


def test_after_a_success_the_next_wait_is_half_as_long_and_in_the_end_none(app):
    for _ in range(3):
        pacing.slow_down({"mail.example"})
        due_now()
    with transaction():
        pacing.speed_up({"mail.example", "never.slow.example"})
    pacing.slow_down({"mail.example"})
    assert waits() == 4
    for _ in range(3):
        due_now()
        with transaction():
            pacing.speed_up({"mail.example"})
    assert make.rows_by(DomainPace, "domain") == []


def test_a_domain_means_itself_and_none_that_ends_like_it(app):
    owe(1, domain="notmail.example")
    owe(1, domain="sub.mail.example")
    owe(1, Lane.TRANSACTIONAL)
    pacing.slow_down({"mail.example"})
    db.session.expire_all()
    assert all(row.due_at <= clock.now() for row in make.rows(Delivery))


def waiting() -> list[float]:
    """Seconds from the end of the wait until each letter of the domain is due, the earliest first."""
    db.session.expire_all()
    [pace] = make.rows_by(DomainPace, "domain")
    return sorted((row.due_at - pace.until).total_seconds() for row in make.rows(Delivery))


def test_when_the_wait_ends_one_letter_goes_first_and_the_others_follow_it(app):
    owe(4)
    later = pacing.AFTER_THE_FIRST.total_seconds()
    pacing.slow_down({"mail.example"})
    assert waiting() == [0, later, later, later]
    pacing.slow_down({"mail.example"})  # another worker heard the same
    assert waiting() == [0, later, later, later]


def test_the_others_wait_on_if_the_first_is_refused_too_and_follow_if_it_is_taken(sink):
    owe(4)
    pacing.slow_down({"mail.example"})
    sink.answers["RCPT"] = [SLOWER]
    first_is_due()
    assert outgoing.turn("w") == 1
    assert waits() == 2
    assert sum(row.attempts for row in make.rows(Delivery)) == 1
    first_is_due()
    assert outgoing.turn("w") == 1
    assert len(sink.caught) == 1
    due_now()
    outgoing.turn("w")
    assert len(sink.caught) == 4


def first_is_due() -> None:
    """The wait of the domain is over just now."""
    with transaction():
        db.session.execute(
            update(Delivery)
            .where(Delivery.due_at == select(DomainPace.until).scalar_subquery())
            .values(due_at=clock.now() - timedelta(seconds=1))
        )
        db.session.execute(update(DomainPace).values(until=clock.now() - timedelta(seconds=1)))
    db.session.expire_all()


@pytest.mark.parametrize(
    ("words", "tried"),
    [
        ("450 4.3.0 not now", pacing.IN_A_ROW),
        ("451 Greylisted, please come back", 12),
        ("450 4.2.1 mailbox busy", 12),
    ],
)
def test_a_domain_that_puts_off_letter_after_letter_is_left_alone_whatever_it_says(sink, words, tried):
    owe(12)
    sink.answers["RCPT"] = [words] * 100
    outgoing.turn("w", connections=1)
    said = 100 - len(sink.answers["RCPT"])
    assert tried <= said <= tried + 1
    assert len(make.rows_by(DomainPace, "domain")) == (said < 12)
