"""Fifty members of one caucus, each with words that stand nowhere else, and who may read which of them."""

import itertools
import random
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from caucusmail import clock
from caucusmail.accounts.models import SecondAddress
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.directory import pseudonyms, queries, showing
from caucusmail.directory.models import Affiliation, RosterPolicy, Seat, Shown
from caucusmail.meetings import answers
from caucusmail.meetings.models import AnswerState, AnswerWay, Meeting
from caucusmail.meetings.needs import Needs
from tests import make
from tests.hostile import world
from tests.hostile.world import Half, World
from tests.meetings.test_queries import meeting

PREFIX = "zqx"
"""What every canary begins with: whoever looks for it looks for all fifty at once."""

EACH = 10  # members for each of the five choices
HIDDEN = ("address", "further", "title", "note")
"""What no page shows of another person, whoever looks (the secretariat asks for one address with a reason, by a form)."""


@dataclass
class Canary:
    """One member and their words, by what they are."""

    place: Affiliation
    shown: Shown
    words: dict[str, str]


@dataclass
class Cage:
    """The world with the fifty in the caucus of ``ours``."""

    world: World
    canaries: list[Canary]
    meeting: Meeting
    sent: Announcement

    def of(self, shown: Shown) -> list[Canary]:
        return [one for one in self.canaries if one.shown is shown]


def _words(seed: int) -> Any:
    letters = random.Random(seed)
    return lambda: PREFIX + "".join(letters.choices(ascii_lowercase, k=11))


def _canary(half: Half, shown: Shown, number: int) -> Canary:
    word = _words(number)
    words = {name: word() for name in ("name", "organisation", *HIDDEN)}
    person = make.person(f"Ada {words['name']}", f"{words['address']}@mail.example")
    ngo = make.ngo(f"{words['organisation']} House", website=f"https://site{number}.example")
    make.representative(person, ngo, title=words["title"], admin=number % 2 == 0)
    further = f"{words['further']}@mail.example"
    make.keep(SecondAddress(person_id=person.id, address=further, address_key=further, verified_at=clock.now()))
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=half.room.caucus.id, holder_id=person.id, since=clock.now()))
    make.member(half.room.caucus, person, half.room.group, seat_id=seat.id)
    place = queries.affiliation(person, half.room.caucus)
    with transaction():
        showing.choose(place, shown, by=person)
        made_up = pseudonyms.take(place)  # also of those who show another side now
    return Canary(place, shown, words | {"pseudonym": made_up.name, "mailbox": made_up.mailbox})


def build() -> Cage:
    """Fifty members, ten for each choice; a meeting they answered, and an announcement that was sent to them all."""
    two = world.build()
    ours = two.ours
    with transaction():
        ours.room.caucus.roster = RosterPolicy.MEMBERS
    numbers = itertools.count(1)
    canaries = [_canary(ours, shown, next(numbers)) for shown in Shown for _ in range(EACH)]
    with transaction():
        for member in (ours.member, ours.admin):
            pseudonyms.take(queries.affiliation(member, ours.room.caucus))
    held = meeting(ours.room.caucus, 3)
    with transaction():
        for one in canaries:
            needs = Needs(other=one.words["note"])
            answers.answer(held, one.place.person, AnswerState.COMING, AnswerWay.PAGE, filled=needs)
    sent = world._confirmed(ours.room, ours.room.drafted())
    ours.values["reference"] = held.reference
    ours.by_endpoint = {f"compose.{name}": {"announcement_id": sent.id} for name in ("progress", "copies")}
    ours.by_endpoint |= {"announcements.copy": {"reference": sent.reference}}
    db.session.flush()
    return Cage(two, canaries, held, sent)


def numbers_of(one: Canary) -> dict[str, Any]:
    """The numbers of this person, their organisation, seat and membership, for addresses of pages."""
    seat = one.place.seat
    return {
        "person_id": one.place.person_id,
        "affiliation_id": one.place.id,
        "ngo_id": seat.ngo_id,
        "seat_id": seat.id,
        "representative_id": make.db.session.query(make.Representative).filter_by(ngo_id=seat.ngo_id).one().id,
        "mailbox": one.words["mailbox"],
    }


NAMES = dict.fromkeys(Shown, ("name", "organisation"))
RIGHTS: dict[str, dict[Shown, tuple[str, ...]]] = {
    "stranger": {},
    "settings token": {},
    "outsider": {},
    "member": {
        Shown.NAME_AND_ORGANISATION: ("name", "organisation"),
        Shown.ORGANISATION: ("organisation",),
        Shown.REGION: (),
        Shown.PSEUDONYM: ("pseudonym", "mailbox"),
        Shown.NOTHING: (),
    },
    "administrator": {},  # of another organisation, and a member: as members
    "coordinator": NAMES,
    "member elsewhere": {},
    "administrator elsewhere": {},
    "coordinator elsewhere": {},
    "secretariat": dict.fromkeys(Shown, ("name", "organisation", "title")),
}
"""Which words each role may read on any page, feed, file or letter, by what their owner chose. Nothing else of the fifty, ever."""
RIGHTS["administrator"] = RIGHTS["member"]


def people(cage: Cage) -> dict[str, Any]:
    """Who acts each role; None: nobody signs in."""
    ours, theirs = cage.world.ours, cage.world.theirs
    return {
        "stranger": None,
        "settings token": None,
        "outsider": cage.world.outsider,
        "member": ours.member,
        "administrator": ours.admin,
        "coordinator": ours.coordinator,
        "member elsewhere": theirs.member,
        "administrator elsewhere": theirs.admin,
        "coordinator elsewhere": theirs.coordinator,
        "secretariat": cage.world.secretary,
    }


def forbidden(cage: Cage, role: str, but: int | None = None) -> dict[str, str]:
    """Every word that ``role`` must not read, with what it is; ``but``: a person who reads their own."""
    return {
        word: f"{kind} of one who shows {one.shown.value}"
        for one in cage.canaries
        if one.place.person_id != but
        for kind, word in one.words.items()
        if kind not in RIGHTS[role].get(one.shown, ())
    }


def allowed(cage: Cage, role: str) -> set[str]:
    """Every word that ``role`` reads on some page of the caucus; a title stands on its organisation's alone."""
    may = RIGHTS[role]
    return {one.words[kind] for one in cage.canaries for kind in may.get(one.shown, ()) if kind != "title"}
