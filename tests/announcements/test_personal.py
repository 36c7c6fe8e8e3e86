from datetime import UTC, datetime

from caucusmail.announcements import leaving, personal
from caucusmail.announcements.models import Announcement, AnnouncementText, AudienceGap, LeftOut
from caucusmail.database import transaction
from tests import make
from tests.announcements.rooms import Room, confirmed, ready, released

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
        "sent_to_you": [],
        "taken_out_of": [],
        "reminded_of": [],
        "reports_taken": [],
        "stepped_in": [],
        "announcements": [],
        "left_out_of": [],
    }
    assert [one.author_id for one in make.rows(Announcement)] == [None]


def test_what_has_left_to_somebody_is_told_by_its_title_in_their_language_and_what_waits_is_not():
    room = Room()
    ada = make.member(room.caucus, make.person("Ada", "ada@mail.example", languages=["fr"]), room.group)
    sent = confirmed(room, ready(room))
    assert personal.export(ada)["sent_to_you"] == []
    released(sent)
    with transaction():
        leaving.send_due()
    (told,) = personal.export(ada)["sent_to_you"]
    assert told["announcement"] == sent.reference
    assert told["title"] in {one.subject for one in make.rows(AnnouncementText)}
    assert personal.export(make.person("Ben"))["sent_to_you"] == []
