"""While copies leave, with real commits: an announcement is edited or stopped, a member leaves; each copy is accounted for."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from caucusmail.accounts.models import Person
from caucusmail.announcements import composition, dispatch, leaving
from caucusmail.announcements.models import Announcement
from caucusmail.app import House
from caucusmail.database import db, reading, transaction
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.errors import Conflict
from caucusmail.groups import membership
from tests import another, make, services, settings_for
from tests.announcements import rooms
from tests.announcements.rooms import Room
from tests.delivery.rough import Rough
from tests.journeys.processes import until

pytestmark = pytest.mark.journey
PEOPLE = 40
EACH_S = 0.05


@pytest.fixture
def slow() -> Iterator[Rough]:
    relay = Rough(slow_s=EACH_S, extensions=("PIPELINING",)).start()
    yield relay
    relay.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path, slow) -> Iterator[House]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'middle.sqlite3'}" if sqlite else services.fresh_postgresql("caucusmail_middle")
    with another.house(settings_for.testing(url, tmp_path, MAIL_PORT=slow.port)) as house, house.app_context():
        yield house
        db.session.remove()
    if not sqlite:
        services.drop_postgresql(url)


@pytest.fixture
def room(house) -> Room:
    room = Room()
    for number in range(PEOPLE):
        make.member(room.caucus, make.person(f"Reader {number}"), room.group)
    return room


@pytest.fixture
def sending(room) -> Announcement:
    sent = rooms.confirmed(room, rooms.ready(room))
    with transaction():
        db.session.execute(Delivery.__table__.delete().where(Delivery.message_id != sent.message_id))
    rooms.released(sent)
    with transaction():
        leaving.send_due()
    return sent


def while_copies_leave(house: House, relay: Rough, act: Callable[[], None]) -> None:
    """Have ``act`` done after some copies have left and before others have; then let the rest leave."""

    def work() -> None:
        with house.app_context():
            while outgoing.turn("w", connections=1):
                db.session.remove()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        db.session.rollback()
        until(lambda: len(relay.whole) >= 3, "copies leave", 20)
        act()
        assert len(relay.whole) < PEOPLE / 2
    finally:
        worker.join(60)


def states(sent_id: int) -> dict[DeliveryState, int]:
    db.session.rollback()
    sent = db.session.get_one(Announcement, sent_id, populate_existing=True)
    found = select(Delivery.state, func.count()).where(Delivery.message_id == sent.message_id).group_by(Delivery.state)
    return {state: count for state, count in db.session.execute(found)}


def test_an_edit_is_refused_and_every_copy_is_the_one_that_was_confirmed(house, room, sending, slow):
    def edit() -> None:
        text = composition.Text("Other news", "Not what was confirmed.")
        with pytest.raises(Conflict), transaction():
            composition.revise(sending, room.draft(texts={"en": text}), sending.revision, room.by)

    while_copies_leave(house, slow, edit)
    assert states(sending.id) == {DeliveryState.ACCEPTED: PEOPLE}
    assert len(slow.whole) == PEOPLE
    assert not any(b"Not what was confirmed" in raw for raw in slow.whole)


def test_a_stop_withdraws_the_rest_and_no_copy_is_in_between(house, room, sending, slow):
    def stop() -> None:
        with transaction():
            dispatch.stop(sending, room.by)

    while_copies_leave(house, slow, stop)
    found = states(sending.id)
    assert found == {DeliveryState.ACCEPTED: len(slow.whole), DeliveryState.WITHDRAWN: PEOPLE - len(slow.whole)}
    assert 3 <= len(slow.whole) < PEOPLE


def test_who_leaves_meanwhile_gets_a_receipt_and_no_copy(house, room, sending, slow):
    with reading():
        last = db.session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
        number, person_id, address = last.id, last.person_id, last.address

    def leave() -> None:
        with transaction():
            person = db.session.get_one(Person, person_id)
            membership.leave_caucus(person, room.caucus, by=person)

    while_copies_leave(house, slow, leave)
    assert states(sending.id) == {DeliveryState.ACCEPTED: PEOPLE - 1, DeliveryState.WITHDRAWN: 1}
    assert db.session.get_one(Delivery, number).state is DeliveryState.WITHDRAWN
    [receipt] = [raw for raw in slow.whole if address.encode() in raw]
    assert b"Subject: You have left" in receipt
    assert len(slow.whole) == PEOPLE
