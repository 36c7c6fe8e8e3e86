"""The letter that asks those who keep meetings what stays of them, since the rules of their clocks have changed.

One letter to each, whatever number of meetings it is about, once for each version of the rules; the pages go on asking.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from caucusmail import clock, languages, links, zones
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.delivery import ledger
from caucusmail.directory import absences
from caucusmail.directory.models import Keeper, KeeperRole
from caucusmail.directory.visibility import Viewer
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter
from caucusmail.meetings import letters, places, rereckoning, times
from caucusmail.meetings.models import Meeting

KIND = "announcements/clocks"


def ask() -> int:
    """Write to those who keep a meeting that the new rules would move, once; how many letters that makes."""
    asked: dict[int, list[Meeting]] = defaultdict(list)  # person: meetings
    people: dict[int, Person] = {}
    for question in rereckoning.waiting(Viewer(None, secretariat=True)):
        if not _first(question.meeting):
            continue
        for one in _readers(question.meeting.caucus_id):
            people[one.id] = one
            asked[one.id].append(question.meeting)
        journal.record("meeting.clock-asked", question.meeting, None, rules=zones.TZDATA_VERSION)
    for person_id, meetings in sorted(asked.items()):
        ledger.enqueue(_letter(people[person_id], meetings), letters.to(people[person_id]), about=("people", person_id))
    return len(asked)


def _first(meeting: Meeting) -> bool:
    """Whether nobody was asked because of these rules yet. It says nothing of the meeting, so feeds need not change."""
    return moved(
        Meeting,
        Meeting.id == meeting.id,
        Meeting.clock_asked != zones.TZDATA_VERSION,
        clock_asked=zones.TZDATA_VERSION,
        changed_at=Meeting.changed_at,
    )


def _readers(caucus_id: int) -> Sequence[Person]:
    """Those who keep the caucus and are not away; the secretariat where nobody does."""
    now = clock.now()
    keeps = select(Keeper.person_id).where(
        Keeper.caucus_id == caucus_id,
        Keeper.role == KeeperRole.COORDINATOR,
        Keeper.since <= now,
        Keeper.until.is_(None) | (Keeper.until > now),
    )
    here = select(Person).where(Person.left_at.is_(None)).order_by(Person.id)
    found = db.session.scalars(here.where(Person.id.in_(keeps))).all()
    return absences.at_their_post(found) or db.session.scalars(here.where(Person.role == SiteRole.SECRETARIAT)).all()


def _letter(reader: Person, meetings: Sequence[Meeting]) -> Letter:
    language = languages.offered(reader.languages)
    with languages.use(language):
        return rendering.letter(
            KIND,
            language,
            name=reader.name,
            meetings=[(places.title(one), times.day(one), links.meeting(one.reference)) for one in meetings],
        )
