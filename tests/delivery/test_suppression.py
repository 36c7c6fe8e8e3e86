import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import ledger, outgoing, suppression
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import AddressTrouble, DeliveryState, Lane, Suppression
from tests import make
from tests.delivery.owed import LETTER, again


def suppress(address: str) -> bool:
    with transaction():
        return suppression.suppress(address, "bounced", words="550 no")


def test_only_suppressed_addresses_are_named() -> None:
    suppress("Ada@Mail.example")
    assert suppression.suppressed(["ada@mail.example", "bea@mail.example"]) == {"ada@mail.example"}
    assert suppression.suppressed([]) == set()


def test_of_many_addresses_the_suppressed_are_found() -> None:
    suppress("ada@mail.example")
    many = [f"a{number}@mail.example" for number in range(600)]
    assert suppression.suppressed([*many, "ada@mail.example"]) == {"ada@mail.example"}


def test_no_address_is_kept() -> None:
    suppress("ada@mail.example")
    [row] = make.rows_by(Suppression, Suppression.since)
    assert row.shown == "a***@mail.example"
    assert "ada" not in f"{row.address_fingerprint} {row.shown} {row.words}"


def test_what_is_due_is_withdrawn_but_not_a_letter_that_somebody_waits_for() -> None:
    with transaction():
        rows = [
            ledger.enqueue(LETTER, To("ada@mail.example"), lane=lane) for lane in (Lane.ANNOUNCE, Lane.TRANSACTIONAL)
        ]
    assert suppress("ada@mail.example")
    assert [again(row).state for row in rows] == [DeliveryState.WITHDRAWN, DeliveryState.QUEUED]
    assert again(rows[0]).note == suppression.NOTE


def test_twice_is_once_and_the_first_reason_stays() -> None:
    assert suppress("ada@mail.example")
    with transaction():
        assert not suppression.suppress("ada@mail.example", "complained")
    assert [row.reason for row in suppression.listed()] == ["bounced"]


def test_lifting_forgets_what_was_held_against_the_address() -> None:
    suppress("ada@mail.example")
    mark = suppression.mark("ada@mail.example")
    make.keep(AddressTrouble(address_fingerprint=mark, score=3, charged_at=clock.now()))
    with transaction():
        assert suppression.lift(mark) is not None
        assert suppression.lift("nobody") is None
    assert suppression.suppressed(["ada@mail.example"]) == set()
    assert db.session.query(AddressTrouble).count() == 0


@pytest.mark.parametrize(
    ("lane", "becomes"), [(Lane.ANNOUNCE, DeliveryState.WITHDRAWN), (Lane.TRANSACTIONAL, DeliveryState.ACCEPTED)]
)
def test_what_was_owed_to_a_suppressed_address_all_the_same_does_not_leave_unless_asked_for(sink, lane, becomes):
    with transaction():
        suppression.suppress("ada@mail.example", "bounced")
        row = ledger.enqueue(LETTER, To("ada@mail.example"), lane=lane)
    outgoing.turn("w")
    db.session.expire_all()
    assert (row.state, len(sink.caught)) == (becomes, int(becomes is DeliveryState.ACCEPTED))
    assert row.note == (suppression.NOTE if becomes is DeliveryState.WITHDRAWN else "")
