"""The list of names for the door of a meeting's building: made once, sealed, opened three times at most, erased after the day.

On it is whoever comes, has a place, and agreed to be on it; who changes their mind is off it at once, also after it was made. Each
step is journalled and told to the others who keep the group. Why so: ``decisions/0022-door-list.md``.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from caucusmail import clock, database, zones
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.delivery import ledger
from caucusmail.directory import contact
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, NotFound
from caucusmail.languages import _
from caucusmail.meetings import letters, places, quotas, seals
from caucusmail.meetings.models import Answer, DoorList, DoorName, Meeting, MeetingState

MOST_OPENINGS = 3


class NoDoorListNow(Conflict):
    """The meeting has none: it has no building, is not announced, is cancelled, or its day is over."""


class MadeAlready(Conflict):
    """It is made once, and it was."""


class NobodyAgreed(Conflict):
    """Nobody who comes has agreed to be on it yet."""


class NotToBeOpened(Conflict):
    """It was opened as often as it may be, or is erased."""


@dataclass(frozen=True)
class Guest:
    """One line of the list."""

    name: str
    organisation: str  # "" for who comes for none


def until(meeting: Meeting) -> datetime:
    """The moment from which the list is no more: the end of the day in the meeting's zone on which the meeting ends."""
    last = zones.day(meeting.ends_at - timedelta(microseconds=1), meeting.zone)
    return zones.day_begins(last + timedelta(days=1), meeting.zone)


def of(meeting: Meeting, by: Viewer) -> DoorList | None:
    """The list of ``meeting``, sealed; None: it was not made.

    :raises NotFound: ``by`` does not keep the meeting's caucus.
    """
    if not by.keeps_caucus(meeting.caucus_id):
        raise NotFound
    return _row(meeting)


def why_not(meeting: Meeting) -> str:
    """Why no list is made or opened now, as a sentence; "" where it can be."""
    if not places.on_site(meeting):
        return _("This meeting has no building, so there is no list for its door.")
    if meeting.state is MeetingState.DRAFT:
        return _("This meeting is not announced yet, so nobody has said that they come.")
    if meeting.state is MeetingState.CANCELLED:
        return _("This meeting is cancelled: nobody comes to its door.")
    if clock.now() >= until(meeting):
        return _("The day of the meeting is over. The list for its door was needed that day only.")
    return ""


def make(meeting: Meeting, by: Viewer) -> DoorList:
    """Make the list, sealed, and tell the others who keep the group. It is made once. Flushes for its id.

    :raises NotFound: ``by`` does not keep the meeting's caucus.
    :raises NoDoorListNow, MadeAlready, NobodyAgreed: as they say.
    """
    _allow(meeting, by)
    database.lock(meeting)
    before = _row(meeting)
    if before is not None:
        raise MadeAlready(_made(meeting, before))
    guests = _guests(meeting)
    if not guests:
        raise NobodyAgreed(_("Nobody who comes has agreed to be on the list yet. Nothing was made: try again later."))
    made = DoorList(meeting_id=meeting.id, made_at=clock.now(), by_id=by.id, salt=seals.salt(), openings=0)
    db.session.add(made)
    db.session.flush()
    for person_id, guest in guests:
        sealed = seals.seal(json.dumps([guest.name, guest.organisation]), made.salt, _place(made, person_id))
        db.session.add(DoorName(list_id=made.id, person_id=person_id, sealed=sealed))
    db.session.flush()
    journal.record("meeting.door-list-made", meeting, by.person)
    _tell_others(meeting, made, by)
    return made


def open_(meeting: Meeting, by: Viewer) -> Sequence[Guest]:
    """Open the list: whoever is on it now, by name. Counted, journalled, and told to the others who keep the group.

    :raises NotFound: ``by`` does not keep the meeting's caucus, or there is no list.
    :raises NoDoorListNow, NotToBeOpened: as they say.
    """
    _allow(meeting, by)
    found = _row(meeting)
    if found is None:
        raise NotFound(_("There is no list for the door of this meeting yet."))
    still = (DoorList.id == found.id, DoorList.openings < MOST_OPENINGS, DoorList.erased_at.is_(None))
    if not moved(DoorList, *still, openings=DoorList.openings + 1):
        raise NotToBeOpened(_("This list was opened as often as it may be, or is erased already."))
    names = db.session.scalars(select(DoorName).where(DoorName.list_id == found.id)).all()
    guests = [Guest(*json.loads(seals.unseal(one.sealed, found.salt, _place(found, one.person_id)))) for one in names]
    journal.record("meeting.door-list-opened", meeting, by.person, opening=found.openings)
    _tell_others(meeting, found, by)
    return sorted(guests, key=lambda guest: (guest.name.casefold(), guest.organisation.casefold()))


def follow(one: Answer) -> None:
    """After an answer: who does not come, waits, or no longer agrees, is off the list at once."""
    if not (one.has_place and one.on_door_list):
        strike(one)


def renamed(person_id: int, name: str) -> list[tuple[int, bytes, bytes]]:
    """The places of somebody on lists, as they are sealed, and as they would be under this ``name``; nothing is written."""
    rows = db.session.execute(
        select(DoorName, DoorList)
        .join(DoorList, DoorList.id == DoorName.list_id)
        .where(DoorName.person_id == person_id)
    ).all()
    found = []
    for one, made in rows:
        was, organisation = json.loads(seals.unseal(one.sealed, made.salt, _place(made, person_id)))
        words = json.dumps([name, organisation])
        new = one.sealed if was == name else seals.seal(words, made.salt, _place(made, person_id))
        found.append((one.id, one.sealed, new))
    return found


def strike(one: Answer) -> None:
    """Take whoever gave this answer off the list of their meeting."""
    lists = select(DoorList.id).where(DoorList.meeting_id == one.meeting_id)
    db.session.execute(delete(DoorName).where(DoorName.list_id.in_(lists), DoorName.person_id == one.person_id))


def erase_due() -> int:
    """Erase the lists whose day is over: names, salt, and who agreed to be on them; how many."""
    waiting = db.session.execute(
        select(DoorList, Meeting).join(Meeting, Meeting.id == DoorList.meeting_id).where(DoorList.erased_at.is_(None))
    ).all()
    due = [(found, meeting) for found, meeting in waiting if until(meeting) <= clock.now()]
    for found, meeting in due:
        db.session.execute(delete(DoorName).where(DoorName.list_id == found.id))
        if moved(DoorList, DoorList.id == found.id, DoorList.erased_at.is_(None), salt=b"", erased_at=clock.now()):
            db.session.execute(update(Answer).where(Answer.meeting_id == meeting.id).values(on_door_list=False))
            journal.record("meeting.door-list-erased", meeting, None)
    return len(due)


def _allow(meeting: Meeting, by: Viewer) -> None:
    if not by.keeps_caucus(meeting.caucus_id):
        raise NotFound
    refused = why_not(meeting)
    if refused:
        raise NoDoorListNow(refused)


def _row(meeting: Meeting) -> DoorList | None:
    where = DoorList.meeting_id == meeting.id
    return db.session.scalar(select(DoorList).where(where).execution_options(populate_existing=True))


def _made(meeting: Meeting, found: DoorList) -> str:
    who = found.by.name if found.by is not None else _("Somebody")
    return _(
        "The list was made by %(name)s on %(time)s. It is made once; what was made can still be opened.",
        name=who,
        time=zones.spoken(found.made_at, meeting.zone),
    )


def _place(found: DoorList, person_id: int) -> str:
    return f"{found.id}:{person_id}"


def _guests(meeting: Meeting) -> list[tuple[int, Guest]]:
    """Who comes, has a place and agreed, with the organisation for which they count here (``quotas``)."""
    agreed = (Answer.meeting_id == meeting.id, Answer.has_place, Answer.on_door_list)
    ngos = quotas.names(meeting, select(Answer.person_id).where(*agreed))
    rows = db.session.execute(select(Person.id, Person.name).join(Answer, Answer.person_id == Person.id).where(*agreed))
    return [(person_id, Guest(name, ngos.get(person_id, ""))) for person_id, name in rows]


def _tell_others(meeting: Meeting, found: DoorList, by: Viewer) -> None:
    """Write to the others who keep the group; where there is none, to the others of the secretariat."""
    readers = [one for one in contact.readers_of(meeting.caucus) if one.id != by.id]
    for reader in readers or [one for one in contact.readers_of(None) if one.id != by.id]:
        letter = letters.guests(reader, meeting, by.person, found.openings, MOST_OPENINGS)
        ledger.enqueue(letter, letters.to(reader), about=(DoorList.__tablename__, found.id))
