from caucusmail import clock, jobs
from caucusmail.database import db, transaction
from caucusmail.directory import affiliation, queries
from caucusmail.directory.models import Seat
from caucusmail.meetings import answers
from caucusmail.meetings.models import Answer
from tests import letters, make
from tests.announcements.rooms import Room, seated
from tests.announcements.test_turnout import asked
from tests.meetings.test_answers import COMING, say, waiting


def test_the_place_of_who_has_left_is_the_next_persons():
    room = Room()
    ada, ben, chi = (seated(room, name) for name in ("Ada", "Ben", "Chi"))
    held = asked(room, places=1)
    for who in (ada, ben, chi):
        say(held, who, COMING)
    jobs.give_up_places()
    assert waiting(held, ada, ben, chi) == [None, 1, 2]
    with transaction():
        affiliation.end(queries.affiliation(ada, room.caucus), by=ada)
    jobs.give_up_places()
    db.session.expire_all()
    assert answers.of(held, ada) is None
    assert waiting(held, ben, chi) == [None, 1]
    assert letters.to(ben.address)[-1]["Subject"].startswith("There is a place for you")


def test_keepers_who_are_no_members_keep_theirs():
    room = Room()
    seated(room, "Ada")
    held = asked(room, places=1)
    say(held, room.by.person, COMING)
    jobs.give_up_places()
    assert [one.person_id for one in make.rows(Answer)] == [room.by.id]


def test_the_place_of_who_sits_for_another_organisation_now_is_a_colleagues_of_before():
    room = Room()
    ada, ben = seated(room, "Ada", "Haki"), make.person("Ben")
    place = queries.affiliation(ada, room.caucus)
    seat = make.keep(Seat(ngo_id=place.seat.ngo_id, caucus_id=room.caucus.id, holder_id=ben.id, since=clock.now()))
    make.member(room.caucus, ben, room.group, seat_id=seat.id)
    held = asked(room, places_each=1)
    for who in (ada, ben):
        say(held, who, COMING)
    jobs.give_up_places()
    assert waiting(held, ada, ben) == [None, 1]
    with transaction():
        queries.affiliation(ada, room.caucus).seat_id = None
    jobs.give_up_places()
    assert waiting(held, ada, ben) == [None, None]
    assert letters.to(ben.address)[-1]["Subject"].startswith("There is a place for you")
