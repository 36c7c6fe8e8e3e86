from datetime import timedelta

import pytest

from caucusmail import clock, tokens
from caucusmail.delivery import filling, tracing
from caucusmail.delivery.models import DeliveryState
from caucusmail.mail import verp
from caucusmail.mail.traces import Traces
from caucusmail.tokens import Purpose
from tests.delivery.owed import copy


def test_a_return_path_names_its_copy() -> None:
    row = copy()
    path = verp.return_path(row.message.sender, row.id)
    assert tracing.by_return_path(path) is row
    assert tracing.by_return_path(path.upper().replace("CAUCUS.EXAMPLE", "caucus.example")) is row


def test_a_return_path_under_the_name_of_another_list_is_forged() -> None:
    row = copy()
    assert tracing.by_return_path(verp.return_path("another", row.id)) is None


@pytest.mark.parametrize(
    "change", [lambda path: path.replace("+", "+a", 1), lambda path: path.replace("caucus.", "x.")]
)
def test_a_return_path_that_was_tampered_with_names_nobody(change) -> None:
    row = copy()
    assert tracing.by_return_path(change(verp.return_path(row.message.sender, row.id))) is None


def test_our_message_id_and_one_click_token_name_their_copy() -> None:
    row, other = copy(), copy("bea@mail.example")
    token = tokens.sign(Purpose.ONE_CLICK, other.id)
    assert tracing.by_traces(Traces(message_ids=("<x@y>", filling.message_id(row)))) is row
    assert tracing.by_traces(Traces(one_clicks=("x" * 40, token))) is other
    assert tracing.by_traces(Traces(return_paths=(verp.return_path(row.message.sender, row.id),))) is row


def test_a_message_id_without_its_hash_names_nobody() -> None:
    row = copy()
    real = filling.message_id(row)
    forged = f"<{row.id}.{row.message_id}.{'0' * 16}@caucus.example>"
    assert real != forged
    assert tracing.by_traces(Traces(message_ids=(forged,), feedback_ids=(f"{row.message_id}:caucus.example",))) is None


def test_what_never_left_or_left_long_ago_cannot_come_back() -> None:
    assert tracing.fresh(copy())
    assert not tracing.fresh(copy("bea@mail.example", timedelta(days=61)))
    assert not tracing.fresh(copy("cem@mail.example", state=DeliveryState.QUEUED, settled_at=None))
    assert not tracing.fresh(copy("dov@mail.example", begun_at=None, settled_at=clock.now()))
