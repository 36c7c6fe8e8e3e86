from datetime import timedelta

import time_machine

from caucusmail import clock
from caucusmail.announcements import catching_up
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.directory import contact
from caucusmail.groups import deputies
from caucusmail.privacy import erasing
from tests import letters, make
from tests.announcements.rooms import Room, confirmed, copies, ready
from tests.groups.absent import Seated, asked, away, sits


def begun(room, day=0):
    """An announcement that has begun to leave."""
    with time_machine.travel(clock.now() + timedelta(days=day)):
        sent = confirmed(room, ready(room))
        with transaction():
            sent.begun_at = clock.now()
    return sent


def turn(at=None):
    with time_machine.travel(at or clock.now()), transaction():
        return catching_up.turn()


def told(person, start):
    return [one for one in letters.to(person.address) if one["Subject"].startswith(start)]


def test_on_return_one_letter_lists_what_went_to_the_deputy_and_nothing_else():
    haki = Seated(Room())
    begun(haki.room)
    made = haki.away(days=5)
    sent = [begun(haki.room, 1), begun(haki.room, 2)]
    begun(haki.room, 6)
    assert turn(made.ends_at + timedelta(minutes=9)) == 0
    assert turn(made.ends_at + timedelta(minutes=11)) == 1
    assert turn(made.ends_at + timedelta(hours=1)) == 0
    (letter,) = told(haki.rosa, "While you were away: 2 announcements")
    assert [one.reference in letters.text(letter) for one in sent] == [True, True]
    assert letters.text(letter).count("/announcements/") == 2
    assert list(catching_up.meanwhile(made)) == sent


def test_who_missed_nothing_is_welcomed_back_too():
    haki = Seated(Room())
    made = haki.away(days=5)
    assert turn(made.ends_at + timedelta(hours=1)) == 1
    assert told(haki.rosa, "While you were away nothing was announced")


def test_an_end_before_its_time_is_caught_up_with_unless_it_was_a_slip():
    haki = Seated(Room())
    made = haki.away(days=5)
    begun(haki.room)
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        with transaction():
            deputies.end(made, by=haki.rosa)
        assert turn() == 0
        with transaction():
            deputies.resume(made, by=haki.rosa)
        assert turn(clock.now() + timedelta(minutes=11)) == 0
        with transaction():
            deputies.end(made, by=haki.rosa)
        assert turn(clock.now() + timedelta(minutes=11)) == 1


def test_what_never_ran_is_not_caught_up_with():
    haki = Seated(Room())
    made = asked(haki.holder, haki.amina, days=5)
    assert turn(made.ends_at + timedelta(hours=1)) == 0
    again = haki.away(first=clock.now().date() + timedelta(9), days=20)
    with transaction():
        deputies.end(again, by=haki.rosa)
    assert turn(clock.now() + timedelta(hours=1)) == 0


def test_the_coordinators_are_told_once_that_nobody_is_there():
    haki = Seated(Room())
    keeper = haki.room.by.person
    bo, term, _seat = sits(haki.room, haki.ngo, "Bo")
    away(haki.holder, bo)
    assert turn() == 0
    away(term, haki.amina)
    assert (turn(), turn()) == (2, 0)  # the holder is told, too
    assert told(haki.rosa, "Nobody stands in for the seat of Haki")
    (letter,) = told(keeper, "Nobody stands in for the seat of Haki")
    assert ("Rosa" in letters.text(letter), "Bo" in letters.text(letter)) == (False, False)


def test_in_a_loop_each_seat_is_told_of_once_and_no_letter_goes_round():
    haki = Seated(Room())
    bo, term, _seat = sits(haki.room, haki.ngo, "Bo")
    away(haki.holder, bo)
    away(term, haki.rosa)
    assert (turn(), turn()) == (4, 0)  # each holder, and the coordinator of each


def test_letters_to_a_role_go_to_the_keepers_who_are_there():
    haki = Seated(Room())
    keeper = haki.room.by.person
    make.coordinator(haki.room.caucus, haki.rosa)
    assert set(contact.readers_of(haki.room.caucus)) == {keeper, haki.rosa}
    haki.away()
    assert list(contact.readers_of(haki.room.caucus)) == [keeper]


def test_where_every_keeper_is_away_they_all_read_it():
    haki = Seated(Room())
    caucus = make.caucus()
    make.coordinator(caucus, haki.rosa)
    haki.away()
    assert list(contact.readers_of(caucus)) == [haki.rosa]


def test_before_a_deputy_is_erased_the_holder_is_told_what_went_to_them():
    haki = Seated(Room())
    haki.away()
    sent = begun(haki.room)
    with transaction():
        copies(sent)[0].state = DeliveryState.IN_FLIGHT
    with time_machine.travel(clock.now() + timedelta(days=1)), transaction():
        erasing.at_once(haki.amina, haki.amina.address, remember=False)
    (letter,) = told(haki.rosa, "While you were away: 1 announcement")
    assert "This went to your deputy, who stood in" in " ".join(letters.text(letter).split())
    assert "Amina" not in letters.text(letter)


def test_what_was_given_back_is_not_caught_up_with():
    haki = Seated(Room())
    made = haki.away()
    sent = begun(haki.room)
    with transaction():
        deputies.end(made, by=haki.amina)
    assert list(catching_up.meanwhile(made)) == []
    assert [one.name for one in copies(sent) if one.state is DeliveryState.QUEUED] == ["Rosa"]
