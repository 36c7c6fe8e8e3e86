"""Who joins after a meeting was announced is invited as it stands then; once, if they are meant, and not too much at a time."""

from dataclasses import replace
from datetime import datetime

import pytest

from caucusmail import clock
from caucusmail.announcements import audience, changes, corrections, dispatch, leaving, newcomers, queries
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Text
from caucusmail.announcements.corrections import Correction
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from tests import make
from tests.announcements import rooms
from tests.announcements.joining import entries, goer, invited, person, three
from tests.announcements.rooms import Room, copies, paused
from tests.announcements.test_changes import begun, drain, gone, letters, to_room, told

LATER = "2027-11-21T10:00"
A_MOMENT = "2027-11-21T10:11"


@pytest.fixture
def at(monkeypatch):
    return goer(monkeypatch)


@pytest.fixture
def room(at) -> Room:
    return three()


@pytest.fixture
def sent(room, sink) -> Announcement:
    return gone(room, rooms.strategy(room="K-12, first floor"))


def join(room, name: str, language: str = "en", **more):
    return make.member(room.caucus, make.person(name, languages=[language]), room.group, **more)


def test_who_joins_later_is_invited_as_the_meeting_stands_now_in_their_language_and_once(at, room, sent, sink):
    told(sent, to_room(sent.meeting, "E-04"), room)
    at(LATER)
    zoe = join(room, "Zoé", "fr")
    assert invited() == 0  # they may be gone again in a moment
    at(A_MOMENT)
    assert (invited(), invited()) == (1, 0)
    [letter] = [one for one in sink.caught if one.recipients == [zoe.address]]
    assert "E-04" in letter.text
    assert "K-12" not in letter.text
    assert letter.message["Content-Language"] == "fr"


def test_their_calendar_gets_the_present_sequence_and_follows_what_changes_next(at, room, sent, sink):
    told(sent, to_room(sent.meeting, "E-04"), room)
    at(LATER)
    join(room, "Zed")
    at(A_MOMENT)
    invited()
    told(sent, to_room(sent.meeting, "E-05"), room)
    assert entries(sink, "Zed") == [("REQUEST", 1), ("REQUEST", 2)]
    assert entries(sink, "Ada") == [("REQUEST", 0), ("REQUEST", 1), ("REQUEST", 2)]


@pytest.mark.parametrize("closed", [True, False])
def test_a_change_while_their_letter_waits_tells_them_nothing_that_is_no_more(at, room, sent, sink, closed):
    if closed:
        with transaction():
            leaving.send_due()
    at(LATER)
    join(room, "Zed")
    at(A_MOMENT)
    with transaction():
        newcomers.invite_due()
    told(sent, to_room(sent.meeting, "E-04"), room)
    assert len(letters(sink, "ROOM CHANGED")) == 2  # and one in French
    assert entries(sink, "Zed") == ([] if closed else [("REQUEST", 1)])  # with what had not left of the first one
    assert invited() == closed
    assert entries(sink, "Zed") == [("REQUEST", 1)]


def test_a_text_that_was_corrected_is_sent_as_it_reads_now(at, room, sent, sink):
    texts = {text.language: Text(text.subject, "Bring your badge.") for text in queries.texts(sent)}
    with transaction():
        corrections.correct(sent, Correction(0, texts), room.by)
    at(LATER)
    join(room, "Zed")
    at(A_MOMENT)
    invited()
    letter = next(one for one in sink.caught if "Zed" in str(one.message["To"]))
    assert "Bring your badge." in letter.text
    assert "CORRECTION" not in str(letter.message["Subject"])


def test_who_paused_or_is_not_meant_is_not_invited(at, room, sink):
    other = make.caucus()
    room.by = replace(room.by, keeps=room.by.keeps | {other.id})
    chosen = Audience(caucus_ids=(room.caucus.id,), languages=("en",), exclude_caucus_ids=(other.id,))
    gone(room, rooms.strategy(), audience=chosen)
    at(LATER)
    paused(room, join(room, "Paused"))
    join(room, "Reads French", "fr")
    make.member(other, join(room, "In the other one"), make.group(other))
    at(A_MOMENT)
    assert invited() == 0
    join_ = join(room, "Meant")
    at("2027-11-21T10:30")
    assert invited() == 1
    assert make.rows(Delivery)[-1].person_id == join_.id


def test_who_was_there_and_paused_is_no_newcomer(at, room, sink):
    ada = person("Ada")
    paused(room, ada)
    gone(room, rooms.strategy())
    with transaction():
        for one in make.rows(rooms.Subscription):
            one.paused_from = None
    at(A_MOMENT)
    assert invited() == 0


@pytest.mark.parametrize("moment", [A_MOMENT, "2027-11-30T07:16"])
def test_nobody_is_invited_where_the_author_does_not_want_it_or_once_it_has_begun(at, room, sink, moment):
    gone(room, rooms.strategy(invites_newcomers=moment != A_MOMENT))
    at(LATER)
    join(room, "Zed")
    at(moment)
    assert invited() == 0


def test_what_was_cancelled_or_stopped_invites_nobody(at, room, sink):
    cancelled = gone(room, rooms.strategy())
    with transaction():
        changes.tell(cancelled.meeting, Change(ChangeKind.CANCELLED, 0), room.by)
    stopped = db.session.get_one(Announcement, begun(room, rooms.meeting(room="K-1")))
    with transaction():
        dispatch.stop(stopped, room.by)
    drain()
    at(LATER)
    join(room, "Zed")
    at(A_MOMENT)
    assert invited() == 0


def test_three_a_day_the_soonest_first(at, room, sink):
    days = (28, 24, 26, 25, 27)
    for day in days:
        gone(room, rooms.meeting(starts=datetime(2027, 11, day, 9), ends=datetime(2027, 11, day, 10)))
    at(LATER)
    join(room, "Zed")

    def got() -> list[int]:
        mine = [one.message_id for one in make.rows(Delivery) if one.name == "Zed"]
        return sorted(one.meeting.starts.day for one in make.rows(Announcement) if one.message_id in mine)

    at(A_MOMENT)
    assert (invited(), got()) == (3, [24, 25, 26])
    at("2027-11-21T23:00")
    assert invited() == 0
    at("2027-11-22T10:12")
    assert (invited(), got()) == (2, [24, 25, 26, 27, 28])


def test_they_stand_on_the_list_of_the_first_with_why_and_nowhere_else(at, room, sent):
    before = sent.counts
    at(LATER)
    join(room, "Zed")
    at(A_MOMENT)
    invited()
    db.session.refresh(sent)
    listed = {one.name: one.why for one in audience.people(sent, rooms.STAFF).rows}
    assert listed["Zed"][-1] == "joined later"
    assert "joined later" not in listed["Ada"]
    assert (sent.counts, len(copies(sent)), queries.newcomers(sent)) == (before, 3, 1)
    assert [one.id for one in [*queries.sent(rooms.STAFF), *queries.sending(rooms.STAFF)]] == [sent.id]
    [beside] = [one for one in make.rows(Announcement) if one.for_newcomers]
    assert audience.estimate(beside).total == 1
    assert beside.audience_digest == audience.digest([person("Zed").address_key])


def test_a_copy_that_was_withdrawn_is_none(at, room, sent):
    at(LATER)
    join(room, "Zed")
    at(A_MOMENT)
    with transaction():
        newcomers.invite_due()
        for one in make.rows(Delivery):
            if one.name == "Zed":
                one.state, one.settled_at = DeliveryState.WITHDRAWN, clock.now()
    assert invited() == 1


def test_a_second_announcement_that_names_who_was_sent_the_first_means_newcomers_too(at, room, sent):
    at(LATER)
    join(room, "Zed")
    at(A_MOMENT)
    invited()
    chosen = replace(Audience(caucus_ids=(room.caucus.id,)), sent_announcement_ids=(sent.id,))
    assert audience.estimate(room.drafted(audience=chosen)).total == 4
