"""Another like this; repetitions across the change of clocks; one way back for all of them."""

from datetime import UTC, date, datetime

import pytest

from caucusmail import zones
from caucusmail.announcements import composition, series
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed
from caucusmail.meetings import recurring
from caucusmail.meetings.agenda import of_lines
from caucusmail.meetings.models import Meeting, MeetingKind
from caucusmail.meetings.recurring import Rhythm
from caucusmail.meetings.scheduling import MeetingDraft
from tests import make
from tests.announcements.rooms import STAFF, Room


def called(here: Room, starts: str = "2027-03-16T10:00", zone: str = zones.THE_HAGUE, by=None, **more) -> Announcement:
    wall = datetime.fromisoformat(starts)
    values = {
        "starts": wall,
        "ends": wall.replace(hour=wall.hour + 1),
        "zone": zone,
        "agenda": of_lines({"en": "Opening"}),
    }
    meeting = MeetingDraft(kind=MeetingKind.STRATEGY, **values | more)
    with transaction():
        return composition.draft(here.draft(kind=AnnouncementKind.MEETING, meeting=meeting), by or here.by)


def repeated(room: Room, one: Announcement, rhythm: Rhythm = Rhythm.WEEKLY, times: int = 3) -> list[Announcement]:
    first = one.meeting.starts.date()
    with transaction():
        return list(series.repeat(one.meeting, recurring.days(first, rhythm, first, times), room.by))


@pytest.mark.parametrize(
    ("starts", "zone", "utc"),
    [
        (
            "2027-03-16T10:00",
            zones.THE_HAGUE,
            ["23T09:00", "30T08:00", "06T08:00"],
        ),  # Europe's clocks change on the 28th
        ("2027-03-03T10:00", zones.NEW_YORK, ["10T15:00", "17T14:00", "24T14:00"]),  # America's on the 14th
        ("2027-10-20T10:00", zones.THE_HAGUE, ["27T08:00", "03T09:00", "10T09:00"]),
        ("2027-10-27T10:00", zones.NEW_YORK, ["03T14:00", "10T15:00", "17T15:00"]),
        ("2027-10-20T10:00", "Africa/Nairobi", ["27T07:00", "03T07:00", "10T07:00"]),
    ],
)
def test_the_time_on_the_wall_stays_when_the_clocks_change(starts, zone, utc):
    room = Room()
    made = repeated(room, called(room, starts, zone))
    assert [f"{one.meeting.starts_at:%dT%H:%M}" for one in made] == utc
    assert {f"{one.meeting.starts:%H:%M}-{one.meeting.ends:%H:%M}" for one in made} == {"10:00-11:00"}


def test_each_is_a_draft_of_its_own_with_its_own_uid_and_all_are_one_series():
    room = Room()
    one = called(room, reply_by=datetime(2027, 3, 12, 18), room_by=date(2027, 3, 15), places=9, places_each=2)
    made = repeated(room, one)
    assert len({one.meeting.uid for one in [one, *made]}) == 4
    assert {(each.state, each.meeting.agenda[0]["titles"]["en"], each.meeting.titles["en"]) for each in made} == {
        (AnnouncementState.DRAFT, "Opening", "News")
    }
    assert [(f"{each.meeting.reply_by:%m-%d %H}", each.meeting.room_by) for each in made[:2]] == [
        ("03-19 18", "2027-03-22"),
        ("03-26 18", "2027-03-29"),
    ]
    assert {(each.meeting.places, each.meeting.places_each) for each in made} == {(9, 2)}
    assert {each.meeting.series for each in made} == {made[0].meeting.series}
    assert one.meeting.series == ""
    assert list(series.of(made[0].meeting.series)) == made


@pytest.mark.parametrize(
    ("starts", "day", "said"),
    [
        ("2027-03-21T02:30", "Sun 28 Mar 2027", "does not exist in The Hague"),
        ("2027-10-24T02:30", "Sun 31 Oct 2027", "comes twice in The Hague"),
    ],
)
def test_a_day_on_which_no_clock_shows_that_time_is_told_and_nothing_is_made(starts, day, said):
    room = Room()
    one = called(room, starts)
    first = one.meeting.starts.date()
    found = series.repetitions(one.meeting, recurring.days(first, Rhythm.WEEKLY, first, 3))
    assert [bool(each.problem) for each in found] == [True, False, False]
    assert (found[0].spoken, said in found[0].problem) == (day, True)
    assert found[1].spoken.endswith("02:30 in The Hague")
    with pytest.raises(Invalid, match=day):
        repeated(room, one)
    assert len(make.rows(Announcement)) == 1


def test_the_whole_series_is_taken_back_and_brought_back_while_all_are_drafts():
    room = Room()
    made = repeated(room, called(room))
    key = made[0].meeting.series
    with transaction():
        assert series.discard(key, room.by) == 3
    assert {one.state for one in series.of(key)} == {AnnouncementState.CANCELLED}
    with transaction():
        assert (series.restore(key, room.by), series.restore(key, room.by)) == (3, 0)
    with transaction():
        made[1].state, made[1].release_at = AnnouncementState.CONFIRMED, datetime(2027, 1, 1, tzinfo=UTC)
    with pytest.raises(series.SomeHaveLeft), transaction():
        series.discard(key, room.by)
    assert [one.state.value for one in series.of(key)] == ["draft", "confirmed", "draft"]
    assert series.of("") == []


def test_another_like_it_has_everything_but_the_day():
    room = Room()
    one = called(room, reply_by=datetime(2027, 3, 12, 18), room="K-12")
    with transaction():
        made = series.another(one.meeting, room.by)
    assert made.meeting is None
    kept = composition.meeting_of(made)
    assert (kept.room, kept.reply_by, kept.starts) == ("K-12", None, None)
    assert kept.known == {"starts": "10:00:00", "ends": "11:00:00"}
    assert composition.draft_of(made).texts == composition.draft_of(one).texts
    assert len(make.rows(Meeting)) == 1


def test_a_coordinator_repeats_what_the_secretariat_sent_to_all_for_their_own_group_only():
    room = Room()
    one = called(room, by=STAFF)
    with transaction():
        one.audience = Audience(everybody=True).to_json()
        made = series.another(one.meeting, room.by)
    assert made.audience == {"caucus_ids": [room.caucus.id]}
    stranger = visibility.viewer(make.coordinator(make.caucus()))
    with pytest.raises(NotAllowed), transaction():
        series.another(one.meeting, stranger)


def test_a_meeting_that_was_never_written_for_is_repeated_by_its_title():
    room = Room()
    one = called(room)
    with transaction():
        one.meeting_id, meeting = None, one.meeting
        made = series.another(meeting, room.by)
    assert composition.draft_of(made).texts["en"].subject == "News"


@pytest.mark.parametrize(
    ("now", "day"), [("2027-03-01T12:00", "03-16"), ("2027-04-13T08:30", "04-13"), ("2027-04-13T07:30", "04-12")]
)
def test_repetitions_begin_after_today(now, day):
    one = called(Room())
    assert f"{series.after(one.meeting, datetime.fromisoformat(now + '+00:00')):%m-%d}" == day
