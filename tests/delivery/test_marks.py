import flask_mail
import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import claims, ledger, outgoing
from caucusmail.delivery.forgetting import UNNAMED
from caucusmail.delivery.marks import Marks
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.transport import Line
from tests import make
from tests.delivery.due import owe, states


def marked(monkeypatch, before) -> None:
    """Have ``before(rows)`` called when rows are about to be marked as in flight."""
    write = Marks.write

    def seen(marks, unit, ended, begin):
        if begin:
            before()
        return write(marks, unit, ended, begin)

    monkeypatch.setattr(Marks, "write", seen)


def test_a_row_withdrawn_after_its_claim_does_not_leave(rough, monkeypatch):
    [row] = owe("ada@mail.example")

    def withdraw() -> None:
        with transaction():
            row.state, row.settled_at = DeliveryState.WITHDRAWN, clock.now()

    marked(monkeypatch, withdraw)
    outgoing.turn("w")
    assert rough.whole == []
    assert states() == [DeliveryState.WITHDRAWN]


def test_a_stopped_message_does_not_leave_although_it_was_claimed(rough, monkeypatch):
    [row] = owe("ada@mail.example")

    def stop() -> None:
        with transaction():
            ledger.stop(row.message)

    marked(monkeypatch, stop)
    outgoing.turn("w")
    assert rough.whole == []
    assert states() == [DeliveryState.WITHDRAWN]


def test_an_address_that_changes_after_the_claim_is_written_to_at_its_new_place(rough, monkeypatch):
    [row] = owe("old@mail.example")

    def move() -> None:
        with transaction():
            db.session.execute(update(Delivery).values(address="new@mail.example"))

    marked(monkeypatch, move)
    assert outgoing.turn("w") == 1
    assert outgoing.turn("w") == 1
    assert b"RCPT TO:<new@mail.example>\r\n" in rough.commands
    assert len(rough.whole) == 1
    assert states() == [DeliveryState.ACCEPTED]
    assert row.id


def test_a_row_is_committed_in_flight_before_its_content(rough, monkeypatch):
    owe("ada@mail.example")
    seen = []
    permit = Line.permit

    def look(line) -> None:
        db.session.expire_all()
        seen.append((states(), list(rough.whole)))
        permit(line)

    monkeypatch.setattr(Line, "permit", look)
    outgoing.turn("w")
    assert seen == [([DeliveryState.IN_FLIGHT], [])]


def test_a_row_whose_mark_was_lost_with_the_database_server_is_not_sent_again(sink, monkeypatch):
    owe("ada@mail.example")

    def lose(marks, _cursor) -> None:
        lost = {"state": DeliveryState.QUEUED, "settled_at": None, "lease_until": clock.now() + claims.LEASE}
        db.session.execute(update(Delivery).values(lost | {"lease_by": marks._holder["holder"]}))

    monkeypatch.setattr(Marks, "again", lose)
    outgoing.turn("w")
    outgoing.turn("w")
    assert len(sink.caught) == 1
    db.session.expire_all()
    assert states() == [DeliveryState.QUEUED]


def test_a_listener_that_fails_costs_no_letter_its_mark(sink):
    owe("ada@mail.example", "bea@mail.example")

    def fail(*_what, **_more) -> None:
        raise RuntimeError("a listener")

    with flask_mail.email_dispatched.connected_to(fail):
        outgoing.turn("w")
    db.session.expire_all()
    assert states() == [DeliveryState.ACCEPTED] * 2


def test_an_answer_that_was_read_outlives_a_commit_that_fails(sink):
    owe("ada@mail.example", "bea@mail.example")
    full = OperationalError("", {}, Exception("database or disk is full"))

    def fail_once(*_what) -> None:
        if sink.caught:
            event.remove(db.engine, "release_savepoint", fail_once)
            raise full

    event.listen(db.engine, "release_savepoint", fail_once)
    with pytest.raises(OperationalError, match="disk is full"):
        outgoing.turn("w")
    db.session.expire_all()
    assert states() == [DeliveryState.ACCEPTED, DeliveryState.QUEUED]


def test_a_row_that_was_forgotten_in_flight_leaves_and_keeps_nothing_that_names_its_reader(rough, monkeypatch):
    rough.taken = b"250 2.0.0 taken for <ada@mail.example>\r\n"
    [row] = owe("ada@mail.example")
    write = Marks.write

    def seen(marks, unit, ended, begin):
        begun = write(marks, unit, ended, begin)
        if begun:
            with transaction():
                db.session.execute(update(Delivery).where(Delivery.id == row.id).values(UNNAMED))
        return begun

    monkeypatch.setattr(Marks, "write", seen)
    outgoing.turn("w")
    assert len(rough.whole) == 1
    [left] = make.rows(Delivery)
    db.session.refresh(left)
    assert (left.state, left.address, left.reply) == (DeliveryState.ACCEPTED, "", "")
