from datetime import datetime

import pytest

from caucusmail import clock, zones
from caucusmail.announcements import composition, queries
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import NotADraft, OlderRevision, Text
from caucusmail.announcements.models import AnnouncementKind, AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.directory.models import JoinMode, Status
from caucusmail.errors import Conflict, Invalid, NotAllowed
from caucusmail.meetings.models import Meeting
from tests import make
from tests.announcements.rooms import (
    Room,
    findings,
    meeting,
)


@pytest.fixture
def room():
    return Room()


def test_what_was_drafted_comes_back_as_it_was_typed(room):
    texts = {"en": Text("News 💩", "One\n\n* two"), "fr": Text("Nouvelles", "Un")}
    kept = room.drafted(
        texts=texts,
        meeting=meeting(titles={"en": "Strategy"}, reply_zone=zones.THE_HAGUE, reply_by=datetime(2027, 11, 25, 18)),
    )
    again = composition.draft_of(kept)
    assert again.texts == texts
    assert again.meeting == meeting(
        titles={"en": "Strategy"}, reply_zone=zones.THE_HAGUE, reply_by=datetime(2027, 11, 25, 18)
    )
    assert (again.audience, kept.revision, kept.state) == (room.draft().audience, 1, AnnouncementState.DRAFT)


def test_a_meeting_without_a_title_is_called_as_its_announcement(room):
    assert room.drafted(meeting=meeting()).meeting.titles == {"en": "News"}


def test_only_those_who_keep_the_caucus_and_the_secretariat_write_in_its_name(room):
    other = Room()
    member = visibility.viewer(make.member(room.caucus, group=room.group))
    for by in (other.by, member, visibility.STRANGER):
        with pytest.raises(NotAllowed, match="Only those who keep"):
            composition.draft(room.draft(), by)
    assert composition.draft(room.draft(), visibility.viewer(make.secretary()))


@pytest.mark.parametrize("field", ["caucus_ids", "exclude_caucus_ids"])
def test_a_keeper_can_neither_reach_nor_count_a_caucus_of_others(room, field):
    other = Room()
    named = {"caucus_ids": (room.caucus.id,)} | {field: (room.caucus.id, other.caucus.id)}
    with pytest.raises(NotAllowed, match="groups that you keep"):
        composition.draft(room.draft(audience=Audience(**named)), room.by)
    assert composition.draft(room.draft(audience=Audience(**named)), visibility.viewer(make.secretary()))


def test_groups_and_announcements_of_other_caucuses_are_just_as_closed(room):
    other = Room()
    theirs = other.drafted()
    own = {"caucus_ids": (room.caucus.id,)}
    for more in (
        {"group_ids": (other.group.id,)},
        {"exclude_group_ids": (other.group.id,)},
        {"exclude_announcement_ids": (theirs.id,)},
        {"sent_announcement_ids": (theirs.id,)},
    ):
        with pytest.raises(NotAllowed):
            composition.draft(room.draft(audience=Audience(**own | more)), room.by)


def test_the_whole_membership_is_for_the_secretariat(room):
    with pytest.raises(NotAllowed, match="whole membership"):
        composition.draft(room.draft(audience=Audience(everybody=True)), room.by)
    assert composition.draft(room.draft(audience=Audience(everybody=True)), visibility.viewer(make.secretary()))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"status": Status.DORMANT}, "dormant"),
        ({"status": Status.ARCHIVED}, "archived"),
        ({"status": Status.GATHERING}, "at most two letters"),
        ({"join_mode": JoinMode.EXTERNAL}, "its own site"),
    ],
)
def test_a_caucus_that_cannot_send_says_why(more, words):
    silent = Room(**more)
    with pytest.raises(composition.CannotSend, match=words):
        composition.draft(silent.draft(), silent.by)
    assert issubclass(composition.CannotSend, Conflict)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("A\r\nBcc: x@y.example", "line break"),
        ("A\x00", "cannot be seen"),
        ("A\u2028B", "line break"),
        ("x" * 201, "at most 200"),
    ],
)
def test_a_subject_that_cannot_be_a_subject_is_refused_beside_its_language(room, subject, words):
    with pytest.raises(Invalid, match=words) as refused:
        composition.draft(room.draft(texts={"fr": Text(subject)}), room.by)
    assert refused.value.field == "subject_fr"


def test_an_encoded_word_in_a_subject_stays_what_was_typed(room):
    typed = "A subject=?UTF-8?Q?=0A?=Bcc: x@y.example"
    assert queries.texts(room.drafted(texts={"en": Text(typed)}))[0].subject == typed


def test_a_language_that_nobody_writes_is_refused_and_an_empty_version_is_none(room):
    with pytest.raises(Invalid, match="not a language"):
        composition.draft(room.draft(texts={"xx": Text("A")}), room.by)
    kept = room.drafted(texts={"en": Text("A"), "fr": Text(" ", "\n")})
    assert [text.language for text in queries.texts(kept)] == ["en"]


def test_of_two_tabs_the_older_is_told_and_nothing_is_lost(room):
    kept = room.drafted()
    with transaction():
        composition.revise(kept, room.draft(texts={"en": Text("First tab")}), 1, room.by)
    with pytest.raises(OlderRevision, match="newer version") as refused:
        composition.revise(kept, room.draft(texts={"en": Text("Second tab")}), 1, room.by)
    assert queries.texts(refused.value.current)[0].subject == "First tab"
    assert (kept.revision, kept.tested_at) == (2, None)


def test_a_revision_asks_for_a_new_test(room):
    kept = room.drafted()
    with transaction():
        kept.tested_at = clock.now()
    with transaction():
        composition.revise(kept, room.draft(), 1, room.by)
    db.session.expire(kept)
    assert kept.tested_at is None


def test_a_meeting_that_is_taken_out_of_a_draft_is_gone(room):
    kept = room.drafted(meeting=meeting())
    with transaction():
        composition.revise(kept, room.draft(meeting=meeting(room="K-12")), 1, room.by)
    assert [one.room for one in make.rows(Meeting)] == ["K-12"]
    with transaction():
        composition.revise(kept, room.draft(), 2, room.by)
    assert make.rows(Meeting) == []
    assert kept.meeting is None


def test_what_was_discarded_can_be_brought_back(room):
    kept = room.drafted()
    with transaction():
        composition.discard(kept, room.by)
    assert (queries.drafts(room.by), [one.id for one in queries.discarded(room.by)]) == ([], [kept.id])
    with pytest.raises(NotADraft):
        composition.revise(kept, room.draft(), 1, room.by)
    with transaction():
        composition.restore(kept, room.by)
    assert [one.id for one in queries.drafts(room.by)] == [kept.id]
    with pytest.raises(NotADraft):
        composition.restore(kept, room.by)


def test_a_copy_has_the_words_and_a_meeting_of_its_own(room):
    kept = room.drafted(meeting=meeting())
    with transaction():
        copy = composition.copy_of(kept, room.by)
    assert composition.draft_of(copy) == composition.draft_of(kept)
    assert copy.meeting_id != kept.meeting_id
    assert copy.reference != kept.reference


def test_a_meeting_without_times_is_kept_as_a_sketch_until_it_has_them(room):
    make.member(room.caucus, group=room.group)
    half = meeting(starts=None, ends=None, room="K-12", known={"day": "2027-11-30"})
    kept = room.drafted(kind=AnnouncementKind.MEETING, meeting=half)
    assert kept.meeting is None
    assert composition.draft_of(kept).meeting.room == "K-12"
    blocks = [one.text for one in findings(kept) if one.blocks]
    assert blocks == ["At what time does it start?", "At what time does it end?"]
    whole = room.draft(kind=AnnouncementKind.MEETING, meeting=meeting(room="K-12"))
    composition.revise(kept, whole, 1, room.by)
    assert (kept.sketch, kept.meeting.room) == ({}, "K-12")
    composition.revise(kept, room.draft(kind=AnnouncementKind.MEETING, meeting=half), 2, room.by)
    assert (kept.meeting, len(make.rows(Meeting))) == (None, 0)


def test_a_sketch_is_tidied_and_refused_like_a_meeting(room):
    with pytest.raises(Invalid, match="line break"):
        room.drafted(kind=AnnouncementKind.MEETING, meeting=meeting(starts=None, ends=None, room="K\r\n12"))
    with pytest.raises(Invalid, match="not on our list"):
        room.drafted(kind=AnnouncementKind.MEETING, meeting=meeting(starts=None, ends=None, venue_id=99))
