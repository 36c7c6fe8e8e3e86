from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.announcements import catching_up
from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.groups import deputies, giving_back, membership, moving, pauses, terms
from caucusmail.groups.models import Mode
from caucusmail.privacy import erasing
from tests import letters, make
from tests.announcements.rooms import Room, confirmed, copies, ready
from tests.groups.absent import Seated, away, sits


@pytest.fixture
def haki():
    """Rosa is away with Amina, who is in another caucus too; somebody else looks after the organisation."""
    haki = Seated(Room())
    haki.other = Room()
    make.member(haki.other.caucus, haki.amina, haki.other.group)
    make.representative(make.person(), haki.ngo, admin=True)
    return haki


def scheduled(room, **more):
    """An announcement that leaves in two days."""
    return confirmed(room, ready(room), **{"at": clock.now() + timedelta(days=2)} | more)


def lies_ready(sent):
    return [(one.name, one.why) for one in copies(sent) if one.state is DeliveryState.QUEUED]


def to_holder(haki):
    return [("Rosa", f"g{haki.room.group.id}")]


def stops(haki, made):
    deputies.end(made, by=haki.amina)


def holder_is_back(haki, made):
    deputies.end(made, by=haki.rosa)


def is_dismissed(haki, made):
    terms.end(haki.term, by=None)


def moves(haki, made):
    moving.move(haki.term, [], "", by=haki.amina)


def leaves(haki, made):
    membership.leave_all(haki.amina, by=haki.amina)


def pauses_everything(haki, made):
    pauses.pause(haki.amina, None, None, None, by=haki.amina)


def asks_to_be_erased(haki, made):
    erasing.ask(haki.amina, remember=True)


def is_erased(haki, made):
    erasing.at_once(haki.amina, haki.amina.address, remember=False)


WAYS = [stops, holder_is_back, is_dismissed, moves, leaves, pauses_everything, asks_to_be_erased, is_erased]


@pytest.mark.parametrize("happens", WAYS)
def test_what_has_not_left_goes_back_to_the_holder(haki, happens):
    made = haki.away()
    sent = scheduled(haki.room)
    assert [name for name, _why in lies_ready(sent)] == ["Amina"]
    with transaction():
        happens(haki, made)
    assert lies_ready(sent) == to_holder(haki)


@pytest.mark.parametrize("happens", [one for one in WAYS if one is not holder_is_back])
def test_the_holder_is_told_and_what_comes_next_is_theirs(haki, happens):
    made = haki.away()
    with transaction():
        happens(haki, made)
    with transaction():
        catching_up.turn()
    told = [one["Subject"] for one in letters.to(haki.rosa.address) if "seat of Haki" in one["Subject"]]
    by_deputy = happens is stops
    assert told == [
        "Letters for the seat of Haki go to Rosa again" if by_deputy else "Nobody stands in for the seat of Haki"
    ]
    assert lies_ready(confirmed(haki.room, ready(haki.room))) == to_holder(haki)


def test_one_that_is_in_flight_stays_the_deputys_and_is_caught_up_with(haki):
    made = haki.away()
    sent = confirmed(haki.room, ready(haki.room))
    with transaction():
        sent.begun_at = clock.now()
        (copy,) = copies(sent)
        copy.state = DeliveryState.IN_FLIGHT
    with time_machine.travel(clock.now() + timedelta(minutes=1)), transaction():
        deputies.end(made, by=haki.amina)
    assert [one.name for one in copies(sent)] == ["Amina"]
    with time_machine.travel(clock.now() + timedelta(minutes=12)), transaction():
        catching_up.turn()
    assert letters.to(haki.rosa.address)[-1]["Subject"] == "While you were away: 1 announcement"


def test_what_came_by_more_than_the_seat_loses_one_reason(haki):
    make.member(haki.room.caucus, haki.amina, haki.room.group)
    made = haki.away()
    sent = scheduled(haki.room)
    with transaction():
        deputies.end(made, by=haki.amina)
    assert lies_ready(sent) == [("Amina", f"g{haki.room.group.id}"), *to_holder(haki)]


def test_of_two_seats_one_goes_back(haki):
    _bo, term, _seat = sits(haki.room, haki.ngo, "Bo")
    made, stays = haki.away(), away(term, haki.amina)
    sent = scheduled(haki.room)
    with transaction():
        deputies.end(made, by=haki.amina)
    assert lies_ready(sent) == [("Amina", f"s{stays.id}.{haki.room.group.id}"), *to_holder(haki)]


def test_a_pause_elsewhere_gives_nothing_back(haki):
    make.member(haki.room.caucus, haki.amina, haki.room.group)
    haki.away()
    sent = scheduled(haki.room)
    with transaction():
        pauses.pause(haki.amina, haki.other.caucus, None, None, by=haki.amina)
    assert [name for name, _why in lies_ready(sent)] == ["Amina"]


def test_a_pause_taken_back_brings_no_second_copy(haki):
    haki.away()
    sent = scheduled(haki.room)
    with transaction():
        pauses_everything(haki, None)
    with transaction():
        pauses.resume(haki.amina, None, by=haki.amina)
    assert lies_ready(sent) == to_holder(haki)


def test_a_holder_who_reads_on_the_site_gets_none(haki):
    made = haki.away()
    sent = scheduled(haki.room)
    with transaction():
        pauses.set_mode(haki.rosa, haki.room.group, Mode.NONE, by=haki.rosa)
        deputies.end(made, by=haki.amina)
    assert lies_ready(sent) == []


def test_what_belongs_to_nobody_is_left_alone(haki):
    haki.away()
    sent = scheduled(haki.room)
    with transaction():
        giving_back.hold(haki.amina)
        giving_back.give_back(haki.amina)
        giving_back.give_back(haki.rosa)
    assert [name for name, _why in lies_ready(sent)] == ["Amina"]
    assert {one.note for one in make.rows(Delivery)} == {""}
