from caucusmail.announcements import following
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState
from tests import make
from tests.announcements import rooms
from tests.announcements.rooms import copies


def test_what_follows_leaves_at_once_and_without_anybody_it_was_never_made():
    room = rooms.peopled()
    original = rooms.ready(room)
    with transaction():
        made = following.after(original, AnnouncementKind.NOTICE, Audience(caucus_ids=(room.caucus.id,)), room.by)
        following.write(made, "en", Text("News", "Some news."))
        assert following.send(made, room.by) is made
    assert (made.state, made.corrects_id) == (AnnouncementState.SENDING, original.id)
    assert {one.state for one in copies(made)} == {DeliveryState.QUEUED}
    before = len(make.rows(Announcement))
    with transaction():
        nobody = following.after(original, AnnouncementKind.NOTICE, Audience(), room.by)
        following.write(nobody, "en", Text("News", "Some news."))
        assert following.send(nobody, room.by) is None
    assert len(make.rows(Announcement)) == before
