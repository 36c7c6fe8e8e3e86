from collections import Counter

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements.models import Announcement, AnnouncementState, AnnouncementText
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingText, Suppression
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingSession, MeetingState
from tests import make


def test_recent_announcements_have_one_row_a_person_and_older_ones_none(demo_world):
    rows = make.rows(Delivery)
    assert max(Counter((row.message_id, row.person_id) for row in rows).values()) == 1
    assert {row.state for row in rows} <= {DeliveryState.ACCEPTED, DeliveryState.FAILED, DeliveryState.UNCERTAIN}
    old = [a for a in make.rows(Announcement) if (clock.now() - a.begun_at).days > 100]
    assert len(old) > 50
    assert all(a.message_id is None for a in old)


def test_every_announcement_is_in_two_languages_and_in_french_with_its_spaces(demo_world):
    texts = make.rows(AnnouncementText)
    assert Counter(one.announcement_id for one in texts) == dict.fromkeys([a.id for a in make.rows(Announcement)], 2)
    french = [one for one in texts if one.language == "fr"]
    assert [one.body for one in french if " :" in one.body or " :" in one.subject] == []


def test_every_announcement_was_sent_after_it_was_tested_and_before_its_meeting(demo_world):
    meetings = {one.id: one for one in make.rows(Meeting)}
    for one in make.rows(Announcement):
        assert one.state is AnnouncementState.SENT
        assert one.made_at < one.tested_at < one.confirmed_at < one.begun_at < one.ended_at < clock.now()
        assert one.begun_at < meetings[one.meeting_id].starts_at


def test_a_meeting_that_was_moved_or_cancelled_says_what_it_was(demo_world):
    kinds = {change.meeting_id: change.kind for change in make.rows(MeetingChange)}
    assert set(kinds.values()) == {"room", "cancelled"}
    for one in make.rows(Meeting):
        assert (one.state is MeetingState.CANCELLED) is (kinds.get(one.id) == "cancelled")
        assert one.sequence == (one.id in kinds)


def test_each_copy_is_in_an_edition_that_was_compiled_and_none_went_where_mail_comes_back(demo_world):
    rows = make.rows(Delivery)
    compiled = {(one.message_id, one.language) for one in make.rows(OutgoingText)}
    assert {(one.message_id, one.language) for one in rows} <= compiled
    assert {one.language for one in rows} == {"en", "fr"}
    bouncing = {one.person_id for one in make.rows_by(Suppression, Suppression.since)}
    assert bouncing.isdisjoint(one.person_id for one in rows)
    first = {one.id: one.languages[0] for one in make.rows(Person)}
    assert all((one.language == "fr") is (first[one.person_id] == "fr") for one in rows)


def test_what_failed_has_its_reply_and_what_is_uncertain_has_none(demo_world):
    codes = {DeliveryState.ACCEPTED: 250, DeliveryState.FAILED: 550, DeliveryState.UNCERTAIN: None}
    assert all(
        one.reply_code == codes[one.state] and bool(one.reply) is bool(one.reply_code) for one in make.rows(Delivery)
    )


def test_this_years_assembly_and_the_next_can_be_chosen(demo_world):
    year = clock.now().year
    assert [one.slug for one in make.rows(MeetingSession)] == [f"assembly-{year}", f"assembly-{year + 1}"]
