from caucusmail.announcements import told
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import AnnouncementState
from caucusmail.database import transaction
from tests.announcements.rooms import confirmed, meeting, peopled, ready


def test_what_was_sent_about_a_meeting_and_to_whom():
    room = peopled()
    sent = ready(room, meeting=meeting())
    assert (told.told(sent.meeting), told.versions(sent.meeting)) == ([], [])
    confirmed(room, sent)
    with transaction():
        sent.state = AnnouncementState.SENT
    assert told.told(sent.meeting) == [sent]
    assert told.versions(sent.meeting) == ["en"]
    assert told.audience(sent.meeting) == Audience(caucus_ids=(room.caucus.id,), sent_announcement_ids=(sent.id,))
