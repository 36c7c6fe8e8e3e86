"""What announcements can know of a person, all of it."""

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements.models import Announcement, AudienceGap, LeftOut, MeetingFarewell, MeetingReminder
from caucusmail.meetings.models import Meeting
from tests import make


def left_out(of: Announcement, her: Person, held: Meeting, message_id: int) -> None:
    """As if she had been left out of one, reminded of ``held``, and taken out of it."""
    make.keep(AudienceGap(announcement_id=of.id, person_id=her.id, reason=LeftOut.PAUSED))
    ids = {"meeting_id": held.id, "person_id": her.id, "message_id": message_id}
    make.keep(MeetingReminder(**ids, sequence=0, owed_at=clock.now()))
    make.keep(MeetingFarewell(**ids, sequence=1, owed_at=clock.now()))
