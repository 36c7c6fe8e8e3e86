"""A caucus that writes: its group, its coordinator, drafts, meetings, and each step on the way to a sent announcement."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from caucusmail import clock, zones
from caucusmail.accounts.models import Person
from caucusmail.announcements import checking, composition, dispatch, estimate, letters
from caucusmail.announcements.checking import Finding
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Draft, Text
from caucusmail.announcements.letters import Preview
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory import visibility
from caucusmail.directory.models import Caucus, Seat
from caucusmail.directory.visibility import Viewer
from caucusmail.groups.models import Subscription
from caucusmail.meetings import founding
from caucusmail.meetings.agenda import of_lines
from caucusmail.meetings.models import MeetingKind, Venue
from caucusmail.meetings.scheduling import MeetingDraft
from tests import make

STAFF = Viewer(None, secretariat=True)


class Room:
    """A caucus with a group and a coordinator."""

    def __init__(self, **more: Any) -> None:
        self.caucus = make.caucus(**more)
        self.group = make.group(self.caucus)
        self.by = visibility.viewer(make.coordinator(self.caucus))

    def draft(self, **more: Any) -> Draft:
        values = {
            "caucus_id": self.caucus.id,
            "kind": AnnouncementKind.NOTICE,
            "texts": {"en": Text("News", "Some *news*.")},
            "audience": Audience(caucus_ids=(self.caucus.id,)),
        }
        return Draft(**values | more)

    def drafted(self, **more: Any) -> Announcement:
        with transaction():
            return composition.draft(self.draft(**more), self.by)


def peopled() -> Room:
    """A room with three members: Ada, Ben, Chi."""
    room = Room()
    for name in ("Ada", "Ben", "Chi"):
        make.member(room.caucus, make.person(name), room.group)
    return room


def vrwg() -> Room:
    """A room that is called as in the letters of the scenario."""
    return Room(slug="vrwg", tag="VRWG", names={"en": "Victims' Rights", "fr": "Droits des victimes"})


def meeting(**more: Any) -> MeetingDraft:
    """On Tuesday 30 November 2027, 08:15–09:15 in The Hague."""
    values = {"starts": datetime(2027, 11, 30, 8, 15), "ends": datetime(2027, 11, 30, 9, 15), "zone": zones.THE_HAGUE}
    return MeetingDraft(MeetingKind.STRATEGY, **values | more)


def strategy(**more: Any) -> MeetingDraft:
    """The same at the World Forum, with everything a letter can say of a meeting."""
    with transaction():
        founding.found()
    [venue] = [venue for venue in make.rows(Venue) if venue.slug == "world-forum"]
    values = {
        "zone": "",
        "venue_id": venue.id,
        "room_by": date(2027, 11, 26),
        "languages": ("en",),
        "interpretation": ("fr",),
        "reply_by": datetime(2027, 11, 25, 18),
        "places": 60,
        "agenda": of_lines({"en": "Welcome\nReparations"}),
    }
    return meeting(**values | more)


def seen(room: Room, *, person: Any = None, language: str | None = None, **more: Any) -> Preview:
    """A letter as ``person`` would read it."""
    return letters.preview(room.drafted(**{"meeting": strategy()} | more), person, language, by=STAFF)


def findings(announcement: Announcement) -> list[Finding]:
    """What there is to look at before it is sent."""
    return checking.check(announcement, estimate.of(announcement))


def ready(room: Room, **more: Any) -> Announcement:
    """A draft that was tested."""
    sent = room.drafted(**more)
    with transaction():
        dispatch.send_test(sent, room.by)
    return sent


def confirmed(room: Room, sent: Announcement, **more: Any) -> Announcement:
    """It is held, or scheduled."""
    with transaction():
        return dispatch.confirm(sent, room.caucus.slug, sent.revision, room.by, **more)


def copies(sent: Announcement) -> list[Delivery]:
    """Its copies, by id."""
    return list(
        db.session.scalars(select(Delivery).where(Delivery.message_id == sent.message_id).order_by(Delivery.id))
    )


def released(sent: Announcement) -> None:
    """Its hold is over."""
    with transaction():
        sent.release_at = clock.now() - timedelta(seconds=1)
        for one in copies(sent):
            one.due_at = sent.release_at


def announcement(caucus: Caucus, chosen: Audience, **more: Any) -> Announcement:
    """The bare row of a notice for ``chosen``, without a text."""
    now = clock.now()
    return make.keep(
        Announcement(
            **{"reference": f"r{now.timestamp()}", "caucus_id": caucus.id, "kind": AnnouncementKind.NOTICE}
            | {"audience": chosen.to_json(), "made_at": now, "revised_at": now}
            | more
        )
    )


def audience_of(room: Room, chosen: Audience, by: Viewer) -> Announcement:
    """A draft for ``chosen``."""
    return composition.draft(room.draft(audience=chosen), by)


def seated(room: Room, name: str, organisation: str = "", **more: Any) -> Person:
    """A member on a seat of ``organisation``, or an individual expert."""
    seat = None
    person = make.person(name)
    if organisation:
        ngo = make.ngo(organisation)
        seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=room.caucus.id, holder_id=person.id, since=clock.now()))
    return make.member(room.caucus, person, room.group, seat_id=seat.id if seat else None, **more)


def paused(room: Room, person: Person) -> None:
    """Their place in the room's group is paused from now on."""
    place = select(Subscription).where(Subscription.person_id == person.id, Subscription.group_id == room.group.id)
    with transaction():
        db.session.scalars(place).one().paused_from = clock.now()
