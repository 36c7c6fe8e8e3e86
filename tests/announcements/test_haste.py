from datetime import UTC, datetime, timedelta

import pytest

from caucusmail.announcements import haste
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.meetings.models import Meeting, MeetingChange
from tests import make
from tests.meetings.test_queries import meeting

AT = datetime(2026, 11, 30, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def of(kind=AnnouncementKind.NOTICE, changed=(), **more):
    starts = more.pop("starts", None)
    meeting = Meeting(id=1, starts_at=starts, reply_by_at=more.pop("reply_by", None), zone="UTC") if starts else None
    return haste.of(Announcement(kind=kind, meeting=meeting, changes=[one.id for one in changed], **more), AT)


def test_without_a_meeting_reading_hours_hold_it_back_for_three_days_and_any_digest_will_do():
    found = of()
    assert (found.at_once, found.latest, found.told_by) == (False, AT + 72 * HOUR, None)
    assert of(urgent=True).at_once


def test_everybody_has_it_a_day_before_the_meeting_or_before_the_answers_end():
    assert of(AnnouncementKind.MEETING, starts=AT + 240 * HOUR).latest == AT + 72 * HOUR
    assert of(AnnouncementKind.MEETING, starts=AT + 240 * HOUR).told_by == AT + 216 * HOUR
    assert of(AnnouncementKind.MEETING, starts=AT + 240 * HOUR, reply_by=AT + 48 * HOUR).latest == AT + 24 * HOUR
    assert of(AnnouncementKind.MEETING, starts=AT + 20 * HOUR).latest == AT
    past = of(AnnouncementKind.MEETING, starts=AT + 240 * HOUR, reply_by=AT - HOUR)
    assert past.told_by == AT + 216 * HOUR


@pytest.mark.parametrize(("ahead", "soon"), [(48, True), (49, False), (1, True)])
def test_a_change_within_two_days_goes_to_everybody_at_once(ahead, soon):
    assert of(AnnouncementKind.CHANGE, urgent=True, starts=AT + ahead * HOUR).at_once is soon


@pytest.mark.parametrize(
    ("kind", "was"),
    [
        ("time", {"starts": "2026-12-01T09:00:00", "ends": "2026-12-01T10:00:00"}),
        ("time", {"starts": "2026-12-01T10:00:00", "ends": "2026-12-01T11:00:00", "zone": "Europe/Amsterdam"}),
        ("clock", {"starts_at": "2026-12-01T09:00:00+00:00"}),
    ],
)
def test_what_is_moved_away_from_the_next_two_days_is_told_at_once(kind, was):
    row = make.keep(MeetingChange(meeting_id=held().id, at=AT, kind=kind, was=was, now={}))
    found = of(AnnouncementKind.CHANGE, [row], starts=AT + 400 * HOUR)
    assert found.at_once
    assert found.moves_id == 1
    assert not of(AnnouncementKind.CHANGE, starts=AT + 400 * HOUR).at_once


def held() -> Meeting:

    return meeting(make.caucus())
