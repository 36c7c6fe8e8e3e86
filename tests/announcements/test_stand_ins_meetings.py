"""A deputy and a meeting: who is asked, for which organisation they answer, whose calendar and whose reminder."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from caucusmail import clock, tokens
from caucusmail.accounts.models import Person
from caucusmail.announcements import asked, farewells, leaving, reminding
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage
from caucusmail.directory.absence_models import Absence, AbsenceState
from caucusmail.groups import deputies, membership
from caucusmail.meetings import quotas
from caucusmail.meetings.models import MeetingKind
from caucusmail.meetings.scheduling import MeetingDraft
from caucusmail.tokens import Purpose
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, ready, released
from tests.door import let_in
from tests.groups.absent import Seated, away
from tests.meetings.test_answers import COMING, say


@pytest.fixture
def haki():
    return Seated(Room())


def told(haki, days=20):
    """A meeting at two in the afternoon in so many days, whose copies have arrived: nobody is reminded at night."""
    begins = (clock.now() + timedelta(days=days)).replace(tzinfo=None, hour=14, minute=0, second=0, microsecond=0)
    draft = MeetingDraft(MeetingKind.STRATEGY, starts=begins, ends=begins + timedelta(hours=1), zone="Europe/Paris")
    sent = confirmed(haki.room, ready(haki.room, meeting=draft))
    released(sent)
    with transaction():
        leaving.send_due()
    with transaction():
        for one in copies(sent):
            one.state, one.settled_at = DeliveryState.ACCEPTED, clock.now()
    return sent


def kind(name):
    """Whom letters of one kind are owed to."""
    messages = select(OutgoingMessage.id).where(OutgoingMessage.kind == name)
    return sorted(db.session.scalars(select(Delivery.name).where(Delivery.message_id.in_(messages))))


def test_the_deputy_answers_for_the_seat_and_only_as_long_as_they_stand_in(haki):
    other = make.representative(haki.amina, make.ngo("Another"))
    made = haki.away()
    sent = told(haki)
    assert asked.may_answer(sent.meeting, haki.amina)
    say(sent.meeting, haki.amina, COMING)
    assert quotas.organisations(sent.meeting, [haki.amina.id]) == {haki.amina.id: haki.ngo.id}
    assert other.ngo_id != haki.ngo.id
    with transaction():
        deputies.end(made, by=haki.rosa)
    assert not asked.may_answer(sent.meeting, haki.amina)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert quotas.organisations(sent.meeting, [haki.amina.id]) == {haki.amina.id: haki.ngo.id}


def test_who_was_not_told_of_it_in_that_time_is_not_asked(haki):
    sent = told(haki)
    haki.away()
    assert not asked.may_answer(sent.meeting, haki.amina)


def test_the_entry_stays_in_the_deputys_calendar_until_they_no_longer_stand_in(haki):
    made = haki.away(days=5)
    told(haki)
    with time_machine.travel(clock.now() + timedelta(hours=1)), transaction():
        assert farewells.say() == 0
    with time_machine.travel(made.ends_at + timedelta(hours=1)), transaction():
        assert farewells.say() == 1
    assert kind(farewells.KIND) == ["Amina"]


def reminded(at):
    with time_machine.travel(at), transaction():
        reminding.remind_due()
    return kind(reminding.KIND)


def test_a_deputy_is_reminded_of_what_the_holder_was_told_before(haki):
    sent = told(haki, days=5)
    haki.away()
    assert reminded(sent.meeting.starts_at - timedelta(hours=2)) == ["Amina"]


def test_who_is_back_is_reminded_of_what_the_deputy_was_told(haki):
    haki.away(days=3)
    sent = told(haki, days=6)
    assert reminded(sent.meeting.starts_at - timedelta(hours=2)) == ["Rosa"]


def one_click(haki):
    made = haki.away()
    (copy,) = copies(confirmed(haki.room, ready(haki.room)))
    return made, copy, f"/leave/{tokens.sign(Purpose.ONE_CLICK, copy.id)}"


def test_one_click_in_a_deputys_letter_ends_that_they_stand_in(csrf_client, haki):
    made, copy, url = one_click(haki)
    assert re.search("No longer stand in", csrf_client.get(url).text)
    assert made.state is AbsenceState.ACCEPTED
    page = csrf_client.post(url, data={"List-Unsubscribe": "One-Click"})
    assert (page.status_code, "You no longer stand in" in page.text) == (200, True)
    assert "There is nothing to leave" in csrf_client.post(url, data={"List-Unsubscribe": "One-Click"}).text
    db.session.expire_all()
    assert (made.state, copy.state) == (AbsenceState.ENDED, DeliveryState.WITHDRAWN)


def test_a_member_who_leaves_by_such_a_letter_is_off_both(haki):
    make.member(haki.room.caucus, haki.amina, haki.room.group)
    made, copy, _url = one_click(haki)
    with transaction():
        assert membership.leave_by_copy(copy)
    assert made.state is AbsenceState.ENDED
    assert [one for one in make.rows(Absence) if one.state is AbsenceState.ACCEPTED] == []


def test_what_the_deputy_reads_is_what_came_in_that_time(client, haki):
    before = confirmed(haki.room, ready(haki.room))
    made = away(haki.holder, haki.amina)
    during = told(haki)
    with transaction():
        before.state, before.begun_at = "sending", clock.now()
    page = let_in(client, haki.amina)
    assert page.get(f"/en/announcements/{during.reference}").status_code == 200
    assert page.get(f"/en/announcements/{before.reference}").status_code == 404
    shown = page.get("/en/me").text
    assert (haki.rosa.address in shown, made.deputy.name in shown) == (False, True)
    assert db.session.get(Person, haki.amina.id).left_at is None
