import pytest

from caucusmail import clock
from caucusmail.accounts import addressing
from caucusmail.accounts.models import SecondAddress
from caucusmail.announcements import standing
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery import suppression
from caucusmail.delivery.models import Delivery
from caucusmail.directory import addressed, queries
from caucusmail.errors import NotFound
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, ready

HOME = "ada@home.example"


def further(person, address=HOME, verified=True):
    at = clock.now() if verified else None
    return make.keep(SecondAddress(person_id=person.id, address=address, address_key=address, verified_at=at))


@pytest.fixture
def room():
    return Room()


@pytest.fixture
def ada(room):
    return make.member(room.caucus, make.person("Ada", "ada@work.example"), room.group)


def choose(person, caucus, address):
    with transaction():
        return addressed.choose(queries.affiliation(person, caucus), address.id if address else None, by=person)


def sent_to(room):
    return [one.address for one in copies(confirmed(room, ready(room)))]


def test_the_letters_of_a_caucus_go_to_the_address_that_was_chosen_for_it(room, ada):
    home = further(ada)
    assert choose(ada, room.caucus, home) is None
    assert sent_to(room) == [HOME]
    assert choose(ada, room.caucus, None) == home.id
    assert sent_to(room) == ["ada@work.example"]


def test_other_caucuses_and_other_people_are_written_to_as_before(room, ada):
    choose(ada, room.caucus, further(ada))
    other = Room(slug="other")
    make.member(other.caucus, ada, other.group)
    make.member(other.caucus, make.person("Ben", "ben@x.example"), other.group)
    assert sorted(sent_to(other)) == ["ada@work.example", "ben@x.example"]


def test_an_address_that_is_no_longer_hers_gives_way_to_the_main_one(room, ada):
    home = further(ada)
    choose(ada, room.caucus, home)
    with transaction():
        change = addressing.remove(ada, home.id)
    assert sent_to(room) == ["ada@work.example"]
    assert change.undone_at is None
    with transaction():
        addressing.put(ada, change.was)
    assert sent_to(room) == [HOME]


def test_somebody_elses_and_an_unverified_address_cannot_be_chosen(room, ada):
    for one in (further(make.person()), further(ada, "b@x.example", verified=False)):
        with pytest.raises(NotFound):
            choose(ada, room.caucus, one)


def test_a_suppression_counts_only_where_its_address_is_used(room, ada):
    home, draft = further(ada), room.drafted()

    def reached():
        asked = standing.question(draft, ["en"])
        return [row[2] for row in db.session.execute(standing.copies(asked))]

    with transaction():
        suppression.suppress("ada@work.example", "complained")
    assert reached() == []
    choose(ada, room.caucus, home)
    assert reached() == [HOME]
    with transaction():
        suppression.suppress(HOME, "complained")
    assert reached() == []


def test_a_copy_that_two_caucuses_bring_goes_to_the_main_address_if_one_of_them_does(room, ada):
    other = Room(slug="other")
    make.member(other.caucus, ada, other.group)
    home = further(ada)
    choose(ada, room.caucus, home)
    audience = {"caucus_ids": [room.caucus.id, other.caucus.id]}
    draft = room.drafted()
    draft.audience = draft.audience | audience
    asked = standing.question(draft, ["en"])
    assert [row[2] for row in db.session.execute(standing.copies(asked))] == ["ada@work.example"]
    choose(ada, other.caucus, home)
    assert [row[2] for row in db.session.execute(standing.copies(asked))] == [HOME]
    with transaction():
        suppression.suppress("ada@work.example", "complained")
    choose(ada, other.caucus, None)
    asked = standing.question(draft, ["en"])
    assert [row[2] for row in db.session.execute(standing.copies(asked))] == [HOME]


def test_choosing_twice_is_written_down_once(room, ada):
    home = further(ada)
    for _ in range(2):
        choose(ada, room.caucus, home)
    assert [one.verb for one in make.rows(AuditEntry)].count("affiliation.addressed") == 1
    assert make.rows(Delivery) == []
