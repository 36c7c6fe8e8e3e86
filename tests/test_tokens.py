"""Tokens themselves. What they open on which route: tests/hostile/test_tokens.py."""

import base64
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caucusmail import clock, settings, tokens
from caucusmail.tokens import BadToken, Purpose

NUMBER = st.integers(min_value=0, max_value=2**63 - 1)


@given(st.sampled_from(Purpose), st.lists(NUMBER, max_size=4))
def test_what_was_signed_is_read_back(purpose: Purpose, numbers: list[int]):
    token = tokens.sign(purpose, *numbers)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)
    assert tokens.read(purpose, token, len(numbers)) == tuple(numbers)


def test_a_token_of_one_purpose_opens_no_other():
    token = tokens.sign(Purpose.SETTINGS, 7, 1)
    for purpose in set(Purpose) - {Purpose.SETTINGS}:
        with pytest.raises(BadToken):
            tokens.read(purpose, token, 2)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_token_of_another_length_opens_nothing(count: int):
    with pytest.raises(BadToken):
        tokens.read(Purpose.SETTINGS, tokens.sign(Purpose.SETTINGS, 7, 1), count)


def test_a_token_is_good_until_its_last_second_and_no_longer(monkeypatch: pytest.MonkeyPatch):
    made = clock.now().replace(microsecond=0)
    token = tokens.sign_at(Purpose.UNDO, 7, made=made)
    for seconds, good in ((60, True), (61, False)):
        monkeypatch.setattr(clock, "now", lambda now=made + timedelta(seconds=seconds): now)
        if good:
            assert tokens.read(Purpose.UNDO, token, 1, max_age_s=60) == (7,)
        else:
            with pytest.raises(BadToken):
                tokens.read(Purpose.UNDO, token, 1, max_age_s=60)
            assert tokens.read(Purpose.UNDO, token, 1) == (7,)


def test_a_letter_that_is_made_again_holds_the_same_token():
    made = clock.now() - timedelta(days=90)
    assert tokens.sign_at(Purpose.ONE_CLICK, 7, made=made) == tokens.sign_at(Purpose.ONE_CLICK, 7, made=made)
    later = made + timedelta(seconds=1)
    assert tokens.sign_at(Purpose.ONE_CLICK, 7, made=later) != tokens.sign_at(Purpose.ONE_CLICK, 7, made=made)


def test_every_changed_bit_is_a_forgery():
    raw = base64.urlsafe_b64decode(tokens.sign(Purpose.SIGN_IN, 7))
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadToken):
            tokens.read(Purpose.SIGN_IN, base64.urlsafe_b64encode(changed).decode(), 1)


@pytest.mark.parametrize("token", ["", "A", "é", "a b", "\x00", "A" * 10_000, "..", "=="])
def test_what_is_no_token_is_refused_like_a_forged_one(token: str):
    with pytest.raises(BadToken):
        tokens.read(Purpose.SIGN_IN, token, 1)


def test_one_token_has_one_spelling():
    token = tokens.sign(Purpose.SIGN_IN, 7).rstrip("=")
    for spelling in (token + "=" * (-len(token) % 4 or 4), token + "\n", " " + token):
        with pytest.raises(BadToken):
            tokens.read(Purpose.SIGN_IN, spelling, 1)


def test_another_installation_signs_otherwise(monkeypatch: pytest.MonkeyPatch):
    token, mark = tokens.sign(Purpose.SIGN_IN, 7), tokens.fingerprint("suppression", "a@mail.example")
    key = type(settings.current())(**{**vars(settings.current()), "secret_key": "another" * 8})
    monkeypatch.setattr(settings, "_current", key)
    with pytest.raises(BadToken):
        tokens.read(Purpose.SIGN_IN, token, 1)
    assert tokens.fingerprint("suppression", "a@mail.example") != mark


@pytest.mark.parametrize("value", ["", "a@mail.example", "é", "\ud800", "x" * 100_000])
def test_a_fingerprint_is_always_64_digits_and_never_the_value(value: str):
    mark = tokens.fingerprint("throttle", value)
    assert re.fullmatch("[0-9a-f]{64}", mark)
    assert mark == tokens.fingerprint("throttle", value)
    assert mark != tokens.fingerprint("suppression", value)


def test_a_code_has_six_digits_in_two_groups_also_when_it_begins_with_zeros(monkeypatch: pytest.MonkeyPatch):
    assert all(re.fullmatch(r"\d{3}-\d{3}", tokens.new_code()) for _ in range(200))
    assert re.fullmatch(r"\d{4}-\d{4}", tokens.new_code(4))
    monkeypatch.setattr(tokens.secrets, "randbelow", lambda _limit: 7)
    assert tokens.new_code() == "000-007"


def test_no_secret_comes_twice():
    assert len({tokens.new_secret() for _ in range(100)}) == 100
    assert all(len(base64.urlsafe_b64decode(tokens.new_secret() + "==")) == 16 for _ in range(3))


def test_a_token_tells_when_it_was_made_to_the_second():
    now = clock.now()
    assert tokens.made(tokens.sign_at(Purpose.UNDO, 7, made=now)) == now.replace(microsecond=0)
