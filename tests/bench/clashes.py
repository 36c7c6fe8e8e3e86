"""What clashes with a meeting of 10,000 people: the totals, and the better time, as the check page asks for them."""

import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from caucusmail import clock, zones
from caucusmail.accounts.models import Person
from caucusmail.announcements import clashes
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import AnnouncementKind, AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus
from caucusmail.groups.models import EmailGroup, Mode, Subscription
from caucusmail.meetings.models import Meeting, MeetingKind, MeetingState
from tests import another, make, settings_for
from tests.announcements.rooms import STAFF, announcement
from tests.bench.figures import Asked, Tell, spread

CAUCUSES, MEETINGS = 6, 60
FIRST = datetime(2027, 11, 29, 7, tzinfo=UTC)  # 08:00 in The Hague


def _meeting(caucus: Caucus, begins: datetime, number: int, **more: Any) -> Meeting:
    zone, ends = zones.zone(zones.THE_HAGUE), begins + timedelta(hours=1)
    starts, stops = (at.astimezone(zone).replace(tzinfo=None) for at in (begins, ends))
    values = {"reference": f"m{number}", "uid": f"{number}@x", "caucus_id": caucus.id, "state": MeetingState.CONFIRMED}
    values |= {"kind": MeetingKind.STRATEGY, "titles": {"en": f"Meeting {number}"}, "city": "The Hague"}
    values |= {"zone": zones.THE_HAGUE, "starts": starts, "ends": stops, "starts_at": begins, "ends_at": ends}
    return make.keep(Meeting(**values | {"tzdata": "x", "made_at": clock.now()} | more))


def fill(count: int) -> Any:
    """A world in which everybody is in the first caucus and in some of the others; the draft that is looked at."""
    luck, now = random.Random(count), clock.now()
    caucuses = [make.caucus() for _ in range(CAUCUSES)]
    groups = [make.group(one) for one in caucuses]
    people = [
        {
            "name": f"Reader {n}",
            "address": f"r{n}@mail.example",
            "address_key": f"r{n}@mail.example",
            "languages": ["en"],
        }
        | {"zone": "Africa/Nairobi", "made_at": now}
        for n in range(count)
    ]
    with transaction():
        db.session.execute(insert(Person), people)
        ids = db.session.scalars(select(Person.id).where(Person.name.startswith("Reader "))).all()
        pairs = [(person, n) for n in range(CAUCUSES) for person in ids if not n or luck.random() < 0.4]
        db.session.execute(insert(Affiliation), [{"person_id": p, "caucus_id": caucuses[n].id, "state": AffiliationState.ACTIVE, "since": now} for p, n in pairs])  # fmt: skip
        db.session.execute(insert(Subscription), [{"person_id": p, "group_id": groups[n].id, "mode": Mode.EVERY, "since": now} for p, n in pairs])  # fmt: skip
    sent = {"kind": AnnouncementKind.MEETING, "state": AnnouncementState.SENT, "release_at": now}
    for number in range(MEETINGS):
        caucus = caucuses[1 + number % (CAUCUSES - 1)]
        begins = FIRST + timedelta(days=number % 5, hours=number % 10)
        made = _meeting(caucus, begins, number)
        announcement(caucus, Audience(caucus_ids=(caucus.id,)), meeting_id=made.id, reference=f"a{number}", **sent)
    own = _meeting(caucuses[0], FIRST + timedelta(hours=5), MEETINGS, state=MeetingState.DRAFT)
    chosen = Audience(caucus_ids=(caucuses[0].id,))
    assert db.session.query(EmailGroup).count() == CAUCUSES
    return announcement(caucuses[0], chosen, kind=AnnouncementKind.MEETING, meeting_id=own.id, reference="own")


def measure(tell: Tell, asked: Asked) -> None:
    """One line: milliseconds for all of it, 60 other meetings in five days."""
    count, took, found = asked.number(10_000), [], clashes.Clashes()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        configuration = settings_for.testing(f"sqlite:///{folder}/clashes.sqlite3", Path(folder))
        with another.house(configuration) as app, app.app_context():
            one = fill(count)
            for _run in range(max(asked.runs, 3)):
                db.session.expire_all()
                began = time.perf_counter()
                found = clashes.of(one, STAFF)
                took.append((time.perf_counter() - began) * 1000)
            db.session.rollback()
    totals = [clash.people for clash in found.found]
    tell("clashes", people=count, meetings=MEETINGS, ms=spread(took), totals=totals, better=found.slot is not None, required_ms=1000)  # fmt: skip
