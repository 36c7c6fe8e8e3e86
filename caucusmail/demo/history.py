"""36 months of announcements and their meetings; ledger rows for the last three months."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from caucusmail import zones
from caucusmail.accounts.models import Person
from caucusmail.announcements import letters
from caucusmail.announcements.editions import Edition
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState, AnnouncementText
from caucusmail.database import db
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage, Suppression
from caucusmail.demo import agendas, calendar
from caucusmail.demo import papers as shared
from caucusmail.demo.calendar import Event
from caucusmail.demo.store import Store
from caucusmail.demo.world import SEED, World
from caucusmail.groups.models import Mode, Subscription
from caucusmail.meetings import agenda
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingMode, MeetingSession, MeetingState, SessionPart

CITIES = {
    "hague": ("The Hague", "World Forum", "Churchillplein 10"),
    "new-york": ("New York", "United Nations Headquarters", "First Avenue at 46th Street"),
    "kampala": ("Kampala", "Conference centre", ""),
    "online": ("", "", ""),
}
LEDGER_DAYS = 92
GONE = "5.1.1 The address does not exist"


def store(world: World, stored: Store) -> None:
    """Store every event of the calendar, with who was sent what where it is recent."""
    random = Random(SEED + "-history")  # noqa: S311 - a deterministic world, not a secret
    sessions = _sessions(world.now.date().year)
    for number, event in enumerate(calendar.events(world.now.date())):
        meeting = _meeting(stored, event, number)
        meeting.session_id = sessions.get(calendar.assembly_of(event.on))
        announcement = _announcement(stored, event, meeting, number)
        if (world.now.date() - event.sent).days < LEDGER_DAYS:
            _ledger(random, stored, announcement)
    db.session.flush()


def _sessions(year: int) -> dict[int | None, int]:
    """This year’s Assembly and the next, each in two weeks: the year and the id of each."""
    found: dict[int | None, int] = {}
    for one in (year, year + 1):
        first, last = calendar.assembly(one)
        names = {"en": f"Assembly of States Parties {one} (demo)", "fr": f"Assemblée des États Parties {one} (démo)"}
        city, zone = CITIES[calendar.SEATS[one % 2]][0], calendar.ZONE[calendar.SEATS[one % 2]]
        parts = [
            SessionPart(begins_on=str(begins), ends_on=str(ends), city=city, zone=zone)
            for begins, ends in ((first, first + timedelta(days=4)), (first + timedelta(days=7), last))
        ]
        session = MeetingSession(slug=f"assembly-{one}", names=names, parts=parts)
        db.session.add(session)
        db.session.flush()
        found[one] = session.id
    return found


def _meeting(stored: Store, event: Event, number: int) -> Meeting:
    zone = calendar.ZONE[event.city]
    city, venue, street = CITIES[event.city]
    meeting = Meeting(
        reference=f"demo-meeting-{number:03d}",
        uid=f"demo-{number:03d}@caucus.example",
        sequence=1 if event.fate else 0,
        state=MeetingState.CANCELLED if event.fate == "cancelled" else MeetingState.CONFIRMED,
        caucus_id=stored.caucuses[event.slug].id,
        kind=event.kind,
        titles={"en": event.en, "fr": event.fr},
        mode=event.mode,
        public=event.public,
        city=city,
        zone=zone,
        starts=event.starts,
        ends=event.ends,
        starts_at=zones.instant(event.starts, zone),
        ends_at=zones.instant(event.ends, zone),
        tzdata=zones.TZDATA_VERSION,
        venue_name=venue,
        street=street,
        room="" if event.mode is MeetingMode.ONLINE else event.room,
        room_by="" if event.room else str(event.on - timedelta(days=4)),
        languages=["en"],
        interpretation=["fr"] if event.kind.value in ("strategy", "briefing") else [],
        access_contact="",
        agenda=agenda.to_json(agendas.of(event)),
        made_at=_sent(event) - timedelta(hours=3),
    )
    db.session.add(meeting)
    db.session.flush()
    shared.store(event, meeting, _sent(event))
    if event.fate:
        _change(meeting, event)
    return meeting


def _change(meeting: Meeting, event: Event) -> None:
    moved = event.fate == "moved"
    was, now = ({"room": "K-10"}, {"room": event.room}) if moved else ({"state": "confirmed"}, {"state": "cancelled"})
    at = _sent(event) + timedelta(days=1)
    kind = "room" if moved else "cancelled"
    db.session.add(MeetingChange(meeting_id=meeting.id, at=at, kind=kind, was=was, now=now))


def _sent(event: Event) -> datetime:
    return zones.instant(datetime.combine(event.sent, event.at), zones.THE_HAGUE, second=False)


def _announcement(stored: Store, event: Event, meeting: Meeting, number: int) -> Announcement:
    sent = _sent(event)
    announcement = Announcement(
        reference=f"demo-announcement-{number:03d}",
        caucus_id=meeting.caucus_id,
        author_id=stored.coordinator_id,
        kind=AnnouncementKind.MEETING,
        meeting_id=meeting.id,
        state=AnnouncementState.SENT,
        audience={"caucus_ids": [meeting.caucus_id]},
        public=event.public,
        made_at=meeting.made_at,
        revised_at=meeting.made_at,
        tested_at=meeting.made_at + timedelta(hours=1),
        confirmed_at=sent - timedelta(minutes=2),
        confirmed_by_id=stored.coordinator_id,
        release_at=sent,
        begun_at=sent,
        ended_at=sent + timedelta(minutes=3),
    )
    db.session.add(announcement)
    db.session.flush()
    bodies = {
        "en": (
            event.en,
            f"Please join us for **{event.en.lower()}**.\n\nIf you cannot come, send your points by reply before the day.",
        ),
        "fr": (
            event.fr,
            f"Nous vous invitons\u00a0: **{event.fr}**.\n\nSi vous ne pouvez pas venir, envoyez vos remarques avant ce jour.",
        ),
    }
    for language, (subject, body) in bodies.items():
        db.session.add(AnnouncementText(announcement_id=announcement.id, language=language, subject=subject, body=body))
    return announcement


def _ledger(random: Random, stored: Store, announcement: Announcement) -> None:
    sent = announcement.begun_at
    assert sent is not None
    slug = next(slug for slug, caucus in stored.caucuses.items() if caucus.id == announcement.caucus_id)
    message = OutgoingMessage(
        lane=Lane.ANNOUNCE,
        kind="announcement",
        subject_kind="announcements",
        subject_id=announcement.id,
        sender=slug,
        made_at=sent,
        released_at=sent,
    )
    db.session.add(message)
    db.session.flush()
    announcement.message_id = message.id
    for language in ("en", "fr"):
        letters.compile_into(message, announcement, Edition.of(language))
    group_id = stored.groups[announcement.caucus_id]
    people = db.session.execute(
        select(Person.id, Person.name, Person.address, Person.address_key, Person.languages, Person.zone)
        .join(Subscription, Subscription.person_id == Person.id)
        .outerjoin(Suppression, Suppression.person_id == Person.id)
        .where(
            Subscription.group_id == group_id,
            Subscription.mode == Mode.EVERY,
            Subscription.paused_from.is_(None),
            Suppression.person_id.is_(None),
        )
        .order_by(Person.id)
    ).all()
    rows = [_row(random, message.id, sent, place, person, f"g{group_id}") for place, person in enumerate(people)]
    if rows:
        db.session.execute(insert(Delivery), rows)


def _row(random: Random, message_id: int, sent: datetime, place: int, person: Any, why: str) -> dict[str, Any]:
    chance = random.random()
    state = (
        DeliveryState.FAILED
        if chance < 0.008
        else DeliveryState.UNCERTAIN
        if chance < 0.0085
        else DeliveryState.ACCEPTED
    )
    failed = state is DeliveryState.FAILED
    at = sent + timedelta(milliseconds=40 * place)
    return {
        "message_id": message_id,
        "person_id": person.id,
        "lane": Lane.ANNOUNCE,
        "name": person.name,
        "address": person.address,
        "address_key": person.address_key,
        "language": "fr" if person.languages[0] == "fr" else "en",
        "zone": person.zone,
        "why": why,
        "state": state,
        "due_at": sent,
        "attempts": 1,
        "begun_at": at,
        "settled_at": at,
        "reply_code": 550 if failed else None if state is DeliveryState.UNCERTAIN else 250,
        "reply": GONE if failed else "" if state is DeliveryState.UNCERTAIN else "2.0.0 queued",
    }
