"""A room has changed: how long until everybody who was invited has read of it, through the job engine as ``make run`` starts
it, from the click that tells them to the last copy that the relay has taken. The engine is another process, woken by the
commit as a page of the site wakes it.
"""

import time
from dataclasses import replace

from caucusmail.announcements import changes
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.database import db, transaction
from caucusmail.meetings import scheduling
from tests.announcements import rooms
from tests.announcements.rooms import Room
from tests.bench import first_letter, postfix
from tests.bench.figures import Asked, Tell, spread
from tests.bench.postfix import Sink
from tests.bench.world import TEXT, World, world
from tests.journeys.processes import until

USUAL = 600  # the largest groups of the demo world


def told(place: World, taker: Sink, room: Room, sent: Announcement, count: int, number: int) -> tuple[float, float]:
    """Seconds from the click to the first and to the last letter that says where the meeting is now."""
    before, meeting = taker.counted, sent.meeting
    assert meeting is not None
    draft = replace(scheduling.draft_of(meeting), room=f"E-{number:02}", room_by=None)
    clicked = time.monotonic()
    with transaction():
        made = changes.tell(meeting, Change(ChangeKind.ROOM, changes.newest(meeting), draft), room.by)
    assert made is not None
    first = taker.reaches(before + 1)
    last = taker.reaches(before + count)
    until(lambda: sum(place.rows(made).values()) == count and len(place.rows(made)) == 1, "every copy is settled")
    place.accepted_once(made, count)
    db.session.rollback()
    return first - clicked, last - clicked


def measure(tell: Tell, asked: Asked) -> None:
    """One line."""
    count = asked.number(USUAL)
    with world("sqlite", broker=True) as place:
        room = place.room("many", count)
        meeting = rooms.strategy(room="K-12")
        sent = place.tested(room, kind=AnnouncementKind.MEETING, texts={"en": TEXT}, meeting=meeting)
        with postfix.sink(place.port) as taker, first_letter.job_engine(place):
            first_letter.run(place, taker, room, sent, count)
            limit = postfix.limit(count)
            found = [told(place, taker, room, sent, count, number) for number in range(asked.runs)]
    tell(
        "change_letter", engine="embedded", database="sqlite", n=count, unit="s",
        click_to_first_letter=spread([first for first, _last in found], 2),
        click_to_last_letter=spread([last for _first, last in found], 2),
        R_seconds=round(count / limit, 2),
    )  # fmt: skip
