from datetime import date, datetime

from caucusmail.meetings import drafts
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import MeetingKind, MeetingMode


def test_a_half_filled_draft_comes_back_as_it_was_kept():
    half = MeetingDraft(
        MeetingKind.CALL,
        None,
        None,
        mode=MeetingMode.HYBRID,
        room_by=date(2027, 5, 1),
        reply_by=datetime(2027, 5, 10, 18),
        languages=("en", "fr"),
        do_not_forward=False,
        invites_newcomers=False,
        known={"starts": "09:00:00"},
        places_each=2,
    )
    assert drafts.from_json(drafts.to_json(half)) == half


def test_only_what_is_missing_is_asked():
    half = MeetingDraft(MeetingKind.CALL, None, None, known={"day": "2027-05-18"})
    assert list(drafts.open_questions(half)) == ["starts", "ends", "zone"]
    whole = MeetingDraft(MeetingKind.CALL, datetime(2027, 5, 18, 9), datetime(2027, 5, 18, 10), zone="Africa/Nairobi")
    assert drafts.open_questions(whole) == {}
