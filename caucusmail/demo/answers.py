"""Who answered the next meeting of the demo world, what they need and said; its private link and its questions."""

from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from caucusmail.database import db
from caucusmail.demo.calendar import GATHERING
from caucusmail.demo.store import Store
from caucusmail.demo.world import SEED, World
from caucusmail.directory.models import Affiliation, AffiliationState
from caucusmail.meetings import tallies
from caucusmail.meetings.models import Answer, AnswerState, AnswerWay, Meeting, MeetingQuestion, RemoteLink

ANSWERED = 34
QUESTIONS = (
    {"en": "Which point should come first?", "fr": "Quel point faut-il traiter en premier\u00a0?"},
    {"en": "Do you eat with us afterwards?", "fr": "Mangez-vous avec nous ensuite\u00a0?"},
)
FIRST = ("Reparations", "Legal aid", "Témoins", "Protection of intermediaries")
OTHER = ("A seat near the door", "Large print, please", "Une pause de prière à midi")


def store(world: World, stored: Store) -> None:
    """Store them; nobody is written to, for the link was told long ago."""
    meeting = db.session.scalars(select(Meeting).where(Meeting.titles["en"].as_string() == GATHERING)).one()
    url, words = "https://rooms.example/j/2210-5540", "Passcode: orange-17\n+31 20 555 0117"
    db.session.add(RemoteLink(meeting_id=meeting.id, url=url, words=words, number=1))
    asked = [MeetingQuestion(meeting_id=meeting.id, place=place, words=text) for place, text in enumerate(QUESTIONS, 1)]
    db.session.add_all(asked)
    db.session.flush()
    random = Random(SEED + "-answers")  # noqa: S311 - a deterministic world, not a secret
    members = db.session.scalars(
        select(Affiliation.person_id)
        .where(Affiliation.caucus_id == meeting.caucus_id, Affiliation.state == AffiliationState.ACTIVE)
        .where(Affiliation.person_id != stored.coordinator_id)
        .order_by(Affiliation.person_id)
    ).all()
    keys = [str(one.id) for one in asked]
    rows = [
        _answer(random, meeting, person_id, keys) | {"at": world.now - timedelta(hours=number + 1)}
        for number, person_id in enumerate(random.sample(list(members), ANSWERED))
    ]
    db.session.execute(insert(Answer), [row | {"stamp": row["at"], **_since(row)} for row in rows])
    tallies.count_again(meeting)


def _since(row: dict[str, Any]) -> dict[str, Any]:
    comes = row["state"] is AnswerState.COMING
    return {"coming_since": row["at"] if comes else None, "has_place": comes, "link_told": int(comes)}


def _answer(random: Random, meeting: Meeting, person_id: int, keys: list[str]) -> dict[str, Any]:
    coming, not_coming, maybe = AnswerState
    state = random.choices((coming, maybe, not_coming), (70, 15, 15))[0]
    stays = state is not not_coming
    said = {keys[0]: random.choice(FIRST)} if stays and random.random() < 0.4 else {}
    return {
        "meeting_id": meeting.id,
        "person_id": person_id,
        "state": state,
        "way": random.choice(list(AnswerWay)),
        "interpretation": random.choices(("", "fr", "es"), (60, 30, 10))[0] if stays else "",
        "wheelchair": stays and random.random() < 0.1,
        "from_afar": stays and random.random() < 0.5,
        "other_need": random.choice(OTHER) if stays and random.random() < 0.15 else "",
        "said": said | ({keys[1]: "Yes"} if said and random.random() < 0.5 else {}),
        "on_door_list": state is coming and random.random() < 0.6,
        "may_contact": stays and random.random() < 0.3,
    }
