import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import Announcement, AnnouncementState, AnnouncementText, AudienceGap, LeftOut
from caucusmail.database import db, transaction
from caucusmail.meetings.models import Meeting
from tests import make
from tests.announcements.rooms import Room, announcement, confirmed, meeting, ready


@pytest.fixture
def room():
    return Room()


def test_texts_go_with_their_announcement(room):
    kept = room.drafted()
    with transaction():
        db.session.delete(kept)
    assert make.rows(AnnouncementText) == []


@pytest.mark.parametrize("state", [one for one in AnnouncementState])
def test_only_a_draft_and_what_was_taken_back_have_no_time_at_which_they_leave(room, state):
    kept = room.drafted()
    if state in (AnnouncementState.DRAFT, AnnouncementState.CANCELLED):
        with transaction():
            kept.state = state
        return
    with pytest.raises(IntegrityError), transaction():
        kept.state = state
    with transaction():
        kept.state, kept.release_at = state, clock.now()


def test_an_announcement_has_one_text_in_each_language(room):
    kept = room.drafted()
    make.keep(AnnouncementText(announcement_id=kept.id, language="fr", subject="A", body="B"))
    with pytest.raises(IntegrityError):
        make.keep(AnnouncementText(announcement_id=kept.id, language="en", subject="A", body="B"))


def test_nobody_is_left_out_twice(room):
    kept, who = room.drafted(), make.person()
    make.keep(AudienceGap(announcement_id=kept.id, person_id=who.id, reason=LeftOut.PAUSED))
    with pytest.raises(IntegrityError):
        make.keep(AudienceGap(announcement_id=kept.id, person_id=who.id, reason=LeftOut.LEFT))


def test_no_two_announcements_have_one_address(room):
    kept = room.drafted()
    with pytest.raises(IntegrityError):
        announcement(make.caucus(), Audience(), reference=kept.reference)


def test_one_message_holds_the_copies_of_one_announcement(room):
    for who in ("Ada", "Ben"):
        make.member(room.caucus, make.person(who), room.group)
    first, second = confirmed(room, ready(room)), room.drafted()
    with pytest.raises(IntegrityError), transaction():
        second.message_id = first.message_id


def test_an_announcement_stays_when_its_author_and_its_meeting_go(room):
    kept = room.drafted(meeting=meeting())
    with transaction():
        db.session.execute(delete(Meeting))
        db.session.execute(update(Announcement).values(confirmed_by_id=room.by.id))
        db.session.execute(delete(Person).where(Person.id == room.by.id))
    db.session.expire(kept)
    assert (kept.meeting_id, kept.author_id, kept.confirmed_by_id) == (None, None, None)
