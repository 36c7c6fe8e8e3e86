"""Real commits, real threads: two keepers, and those who answer meanwhile, on SQLite and PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from caucusmail.app import House
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage
from caucusmail.directory import visibility
from caucusmail.directory.models import Seat
from caucusmail.errors import DomainError
from caucusmail.meetings import answers, guests, letters, remote, scheduling
from caucusmail.meetings.models import Answer, AnswerState, AnswerWay, DoorList, DoorName, Meeting, MeetingMode
from caucusmail.meetings.needs import Needs
from tests import another, make, services, settings_for
from tests.meetings.test_queries import meeting

pytestmark = pytest.mark.journey
PEOPLE = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path) -> Iterator[House]:
    with services.fresh(request.param, "guests") as url, another.house(settings_for.testing(url, tmp_path)) as house:
        yield house


@pytest.fixture
def held(house) -> tuple[int, list[int], list[int]]:
    """A meeting, its two keepers, and eight members who come and agreed to be on its list: their ids."""
    with house.app_context():
        caucus = make.caucus()
        one = meeting(caucus, 3, mode=MeetingMode.HYBRID)
        keepers = [make.coordinator(caucus).id for _ in range(2)]
        members = [make.member(caucus) for _ in range(PEOPLE)]
        for who in members:
            with transaction():
                answers.answer(one, who, AnswerState.COMING, AnswerWay.PAGE, filled=Needs(on_door_list=True))
        found = one.id, keepers, [who.id for who in members]
        db.session.remove()
        return found


def at_once(house: House, acts: list[Callable[[], None]]) -> list[str]:
    """What each of ``acts``, begun together, was told: "" for success."""
    start = threading.Barrier(len(acts))

    def one(act: Callable[[], None]) -> str:
        with house.app_context():
            start.wait()
            try:
                with transaction():
                    act()
                return ""
            except DomainError as refused:
                return type(refused).__name__
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def by(person_id: int) -> visibility.Viewer:
    return visibility.viewer(db.session.get_one(make.Person, person_id))


def of(meeting_id: int) -> Meeting:
    return db.session.get_one(Meeting, meeting_id)


def test_of_eight_who_make_the_list_at_once_one_does(house, held):
    meeting_id, keepers, _members = held
    told = at_once(house, [lambda n=n: guests.make(of(meeting_id), by(keepers[n % 2])) for n in range(8)])
    assert Counter(told) == {"": 1, "MadeAlready": 7}
    with house.app_context():
        assert (len(make.rows(DoorList)), len(make.rows(DoorName))) == (1, PEOPLE)


def test_of_eight_who_open_it_at_once_three_do(house, held):
    meeting_id, keepers, _members = held
    at_once(house, [lambda: guests.make(of(meeting_id), by(keepers[0]))])
    told = at_once(house, [lambda n=n: guests.open_(of(meeting_id), by(keepers[n % 2])) for n in range(8)])
    assert Counter(told) == {"": 3, "NotToBeOpened": 5}


def test_who_withdraws_while_it_is_made_is_not_on_it(house, held):
    meeting_id, keepers, members = held

    def withdraw(person_id: int) -> None:
        person = db.session.get_one(make.Person, person_id)
        answers.answer(of(meeting_id), person, AnswerState.NOT_COMING, AnswerWay.PAGE)

    acts = [lambda: guests.make(of(meeting_id), by(keepers[0]))] + [
        lambda who=who: withdraw(who) for who in members[:4]
    ]
    assert set(at_once(house, acts)) == {""}
    with house.app_context():
        assert {one.person_id for one in make.rows(DoorName)} == set(members[4:])


def test_a_link_that_two_keepers_set_while_people_answer_is_told_once_to_each(house, held):
    meeting_id, keepers, members = held

    def put(number: int) -> None:
        remote.change(of(meeting_id), f"https://rooms.example/{number}", "", 0, by(keepers[number]))

    def press(person_id: int) -> None:
        person = db.session.get_one(make.Person, person_id)
        answers.answer(of(meeting_id), person, AnswerState.COMING, AnswerWay.PAGE)

    acts = [lambda n=n: put(n) for n in range(2)] + [lambda who=who: press(who) for who in members]
    assert Counter(at_once(house, acts)) == {"": 1 + PEOPLE, "LinkChanged": 1}
    with house.app_context():
        owed = db.session.scalars(
            select(Delivery.person_id)
            .join(OutgoingMessage, OutgoingMessage.id == Delivery.message_id)
            .where(OutgoingMessage.kind == letters.REMOTE, Delivery.state != DeliveryState.WITHDRAWN)
        ).all()
        assert Counter(owed) == dict.fromkeys(members, 1)
        assert {one.link_told for one in make.rows(Answer)} == {1}


def pressed(meeting_id: int, person_id: int) -> None:
    answers.answer(of(meeting_id), db.session.get_one(make.Person, person_id), AnswerState.COMING, AnswerWay.PAGE)


@pytest.fixture
def shared(house) -> tuple[int, list[int], list[list[int]]]:
    """A meeting of five places, two for each organisation; its keeper; the four members of each of two organisations."""
    with house.app_context():
        caucus = make.caucus()
        one = meeting(caucus, 3, places=5, places_each=2)
        keeper, sides = make.coordinator(caucus).id, []
        for name in ("Haki", "Andina"):
            ngo = make.ngo(name)
            seats = [make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, since=one.made_at)).id for _ in range(4)]
            sides.append([make.member(caucus, seat_id=seat).id for seat in seats])
        found = one.id, [keeper], sides
        db.session.remove()
        return found


def with_places(house: House, people: list[int]) -> int:
    with house.app_context():
        return sum(one.has_place for one in make.rows(Answer) if one.person_id in people)


def test_of_all_of_two_organisations_who_answer_at_once_two_of_each_are_in(house, shared):
    meeting_id, _keepers, (haki, andina) = shared
    assert set(at_once(house, [lambda who=who: pressed(meeting_id, who) for who in (*haki, *andina)])) == {""}
    assert (with_places(house, haki), with_places(house, andina)) == (2, 2)


def test_of_two_who_want_the_last_place_of_their_organisation_at_once_one_gets_it(house, shared):
    meeting_id, _keepers, (haki, _andina) = shared
    at_once(house, [lambda: pressed(meeting_id, haki[0])])
    at_once(house, [lambda who=who: pressed(meeting_id, who) for who in haki[1:3]])
    assert with_places(house, haki) == 2


def test_a_number_that_is_raised_while_people_answer_leaves_nobody_waiting_for_nothing(house, shared):
    meeting_id, [keeper], (haki, andina) = shared

    def raised() -> None:
        one = of(meeting_id)
        scheduling.revise(one, replace(scheduling.draft_of(one), places=8, places_each=3), by(keeper))

    acts = [raised, *(lambda who=who: pressed(meeting_id, who) for who in (*haki, *andina))]
    assert set(at_once(house, acts)) == {""}
    assert (with_places(house, haki), with_places(house, andina)) == (3, 3)
