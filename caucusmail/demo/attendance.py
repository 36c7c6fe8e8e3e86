"""Who came to the last meetings of the demo world, in numbers, and the minutes of the last one, corrected once."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from caucusmail.database import db
from caucusmail.demo import cast
from caucusmail.demo.store import Store
from caucusmail.demo.world import SEED, World
from caucusmail.directory.models import Ngo, Seat
from caucusmail.meetings import headcount
from caucusmail.meetings.attendance import EXPERT, Attendance
from caucusmail.meetings.minutes import Minutes, MinutesEdition
from caucusmail.meetings.models import Meeting, MeetingState

MEETINGS = 3
CAUCUS = "vrwg"
TEXTS = {
    "en": "# Participation of victims\n\nThe group **agreed** to ask the Assembly for:\n\n- a hearing before each decision on closing a case\n- interpretation for participants in person and on the line\n\n# Next\n\nThe coordinator sends a draft within two weeks.",
    "fr": "# Participation des victimes\n\nLe groupe a **décidé** de demander à l’Assemblée\u00a0:\n\n- une audience avant chaque décision de clore une affaire\n- l’interprétation pour les personnes sur place et en ligne\n\n# Ensuite\n\nLa coordinatrice envoie un projet sous deux semaines.",
}
BEFORE = {tongue: text.replace("two weeks", "one week").replace("deux semaines", "une semaine") for tongue, text in TEXTS.items()}  # fmt: skip


def store(world: World, stored: Store) -> None:
    """Store them."""
    random = Random(SEED + "-attendance")  # noqa: S311 - a deterministic world, not a secret
    caucus_id = stored.caucuses[CAUCUS].id
    held = db.session.scalars(
        select(Meeting)
        .where(Meeting.caucus_id == caucus_id, Meeting.state == MeetingState.CONFIRMED, Meeting.ends_at < world.now)
        .order_by(Meeting.ends_at.desc(), Meeting.id)
        .limit(MEETINGS)
    ).all()
    ours = db.session.scalars(select(Ngo.id).where(Ngo.name == cast.ANDINA)).one()
    seated = db.session.scalars(
        select(Seat.ngo_id)
        .where(Seat.caucus_id == caucus_id, Seat.until.is_(None), Seat.ngo_id != ours)
        .distinct()
        .order_by(Seat.ngo_id)
    ).all()
    for meeting in held:
        for ngo_id in (ours, *random.sample(list(seated), 16)):
            number = random.choices((1, 2, 3), (70, 22, 8))[0]
            db.session.add(
                Attendance(meeting_id=meeting.id, key=f"ngo:{ngo_id}", ngo_id=ngo_id, name="", number=number)
            )
        db.session.add(Attendance(meeting_id=meeting.id, key=EXPERT, name="", number=random.randint(1, 4)))
        db.session.flush()
        headcount.count_again(meeting)
    for meeting in held[:1]:
        _minutes(meeting, stored)
    db.session.flush()


def _minutes(meeting: Meeting, stored: Store) -> None:
    first = meeting.ends_at + timedelta(hours=20)
    corrected = first + timedelta(hours=5)
    kept = {"texts": TEXTS, "revision": 3, "revised_at": corrected, "published": True}
    db.session.add(Minutes(meeting_id=meeting.id, **kept))
    by = {"meeting_id": meeting.id, "by_id": stored.coordinator_id}
    db.session.add(MinutesEdition(**by, number=1, texts=BEFORE, at=first))
    db.session.add(MinutesEdition(**by, number=2, texts=TEXTS, note="When the draft comes.", at=corrected))
