from caucusmail import clock
from caucusmail.demo import cast
from caucusmail.demo.attendance import BEFORE, CAUCUS, MEETINGS, TEXTS
from caucusmail.directory import visibility
from caucusmail.directory.models import Ngo
from caucusmail.meetings import headcount, minutes
from caucusmail.meetings.attendance import Attendance
from caucusmail.meetings.models import Meeting
from tests import make


def test_the_last_meetings_were_counted_and_an_organisation_sees_its_own(demo_world):
    held = {row.meeting_id for row in make.rows(Attendance)}
    assert len(held) == MEETINGS
    by = visibility.viewer(make.secretary())
    for meeting in (one for one in make.rows(Meeting) if one.id in held):
        assert meeting.caucus.slug == CAUCUS
        assert meeting.ends_at < clock.now()
        assert headcount.of_meeting(meeting, by).total >= 15
    [ngo] = [one for one in make.rows(Ngo) if one.name == cast.ANDINA]
    admin = make.person()
    make.representative(admin, ngo, admin=True)
    assert len(headcount.of_organisation(ngo, visibility.viewer(admin))) == MEETINGS


def test_the_last_one_has_minutes_that_were_corrected(demo_world):
    [one] = [meeting for meeting in make.rows(Meeting) if minutes.published(meeting)]
    assert [edition.texts for edition in minutes.editions(one)] == [TEXTS, BEFORE]
    assert BEFORE.keys() == TEXTS.keys()
    assert all(BEFORE[tongue] != TEXTS[tongue] for tongue in TEXTS)
