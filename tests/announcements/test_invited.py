"""Who was invited to a meeting, for its minutes; the letter that tells of them."""

import pytest

from caucusmail.announcements import invited, queries
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import AnnouncementState, AudienceGap, LeftOut
from caucusmail.database import db, transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.directory import visibility
from caucusmail.errors import NotAllowed
from caucusmail.meetings.models import MeetingState
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, meeting, ready, released
from tests.meetings.test_answers import COMING, say


@pytest.fixture
def room() -> Room:
    made = Room()
    for name in ("Ada", "Ben"):
        make.member(made.caucus, make.person(name), made.group)
    return made


def announced(room: Room):
    """A meeting that has been announced to everybody in the room; what announced it."""
    sent = confirmed(room, ready(room, meeting=meeting(titles={"en": "Strategy"})))
    released(sent)
    with transaction():
        sent.meeting.state = MeetingState.CONFIRMED
        sent.state, sent.begun_at = AnnouncementState.SENT, sent.release_at
    return sent


def reads(sent, who) -> bool:
    return invited.may_read_minutes(sent.meeting, visibility.viewer(who))


def test_who_had_a_copy_answered_reads_on_the_site_or_keeps_the_group_may_read_and_nobody_else(room):
    sent = announced(room)
    had, other = (row.person_id for row in copies(sent)[:2])
    with transaction():
        next(row for row in copies(sent) if row.person_id == other).state = DeliveryState.WITHDRAWN
    later, answered, on_site, paused = (make.member(room.caucus, None, room.group) for _ in range(4))
    say(sent.meeting, answered, COMING)
    for who, reason in ((on_site, LeftOut.READS_ON_SITE), (paused, LeftOut.PAUSED)):
        make.keep(AudienceGap(announcement_id=sent.id, person_id=who.id, reason=reason))
    people = {name: db.session.get(make.Person, key) for name, key in (("had", had), ("withdrawn", other))}
    people |= {"later": later, "answered": answered, "on site": on_site, "paused": paused}
    people |= {"keeper": room.by.person, "secretary": make.secretary(), "stranger": make.person()}
    may = {name for name, who in people.items() if reads(sent, who)}
    assert may == {"had", "answered", "on site", "keeper", "secretary"}
    assert not invited.may_read_minutes(sent.meeting, visibility.STRANGER)


def test_what_has_not_begun_to_leave_has_invited_nobody(room):
    sent = confirmed(room, ready(room, meeting=meeting()))
    assert not reads(sent, db.session.get(make.Person, copies(sent)[0].person_id))


def test_a_copy_of_another_meeting_opens_nothing(room):
    elsewhere = Room()
    make.member(elsewhere.caucus, None, elsewhere.group)
    one, other = announced(room), announced(elsewhere)
    who = db.session.get(make.Person, copies(one)[0].person_id)
    assert (reads(one, who), reads(other, who)) == (True, False)


def test_the_letter_goes_to_those_who_were_sent_the_meeting_holds_the_link_and_waits_for_its_author(room):
    sent = announced(room)
    with transaction():
        draft = invited.tell_of_minutes(sent.meeting, room.by)
    assert draft.state is AnnouncementState.DRAFT
    assert Audience.from_json(draft.audience).sent_announcement_ids == (sent.id,)
    [text] = queries.texts(draft)
    assert text.subject == "Minutes: Strategy"
    assert text.body.endswith(f"/en/meetings/{sent.meeting.reference}/minutes")
    with pytest.raises(NotAllowed):
        invited.tell_of_minutes(sent.meeting, Room().by)
