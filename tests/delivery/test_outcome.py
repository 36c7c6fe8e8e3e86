from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import AFTER_A_FAULT, Fault
from tests import make
from tests.delivery.due import due_now, owe, states


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_not_now_is_deferred_with_the_servers_words_and_the_next_one_goes_on(sink, command):
    owe("ada@mail.example", "bea@mail.example")
    sink.answers[command] = ["450 4.2.1 greylisted"]
    assert outgoing.turn("w") == 2
    first, second = make.rows(Delivery)
    assert (first.state, first.reply_code, first.reply) == (DeliveryState.DEFERRED, 450, "4.2.1 greylisted")
    assert first.due_at - clock.now() > timedelta(minutes=29)
    assert first.attempts == 1
    assert second.state is DeliveryState.ACCEPTED


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_never_is_failed_with_the_servers_words_and_the_next_one_goes_on(sink, command):
    owe("ada@mail.example", "bea@mail.example")
    sink.answers[command] = ["550 5.1.1 no such person"]
    outgoing.turn("w")
    first, second = make.rows(Delivery)
    assert (first.state, first.note, first.reply) == (DeliveryState.FAILED, Fault.ADDRESS, "5.1.1 no such person")
    assert second.state is DeliveryState.ACCEPTED


def test_a_refusal_that_blames_us_does_not_end_the_members_row(sink):
    owe("ada@mail.example")
    sink.answers["DATA"] = ["550 5.7.26 unauthenticated mail is not accepted"]
    outgoing.turn("w")
    [row] = make.rows(Delivery)
    assert (row.state, row.note) == (DeliveryState.DEFERRED, Fault.POLICY)


def test_a_refusal_of_our_own_address_does_not_end_the_members_row(sink):
    owe("ada@mail.example")
    sink.answers["MAIL"] = ["553 5.1.8 this sender is not known here"]
    outgoing.turn("w")
    [row] = make.rows(Delivery)
    assert (row.state, row.note) == (DeliveryState.DEFERRED, Fault.POLICY)


def test_a_closing_server_counts_against_nobody(sink):
    owe("ada@mail.example", "bea@mail.example")
    sink.answers["RCPT"] = ["421 4.3.2 too many connections"]
    outgoing.turn("w")
    first, second = make.rows(Delivery)
    assert (first.state, first.note, first.attempts) == (DeliveryState.DEFERRED, Fault.RELAY, 0)
    assert second.state is DeliveryState.ACCEPTED
    due_now()
    outgoing.turn("w")
    assert states() == [DeliveryState.ACCEPTED] * 2
    assert len(sink.caught) == 2


@pytest.mark.parametrize("words", ["452 4.3.1 Insufficient system storage", "451 4.3.0 try later", "450 not now"])
def test_not_now_before_a_recipient_was_named_is_about_our_relay_and_counts_against_nobody(sink, words):
    owe("ada@mail.example", "bea@mail.example")
    sink.answers["MAIL"] = [words]
    turn = outgoing.turn("w")
    first, second = make.rows(Delivery)
    assert (first.state, first.note, first.attempts) == (DeliveryState.DEFERRED, Fault.RELAY, 0)
    assert f"{first.reply_code} {first.reply}" == words
    assert first.due_at - clock.now() <= AFTER_A_FAULT
    assert (second.state, turn.relay) == (DeliveryState.ACCEPTED, "")


def test_not_now_at_the_sender_by_policy_waits_as_policy_does(sink):
    owe("ada@mail.example")
    sink.answers["MAIL"] = ["450 4.7.1 we do not know this sender yet"]
    outgoing.turn("w")
    [row] = make.rows(Delivery)
    assert (row.state, row.note, row.attempts) == (DeliveryState.DEFERRED, Fault.POLICY, 1)
    assert row.due_at - clock.now() > timedelta(minutes=29)


def test_what_waits_for_four_days_is_given_up(sink):
    sink.answers["RCPT"] = ["450 later"]
    [row] = owe("ada@mail.example")
    with transaction():
        row.answered_at = clock.now() - timedelta(days=4, minutes=1)
    outgoing.turn("w")
    [row] = make.rows(Delivery)
    assert (row.state, row.note) == (DeliveryState.FAILED, Fault.GAVE_UP)


def test_days_without_a_relay_do_not_count_against_the_letter(sink):
    sink.answers["RCPT"] = ["450 later"]
    [row] = owe("ada@mail.example")
    with transaction():
        row.begun_at = clock.now() - timedelta(days=9)
    outgoing.turn("w")
    [row] = make.rows(Delivery)
    assert row.state is DeliveryState.DEFERRED
    assert clock.now() - row.answered_at < timedelta(minutes=1)
