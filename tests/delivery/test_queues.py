from datetime import timedelta

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.delivery import queues
from caucusmail.delivery.models import DeliveryState, Lane, OutgoingMessage
from tests import make
from tests.delivery.owed import copy

NOW = {"settled_at": None}
DEFERRED = NOW | {"state": DeliveryState.DEFERRED, "reply_code": 451, "reply": "4.7.1 later"}


def test_each_lane_tells_what_is_due_since_when_and_what_waits_longer():
    now = clock.now()
    copy(**NOW | {"state": DeliveryState.QUEUED, "due_at": now - timedelta(minutes=9)})
    copy(**NOW | {"state": DeliveryState.QUEUED, "due_at": now - timedelta(minutes=4)})
    copy(**DEFERRED | {"due_at": now + timedelta(hours=1)})
    copy(**NOW | {"state": DeliveryState.IN_FLIGHT})
    copy()
    found = queues.lanes()
    assert [one.lane for one in found] == list(Lane)
    announced = found[2]
    assert (announced.due, announced.oldest, announced.deferred, announced.leaving) == (
        2,
        now - timedelta(minutes=9),
        1,
        1,
    )
    assert found[0].due == found[0].deferred == 0
    assert found[0].oldest is None


def test_what_is_held_or_stopped_waits_for_nobody():
    for _ in range(2):
        copy(**NOW | {"state": DeliveryState.QUEUED})
    with transaction():
        held, stopped = make.rows(OutgoingMessage)
        held.released_at, stopped.stopped_at = None, clock.now()
    assert sum(one.due for one in queues.lanes()) == 0


def test_servers_that_ask_to_wait_are_named_by_domain_alone_the_longest_list_first():
    now = clock.now()
    for address in ("ada@mail.example", "ben@mail.example", '"odd@one"@other.example', "x@x.example"):
        copy(address, **DEFERRED | {"due_at": now + timedelta(hours=1)})
    copy("nobody@silent.example", **DEFERRED | {"reply_code": None})
    assert [(one.domain, one.copies) for one in queues.deferred()] == [
        ("mail.example", 2),
        ("other.example", 1),
        ("x.example", 1),
    ]


def test_copies_with_a_note_are_counted_for_each_message():
    mine, other = copy(note="policy"), copy(note="address")
    assert queues.counted("policy", [mine.message_id, other.message_id]) == {mine.message_id: 1}
