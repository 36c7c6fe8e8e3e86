from datetime import UTC, datetime

from caucusmail.announcements import personal
from caucusmail.announcements.models import Announcement, AudienceGap, LeftOut
from caucusmail.database import transaction
from tests import make
from tests.announcements.rooms import Room

UNTIL = datetime(2027, 1, 31, tzinfo=UTC)


def test_a_person_is_told_what_they_wrote_and_what_they_were_left_out_of_and_can_be_forgotten():
    room = Room()
    sent, who = room.drafted(), room.by.person
    make.keep(AudienceGap(announcement_id=sent.id, person_id=who.id, reason=LeftOut.PAUSED, until=UNTIL))
    told = personal.export(who)
    assert [one["reference"] for one in told["announcements"]] == [sent.reference]
    assert told["left_out_of"] == [
        {"announcement": sent.reference, "reason": "paused", "until": "2027-01-31T00:00:00+00:00"}
    ]
    with transaction():
        personal.erase(who)
    assert personal.export(who) == {
        "taken_out_of": [],
        "reminded_of": [],
        "stepped_in": [],
        "announcements": [],
        "left_out_of": [],
    }
    assert [one.author_id for one in make.rows(Announcement)] == [None]
