"""What stays of a meeting whose clocks are set by other rules now: answered by those who keep it, told like any change."""

from enum import StrEnum

from caucusmail.announcements import changes
from caucusmail.announcements.changes import Change, ChangeKind, Overtaken
from caucusmail.announcements.models import Announcement
from caucusmail.announcements.told import told
from caucusmail.audit import journal
from caucusmail.directory.visibility import Viewer
from caucusmail.languages import _
from caucusmail.meetings import rereckoning, scheduling
from caucusmail.meetings.models import Meeting, MeetingState


class Stays(StrEnum):
    """What of a meeting's time stays."""

    WALL = "wall"  # what the clock in its city shows
    WORLD = "world"  # the moment


def answer(meeting: Meeting, stays: Stays, by: Viewer) -> Announcement | None:
    """Keep one of the two and tell whoever was sent the meeting; the announcement of it. None: there is nobody to tell.

    :raises NotAllowed: ``by`` does not keep the caucus.
    :raises Overtaken: nothing is asked any more.
    :raises Invalid: the clocks no longer show the time that was to stay.
    """
    scheduling.allow(meeting.caucus_id, by)
    if rereckoning.asked(meeting) is None:
        raise Overtaken(_("This was answered already. This is how the meeting stands now."))
    if meeting.state is MeetingState.DRAFT or not told(meeting):
        wanted = rereckoning.wall_stays(meeting) if stays is Stays.WALL else rereckoning.world_stays(meeting)
        scheduling.revise(meeting, wanted, by)
        journal.record("meeting.clock-changed", meeting, by.person)
        return None
    seen = changes.newest(meeting)
    if stays is Stays.WALL:
        return changes.tell(meeting, Change(ChangeKind.CLOCK, seen), by)
    return changes.tell(meeting, Change(ChangeKind.TIME, seen, rereckoning.world_stays(meeting)), by)
