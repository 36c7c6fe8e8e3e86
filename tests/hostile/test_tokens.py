"""Tokens: of the wrong purpose, forged, cut short, too old; on every route that takes one."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from caucusmail import clock, tokens
from caucusmail.tokens import Purpose
from tests.hostile import world

TAKES = {
    "join.confirm": Purpose.CONFIRM_SIGN_UP,
    "join.confirmed": Purpose.CONFIRM_SIGN_UP,
    "join.not_me": Purpose.CONFIRM_SIGN_UP,
    "join.status": Purpose.APPLICATION,
    "join.answer": Purpose.APPLICATION,
    "join.come_back": Purpose.APPLICATION,
    "join.withdraw": Purpose.APPLICATION,
    "accounts.sign_in_letter": Purpose.SIGN_IN,
    "accounts.sign_in_by_letter": Purpose.SIGN_IN,
    "one_click.leave": Purpose.ONE_CLICK,
    "feeds.own": Purpose.CALENDAR,
    "answering.by_letter": Purpose.MEETING_REPLY,
    "answering.answer_by_letter": Purpose.MEETING_REPLY,
    "door.by_link": Purpose.DOOR,
    "door.tap_by_link": Purpose.DOOR,
    "door.take_back_by_link": Purpose.DOOR,
    "held.read": Purpose.READ,
    "held.picture": Purpose.READ,
    "addresses.confirm": Purpose.ADDRESS,
    "addresses.put_back": Purpose.ADDRESS_BACK,
    "privacy.call_back": Purpose.ERASURE,
    "recovery.asked": Purpose.RECOVERY,
    "recovery.answer": Purpose.RECOVERY,
    "recovery.stop": Purpose.RECOVERY_STOP,
    "hand_over.ask": Purpose.HAND_OVER,
    "hand_over.answer": Purpose.HAND_OVER,
    "yearly.ask": Purpose.YEARLY,
    "yearly.answer": Purpose.YEARLY,
    "yearly.take_back": Purpose.YEARLY,
    "deputies.ask": Purpose.DEPUTY,
    "deputies.answer": Purpose.DEPUTY,
    "undo.ask": Purpose.UNDO,
    "undo.take_back": Purpose.UNDO,
    "writing.look": Purpose.MEMBER_LETTER,
    "writing.pass_on": Purpose.MEMBER_LETTER,
    "writing.picture": Purpose.MEMBER_LETTER,
}
"""Every other route that takes a token is a person's own page: it takes the settings token."""


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Method, endpoint, and a path with ``TOKEN`` in it."""
    two = world.build()
    return [
        (method, rule.endpoint, world.path(app, rule, two.ours, token="TOKEN"))
        for method in ("GET", "POST")
        for rule in world.rules(app, method)
        if "token" in rule._converters
    ]


def attempts(purpose: Purpose) -> list[str]:
    """Tokens with every count of numbers that any route reads, for things that are there."""
    return [tokens.sign(purpose, *numbers) for numbers in ((), (1,), (1, 1), (1, 0), (1, 1, 1))]


def test_a_token_opens_nothing_but_what_it_was_made_for(client: FlaskClient, app: Flask):
    paths, tried = routes(app), 0
    before = world.digest()
    for method, endpoint, path in paths:
        for purpose in Purpose:
            if purpose is TAKES.get(endpoint, Purpose.SETTINGS):
                continue
            for token in attempts(purpose):
                answer = client.open(path.replace("TOKEN", token), method=method)
                assert answer.status_code == 404, (method, endpoint, purpose, answer.status)
                tried += 1
    assert tried > 1000
    assert world.digest() == before


def spoiled(token: str) -> list[str]:
    """``token`` with one letter changed at each place, cut, lengthened, spelt otherwise."""
    other = {letter: "B" if letter != "B" else "C" for letter in token}
    changed = [token[:place] + other[token[place]] + token[place + 1 :] for place in range(0, len(token), 5)]
    return [*changed, token[:-1], token + "A", token + "=", token + "%00", token.swapcase(), "A" * len(token), "é"]


def test_a_token_that_is_not_exactly_ours_opens_nothing(client: FlaskClient, app: Flask):
    paths = routes(app)
    before = world.digest()
    for method, endpoint, path in paths:
        purpose = TAKES.get(endpoint, Purpose.SETTINGS)
        numbers = (1, 0) if purpose is Purpose.SETTINGS else (1,)
        for token in spoiled(tokens.sign(purpose, *numbers)):
            answer = client.open(path.replace("TOKEN", token), method=method)
            assert answer.status_code == 404, (method, endpoint, token, answer.status)
    assert world.digest() == before


@pytest.mark.parametrize("number", [0, 987_654])
def test_a_token_for_a_row_that_is_not_there_opens_nothing(client: FlaskClient, app: Flask, number: int):
    for method, endpoint, path in routes(app):
        purpose = TAKES.get(endpoint, Purpose.SETTINGS)
        numbers = (number, 0) if purpose is Purpose.SETTINGS else (number,)
        answer = client.open(path.replace("TOKEN", tokens.sign(purpose, *numbers)), method=method)
        assert answer.status_code == 404, (method, endpoint, answer.status)


def test_a_token_too_old_opens_nothing(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch):
    paths = routes(app)
    old = {purpose: tokens.sign(purpose, 1) for purpose in (Purpose.SIGN_IN, Purpose.UNDO)}
    later = clock.now() + timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: later)
    for method, endpoint, path in paths:
        if TAKES.get(endpoint) in old:
            answer = client.open(path.replace("TOKEN", old[TAKES[endpoint]]), method=method)
            assert answer.status_code == 404, (method, endpoint, answer.status)
