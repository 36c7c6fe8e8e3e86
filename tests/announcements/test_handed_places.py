"""The place at a meeting goes to who took over the seat by which it was given, and to nobody else's successor."""

import pytest

from caucusmail import clock, jobs
from caucusmail.announcements import given_up
from caucusmail.database import db, transaction
from caucusmail.directory import affiliation, consent, hand_overs
from caucusmail.directory.hand_overs import Successor
from caucusmail.directory.models import Seat
from caucusmail.groups import handing_back, handing_over, membership
from caucusmail.groups.models import Subscription
from caucusmail.meetings import answers
from caucusmail.meetings.needs import Needs
from tests import make
from tests.announcements import rooms
from tests.announcements.joining import goer
from tests.announcements.test_changes import gone
from tests.announcements.test_handed_over import AMINA, TENTH, TWENTIETH, World, amina
from tests.meetings.test_answers import COMING, say


@pytest.fixture
def at(monkeypatch):
    return goer(monkeypatch)


@pytest.fixture
def haki(at):
    return World(at)


@pytest.fixture
def sent(haki, sink):
    """One place at a meeting of the room: Rosa has it, and Ada waits."""
    made = gone(haki.room, rooms.strategy(places=1))
    with transaction():
        answers.answer(made.meeting, haki.rosa, COMING, answers.AnswerWay.PAGE, filled=Needs())
    say(made.meeting, ada(), COMING)
    return made


def ada():
    return next(one for one in make.rows(make.Person) if one.name == "Ada")


def two(haki):
    """Rosa sits for another organisation, too, elsewhere."""
    ngo, caucus = make.ngo("Two"), make.caucus("tw")
    holder, group = make.representative(haki.rosa, ngo), make.group(caucus)
    make.representative(make.person("Zed"), ngo, admin=True)
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, since=clock.now()))
    with transaction():
        agreed = consent.keep(consent.shown(caucus))
        consent.give(haki.rosa, caucus, agreed, form="join", asked_at=clock.now())
        affiliation.activate(affiliation.wait(haki.rosa, caucus, by=haki.rosa), by=haki.rosa, seat=seat)
        db.session.add(Subscription(group_id=group.id, person_id=haki.rosa.id, since=clock.now()))
    return holder, seat


def hand_over(holder, name, address, seat):
    with transaction():
        offered = hand_overs.offer(holder, Successor(name, address, "en", [seat.id]), by=holder.person)
    with transaction():
        return handing_over.accept(offered)


def settled():
    jobs.give_up_places()
    db.session.expire_all()


def test_of_two_hand_overs_in_one_turn_that_of_the_meetings_seat_brings_the_place(at, haki, sent):
    holder, seat = two(haki)
    at(TENTH)
    haki.hand_over()
    at("2027-11-18T10:02")
    hand_over(holder, "Bob", "bob@two.example", seat)
    settled()
    assert answers.of(sent.meeting, amina()).has_place
    assert not answers.of(sent.meeting, ada()).has_place


def test_who_took_over_another_seat_answers_for_themselves(at, haki, sent):
    hers = make.member(haki.room.caucus, make.person("Amina", AMINA), haki.room.group)
    at(TENTH)
    hand_over(haki.holder, "Amina", AMINA, haki.seats[1])
    settled()
    assert answers.of(sent.meeting, haki.rosa).has_place
    at(TWENTIETH)
    with transaction():
        membership.leave_caucus(haki.rosa, haki.room.caucus, by=haki.rosa)
    settled()
    assert (answers.of(sent.meeting, haki.rosa), answers.of(sent.meeting, hers)) == (None, None)
    assert answers.of(sent.meeting, ada()).has_place


def test_a_place_that_was_got_after_the_seat_went_back_is_not_the_holders(at, haki, sent):
    hers = make.member(haki.room.caucus, make.person("Amina", AMINA), haki.room.group)
    at(TENTH)
    step = hand_over(haki.holder, "Amina", AMINA, haki.seats[1])
    with transaction():
        handing_back.take_back(step, by=haki.rosa)
    with transaction():
        answers.answer(sent.meeting, haki.rosa, answers.AnswerState.NOT_COMING, answers.AnswerWay.PAGE)
        db.session.delete(answers.of(sent.meeting, haki.rosa))
    say(sent.meeting, hers, COMING)
    at(TWENTIETH)
    with transaction():
        membership.leave_caucus(hers, haki.room.caucus, by=hers)
    with transaction():
        assert given_up.give_up() == 1
    assert (answers.of(sent.meeting, haki.rosa), answers.of(sent.meeting, hers)) == (None, None)
