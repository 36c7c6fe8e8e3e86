"""A seat goes to a successor with all that hangs on it: what lies ready, the meetings ahead, the answer, the calendar; and back."""

from datetime import timedelta

import pytest

from caucusmail import clock, jobs
from caucusmail.accounts import calendar_address
from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.announcements import dispatch, given_up, leaving
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory import affiliation, consent, hand_overs, visibility
from caucusmail.directory import queries as directory
from caucusmail.directory.hand_overs import Successor
from caucusmail.directory.models import Affiliation, Consent, Representative, Seat
from caucusmail.groups import handing_back, handing_over, pauses
from caucusmail.groups import queries as groups
from caucusmail.groups.models import Subscription
from caucusmail.meetings import answers
from caucusmail.meetings.needs import Needs
from tests import make
from tests.announcements import rooms
from tests.announcements.joining import goer, invited, taken_out, three
from tests.announcements.rooms import confirmed, copies, ready
from tests.announcements.test_changes import drain, entry, gone
from tests.groups.leaving import digest
from tests.meetings.test_answers import COMING, say

AMINA = "amina@haki.example"
FIRST, TENTH, SETTLED, TWENTIETH, AGAIN = (
    f"2027-11-{moment}" for moment in ("08T10:00", "18T10:00", "18T10:11", "28T10:00", "28T10:11")
)
EXACT = (Affiliation, Seat, Subscription, Consent, Representative)


@pytest.fixture
def at(monkeypatch):
    return goer(monkeypatch)


class World:
    """Rosa holds the seats of Haki in four caucuses; in the last she is paused; two meetings lie ahead, one of them accepted."""

    def __init__(self, at) -> None:
        at(FIRST)
        self.room = three()
        self.rosa, self.ngo = make.person("Rosa", "rosa@haki.example"), make.ngo("Haki")
        self.holder = make.representative(self.rosa, self.ngo)
        make.representative(make.person("Ben"), self.ngo, admin=True)
        self.caucuses = [self.room.caucus, *(make.caucus(name) for name in ("water", "peace", "forest"))]
        self.groups = [self.room.group, *(make.group(one) for one in self.caucuses[1:])]
        self.seats = [self._seat(*pair) for pair in zip(self.caucuses, self.groups, strict=True)]
        for one in self.caucuses[1:]:
            make.coordinator(one, self.room.by.person)
        self.room.by = visibility.viewer(self.room.by.person)
        own = make.caucus("mine")
        make.member(own, self.rosa, make.group(own))
        with transaction():
            pauses.pause(self.rosa, self.caucuses[3], None, (clock.now() + timedelta(days=90)).date(), by=self.rosa)

    def _seat(self, caucus, group) -> Seat:
        seat = make.keep(Seat(ngo_id=self.ngo.id, caucus_id=caucus.id, since=clock.now()))
        with transaction():
            agreed = consent.keep(consent.shown(caucus))
            consent.give(self.rosa, caucus, agreed, form="join", asked_at=clock.now())
            affiliation.activate(affiliation.wait(self.rosa, caucus, by=self.rosa), by=self.rosa, seat=seat)
            db.session.add(Subscription(group_id=group.id, person_id=self.rosa.id, since=clock.now()))
        return seat

    def hand_over(self, name: str = "Amina", address: str = AMINA):
        to = Successor(name, address, "en", [one.id for one in self.seats])
        with transaction():
            offered = hand_overs.offer(self.holder, to, by=self.rosa)
        with transaction():
            return handing_over.accept(offered)

    def rights(self) -> set[tuple[str, str]]:
        """Who is on which group, by name, but who was there before."""
        return {
            (one.group.local_part, one.person.name)
            for one in make.rows(Subscription)
            if one.person.name in ("Rosa", "Amina") and one.group.local_part != "mine"
        }


@pytest.fixture
def haki(at):
    return World(at)


def amina() -> Person:
    return accounts.by_address(AMINA)[0]


def of(sent: Announcement) -> dict[str, str]:
    """Whose copies of it stand how, of those whom this is about."""
    return {one.name: one.state.value for one in copies(sent) if one.name in ("Rosa", "Amina")}


def to_all(haki) -> Announcement:
    """One announcement to all four groups, held."""
    sent = ready(haki.room, audience=Audience(group_ids=tuple(one.id for one in haki.groups)))
    with transaction():
        return dispatch.confirm(sent, "ALL 4", sent.revision, haki.room.by)


def methods(sink, address: str, uid: str) -> list[str]:
    """The METHOD of each calendar object about this entry that came there, the oldest first."""
    came = [one for one in sink.caught if one.recipients == [address] and "TEST" not in str(one.message["Subject"])]
    with_calendar = [one for one in came if "text/calendar" in {part.get_content_type() for part in one.message.walk()}]
    return [str(entry(one)[0]["METHOD"]) for one in with_calendar if str(entry(one)[1]["UID"]) == uid]


def test_the_rights_on_groups_differ_only_in_who_holds_the_seats(at, haki):
    before = haki.rights()
    at(TENTH)
    haki.hand_over()
    assert haki.rights() == {(group, "Amina") for group, _name in before}
    assert len(before) == 4
    assert [place.caucus.slug for place in groups.places(haki.rosa)] == ["mine"]
    assert all(one.paused_from is None for one in groups.subscriptions(amina()))  # the pause was Rosa's own


def test_what_is_held_reaches_the_successor_once_and_not_the_leaver(at, haki, sink):
    at(TENTH)
    held = to_all(haki)
    step = haki.hand_over()
    assert of(held) == {"Rosa": "withdrawn", "Amina": "queued"}
    assert len(step.detail["handed_on"]) == 1
    rooms.released(held)
    with transaction():
        leaving.send_due()
    drain()
    assert [
        one for one in sink.caught if one.recipients == [haki.rosa.address] and "News" in str(one.message["Subject"])
    ] == []
    assert len([one for one in sink.caught if one.recipients == [AMINA] and "News" in str(one.message["Subject"])]) == 1


def test_who_has_a_copy_already_gets_no_second_one(at, haki):
    ben = make.person("Amina", AMINA)
    make.member(haki.caucuses[0], ben, haki.groups[0])
    at(TENTH)
    held = confirmed(haki.room, ready(haki.room))
    assert of(held) == {"Rosa": "queued", "Amina": "queued"}
    step = haki.hand_over()
    assert of(held) == {"Rosa": "withdrawn", "Amina": "queued"}
    assert step.detail["handed_on"] == []
    assert len([one for one in copies(held) if one.name == "Amina"]) == 1


def test_a_draft_stays_with_those_who_keep_its_caucus(at, haki):
    draft = haki.room.drafted()
    at(TENTH)
    haki.hand_over()
    assert (draft.state, draft.caucus_id) == (AnnouncementState.DRAFT, haki.room.caucus.id)
    assert haki.room.by.keeps_caucus(draft.caucus_id)


def test_the_next_announcement_makes_one_copy_for_the_successor_and_none_for_the_leaver(at, haki):
    at(TENTH)
    haki.hand_over()
    sent = to_all(haki)
    assert of(sent) == {"Amina": "queued"}


def test_meetings_ahead_leave_the_one_calendar_and_come_into_the_other_with_the_same_uid(at, haki, sink):
    first, second = (gone(haki.room, rooms.strategy(room=room)) for room in ("K-12", "E-04"))
    with transaction():
        second.meeting.invites_newcomers = False  # the seat was invited all the same
    at(TENTH)
    haki.hand_over()
    at(SETTLED)
    taken_out()
    assert invited() == 2
    assert invited() == 0
    for sent in (first, second):
        uid = sent.meeting.uid
        assert methods(sink, haki.rosa.address, uid) == ["REQUEST", "CANCEL"]
        assert methods(sink, AMINA, uid) == ["REQUEST"]


def test_the_place_goes_along_without_what_its_holder_needs(at, haki, sink):
    sent = gone(haki.room, rooms.strategy(places=1))
    with transaction():
        answers.answer(sent.meeting, haki.rosa, COMING, answers.AnswerWay.PAGE, filled=Needs(other="a ramp"))
    ada = next(one for one in make.rows(Person) if one.name == "Ada")
    say(sent.meeting, ada, COMING)
    at(TENTH)
    step = haki.hand_over()
    jobs.give_up_places()
    db.session.expire_all()
    theirs = answers.of(sent.meeting, amina())
    assert (theirs.state, theirs.has_place, answers.of(sent.meeting, haki.rosa)) == (COMING, True, None)
    assert "a ramp" not in repr(digest(answers.Answer))
    assert not answers.of(sent.meeting, ada).has_place
    at(TWENTIETH)
    with transaction():
        handing_back.take_back(step, by=haki.rosa)
    with transaction():
        assert given_up.give_up() == 1
    assert answers.of(sent.meeting, haki.rosa).has_place
    assert answers.of(sent.meeting, amina()) is None


def test_the_old_address_of_the_calendar_answers_that_it_is_gone_until_it_is_taken_back(at, haki, client):
    path = calendar_address.address(haki.rosa).partition("localhost")[2]
    assert client.get(path).status_code == 200
    at(TENTH)
    step = haki.hand_over()
    assert client.get(path).status_code == 410
    between = calendar_address.address(haki.rosa).partition("localhost")[2]
    assert client.get(between).status_code == 200
    with transaction():
        handing_back.take_back(step, by=haki.rosa)
    assert (client.get(path).status_code, client.get(between).status_code) == (200, 404)


def test_who_hands_over_one_seat_of_several_keeps_their_calendar(at, haki):
    was = haki.rosa.calendar_version
    to = Successor("Amina", AMINA, "en", [haki.seats[0].id])
    with transaction():
        offered = hand_overs.offer(haki.holder, to, by=haki.rosa)
    with transaction():
        handing_over.accept(offered)
    assert haki.rosa.calendar_version == was


def test_ten_days_later_everything_is_as_it_was_to_the_last_column(at, haki):
    held = confirmed(haki.room, ready(haki.room))
    with transaction():
        for one in copies(held):
            one.due_at = clock.now() + timedelta(days=30)
    before = rows(haki.rosa), lying(held)
    at(TENTH)
    step = haki.hand_over()
    at(TWENTIETH)
    with transaction():
        handing_back.take_back(step, by=haki.rosa)
    assert (rows(haki.rosa), lying(held)) == before
    assert directory.affiliation(amina(), haki.caucuses[0]).state.value == "ended"
    assert of(held) == {"Rosa": "queued", "Amina": "withdrawn"}


def rows(person: Person):
    """Every column of what a hand-over moves of ``person``, and of themselves."""
    found = {}
    for name, every in digest(*EXACT).items():
        mine = (("person_id", str(person.id)), ("holder_id", str(person.id)))
        found[name] = [row for row in every if any(pair in row for pair in mine)]
    return found, [row for row in digest(Person)["people"] if ("id", str(person.id)) in row]


def lying(sent: Announcement):
    return [
        row
        for row in digest(Delivery)["deliveries"]
        if ("message_id", str(sent.message_id)) in row and ("name", "Rosa") in row
    ]


def test_a_copy_the_successor_had_does_not_come_a_second_time_when_it_is_taken_back(at, haki):
    at(TENTH)
    held = confirmed(haki.room, ready(haki.room))
    step = haki.hand_over()
    with transaction():
        for one in copies(held):
            if one.name == "Amina":
                one.state, one.settled_at = DeliveryState.ACCEPTED, clock.now()
    with transaction():
        handing_back.take_back(step, by=haki.rosa)
    assert of(held) == {"Rosa": "withdrawn", "Amina": "accepted"}
