"""A database that somebody else is writing to, or that is away, when a turn ends: what became of its letters is not lost."""

import sqlite3
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError

from caucusmail import sqlite_file
from caucusmail.app import House
from caucusmail.database import db
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import DeliveryState
from tests import another, settings_for
from tests.delivery.due import owe, states
from tests.sink import Sink

LOCKED_S = 1.0


@pytest.fixture
def house(tmp_path, sink: Sink, monkeypatch) -> Iterator[House]:
    monkeypatch.setattr(sqlite_file, "PATIENCE_S", 0)
    url = f"sqlite:///{tmp_path / 'locked.sqlite3'}"
    with another.house(settings_for.testing(url, tmp_path, MAIL_PORT=sink.port)) as house, house.app_context():
        yield house


def test_a_turn_that_cannot_write_for_a_while_keeps_what_the_relay_has_answered(house, sink, monkeypatch):
    owe("ada@mail.example")
    other = sqlite3.connect(db.engine.url.database, isolation_level=None, check_same_thread=False)
    handled = sink.handle_DATA

    async def lock_and_take(*what):
        answer = await handled(*what)
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(LOCKED_S, other.rollback).start()
        return answer

    monkeypatch.setattr(sink, "handle_DATA", lock_and_take)
    with pytest.raises(OperationalError, match="locked"):
        outgoing.turn("w")
    other.close()
    assert len(sink.caught) == 1
    assert states() == [DeliveryState.ACCEPTED]
