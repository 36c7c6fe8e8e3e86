"""Whatever a table holds of a person stands in one package's ``personal.py``: it can be shown to them, and be forgotten."""

import json
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Column, select

from caucusmail import clock
from caucusmail.accounts import addressing, passwords, preferences, recovering, signing_in
from caucusmail.accounts.models import Person, Recovery, RecoveryWay, Shelter, SiteRole
from caucusmail.database import Model, db, transaction
from caucusmail.delivery import covers
from caucusmail.delivery.models import DUE, Delivery, Intervention, Step, Suppression
from caucusmail.directory import affiliation, followup, queries, showing
from caucusmail.directory.absence_models import Absence
from caucusmail.directory.applications import Applicant, ApplicationKind, ApplicationState
from caucusmail.directory.models import Shown
from caucusmail.directory.typed import Colleague
from caucusmail.directory.verification import Decision
from caucusmail.groups import admission, membership
from caucusmail.inbound import intake
from caucusmail.privacy import requests
from caucusmail.privacy.asking_models import AskingState, ProtectionAsking
from caucusmail.privacy.models import Erasure, Right
from caucusmail.privacy.protection_models import How, Protection
from tests import make
from tests.announcements.known import left_out
from tests.announcements.rooms import Room, confirmed, copies, ready
from tests.directory import yearly_world
from tests.directory.joiners import PETER, applicants, applied
from tests.directory.joiners import confirmed as joined
from tests.groups.handed import named
from tests.house.personal_tables import KNOWN, NOBODYS
from tests.letters import written
from tests.meetings.known import known_of
from tests.meetings.test_queries import meeting

NAME, ADDRESS, FURTHER = "Zuleikha Canarywood", "zuleikha.c@haki.example", "second@canarywood.example"

TYPED = ("name", "address", "reply", "words", "text", "note", "reason", "detail", "label", "body", "raw", "title")


def tells(column: Column[Any]) -> bool:
    """Whether a column may hold something of a person: it points at one, or is named like words that somebody typed."""
    points = any(key.column.table.name == "people" for key in column.foreign_keys)
    return points or any(word in column.name for word in TYPED)


def test_every_table_that_may_hold_something_of_a_person_is_one_packages_or_nobodys():
    known = [table for tables in KNOWN.values() for table in tables] + list(NOBODYS)
    assert sorted(known) == sorted(set(known))
    found = {table.name for table in Model.metadata.tables.values() if any(tells(column) for column in table.columns)}
    assert found - set(known) == set()


def test_every_table_that_points_at_a_person_is_a_packages():
    pointing = {column.table.name for column in pointers()}
    assert pointing - {table for tables in KNOWN.values() for table in tables} == set()


def test_every_personal_module_is_asked():
    house = Path(import_module("caucusmail").__file__ or "").parent
    assert {path.parent.name for path in house.glob("*/personal.py")} == set(KNOWN)


def pointers() -> Iterator[Column[Any]]:
    for table in Model.metadata.tables.values():
        for column in table.columns:
            if any(key.column.table.name == "people" for key in column.foreign_keys):
                yield column


def personal(package: str) -> ModuleType:
    return import_module(f"caucusmail.{package}.personal")


def given(package: str, person: Person) -> Any:
    """What this package is told of whom: the ledger and the journal, below accounts, know people by number."""
    return person.id if package in ("delivery", "audit") else person


def export(person: Person) -> dict[str, Any]:
    return {package: personal(package).export(given(package, person)) for package in KNOWN}


def erase(person: Person) -> None:
    with transaction():
        for package in KNOWN:
            personal(package).erase(given(package, person))
    db.session.expire_all()


def readable(value: Any) -> str:
    """A cell as text; of a letter its headers and its decoded parts."""
    if not isinstance(value, bytes):
        return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    message = message_from_bytes(value, policy=policy.default)
    parts = [str(part.get_content()) for part in message.walk() if not part.is_multipart()]
    return "\n".join([value.decode("utf-8", "replace"), *(str(one) for one in message.values()), *parts])


def holding() -> set[str]:
    """Every column in which somebody's canary is to be read."""
    return {
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for row in db.session.execute(select(table)).all()
        for column, value in zip(table.columns, row, strict=True)
        if "canary" in readable(value).lower() or "zuleikha" in readable(value).lower()
    }


def pointing(person_id: int) -> set[str]:
    """Every column that points at this person in some row."""
    return {
        f"{column.table.name}.{column.name}"
        for column in pointers()
        if db.session.scalars(select(column).where(column == person_id).limit(1)).first() is not None
    }


def admitted() -> Person:
    """She signs up with her organisation, is let in, and does with her account what one can do."""
    caucus = make.caucus("vrwg")
    make.group(caucus)
    application = applied(caucus, people=(Colleague(NAME, ADDRESS, "Canary keeper"), PETER))
    her = joined(applicants(application)[0], caucus).person
    with transaction():
        followup.answer(applicants(application)[0], "The canary society knows me.")
    with transaction():
        admission.approve(application, Decision("known"), seen=ApplicationState.TO_REVIEW, by=make.secretary())
    with transaction():
        signing_in.ask(ADDRESS, "192.0.2.0/24")
    with transaction():
        recovering.by_people(ADDRESS, "new@canarywood.example", NAME, "Ask the canary society.", "192.0.2.0/24")
    with transaction():
        passwords.replace(her, "four words in a row")
        signing_in.begin(her)
        preferences.change(her, ["fr", "en"], "Europe/Paris", by=her)
    written()
    addressing.confirm(addressing.ask(her, FURTHER, instead=False))
    make.keep(
        Suppression(address_fingerprint="f" * 64, reason="asked", since=clock.now(), person_id=her.id, words=ADDRESS)
    )
    with transaction():
        intake.store(ADDRESS, "postmaster@caucus.example", f"From: {NAME} <{ADDRESS}>\r\n\r\nHello\r\n".encode())
    left = make.caucus("water")
    make.member(left, her, make.group(left))
    with transaction():
        showing.choose(queries.affiliation(her, left), Shown.PSEUDONYM, by=her)
    with transaction():
        membership.leave_caucus(her, left, by=her)
    return her


def in_office(her: Person) -> None:
    """She works for the secretariat too: decides, writes, moves a meeting, ends somebody's place."""
    with transaction():
        her.role = SiteRole.SECRETARIAT
    other = make.application("Haki", [make.caucus()])
    with transaction():
        admission.approve(other, Decision("known"), seen=ApplicationState.TO_REVIEW, by=her)
    now = clock.now()
    make.keep(Erasure(person_id=her.id, asked_at=now, due_at=now, remember=True))
    with transaction():
        requests.note(Right.ACCESS, now.date(), f"{NAME}, {ADDRESS}", by=her, person=her)
    room = Room()
    make.coordinator(room.caucus, her)
    make.member(room.caucus, her, room.group)
    sent = confirmed(room, ready(room))
    with transaction():
        sent.author_id = sent.confirmed_by_id = her.id
        copies(sent)[0].reply = copies(sent)[0].bounce_words = f"550 5.1.1 <{ADDRESS}>: unknown"
    row = copies(sent)[0]
    step = {"step": Step.TRY_NOW, "at": clock.now(), "reason": "She called.", "note": "", "due_at": row.due_at}
    make.keep(Intervention(delivery_id=row.id, entry_id=1, by_id=her.id, state=row.state, **step))
    with transaction():
        covers.put(her.id, "quiet", FURTHER, opens=True)
    held = meeting(room.caucus)
    named(her, NAME, ADDRESS, "Door 4")
    holder = make.representative(make.person(), make.ngo())
    stands_in = {"deputy_id": her.id, "asked_by_id": her.id, "ended_by_id": her.id, "asked_at": now, "begins_at": now}
    make.keep(Absence(representative_id=holder.id, ends_at=now + timedelta(days=1), **stands_in))
    stands = {"stands_for": "Vega Onyx 511", "shelter": Shelter.SILENT, "how": How.SELF, "reference": "r"}
    made = {"by_id": her.id, "second_id": her.id, "asked_at": now, "answered_at": now, "state": AskingState.DECLINED}
    make.keep(ProtectionAsking(person_id=her.id, caucus_id=make.caucus().id, **made))
    make.keep(Protection(person_id=her.id, by_id=her.id, begun_at=now, lifted_at=now, undo_until=now, **stands))
    known_of(held, her)
    yearly_world.known_of(her)
    left_out(room.drafted(), her, held, row.message_id)
    with transaction():
        affiliation.end(queries.affiliation(make.member(room.caucus), room.caucus), by=her)


@pytest.fixture
def her() -> Person:
    made = admitted()
    in_office(made)
    vouched(made)
    return made


def vouched(her: Person) -> None:
    """Another address is asked for in her name; of others who ask she says whether it is they."""
    with transaction():
        asked = make.rows(Recovery)[0]
        asked.person_id = her.id
        others = {"way": RecoveryWay.KNOWN, "old_key": "x", "address": "x", "address_key": "x", "language": "en"}
        db.session.add(Recovery(**others, asked_at=clock.now(), since=clock.now(), vouched_by_id=her.id, how=NAME))
        db.session.add(Recovery(**others, asked_at=clock.now(), since=clock.now(), ended_by_id=her.id))


def test_all_that_points_at_her_and_all_that_names_her_is_of_a_known_table(her):
    assert pointing(her.id) == {f"{column.table.name}.{column.name}" for column in pointers()}
    tables = {place.partition(".")[0] for place in holding()}
    assert {"applicants", "deliveries", "evidence", "outgoing_texts", "people", "second_addresses"} <= tables
    assert tables <= {table for known in KNOWN.values() for table in known}


def test_what_is_erased_is_nowhere_in_the_house(her):
    number = her.id
    erase(her)
    assert (holding(), pointing(number)) == (set(), set())


def test_she_is_shown_what_every_table_holds_of_her(her):
    told = export(her)
    missing = [
        table for package, tables in KNOWN.items() for table, word in tables.items() if not told[package].get(word)
    ]
    assert missing == []
    shown = json.dumps(told)
    for words in (NAME, ADDRESS, FURTHER, "Canary keeper", "The canary society knows me.", "Door 4", "550 5.1.1"):
        assert words in shown


def test_of_somebody_who_has_done_nothing_little_is_shown(her):
    told = export(make.person("Ben"))
    lists = [value for package in told.values() for value in package.values() if isinstance(value, list)]
    assert [one for one in lists if one] == [["en"]]


def test_who_else_stands_in_the_house_is_not_forgotten_with_her(her):
    other = Person.__table__.c.id != her.id
    before = [row._tuple() for row in db.session.execute(select(Person.__table__).where(other))]
    letters = len(make.rows(Delivery))
    erase(her)
    assert [row._tuple() for row in db.session.execute(select(Person.__table__))] == before
    assert len(make.rows(Delivery)) == letters
    assert PETER.address in {one.address for one in make.rows(Applicant)}


def test_nothing_is_sent_to_who_was_erased(her):
    erase(her)
    assert [one.id for one in make.rows(Delivery) if one.state in DUE and not one.address] == []


def test_of_an_expert_who_was_erased_the_form_keeps_nothing():
    caucus = make.caucus()
    alone = Colleague(NAME, ADDRESS)
    application = applied(caucus, people=(alone,), kind=ApplicationKind.INDIVIDUAL, vouchers="Ask Zuleikha's sister.")
    erase(joined(applicants(application)[0], caucus).person)
    assert holding() == set()


def test_that_an_address_asked_not_to_be_written_to_outlives_the_person_as_a_fingerprint(her):
    erase(her)
    (kept,) = make.rows_by(Suppression, Suppression.since)
    assert (kept.reason, kept.person_id, kept.shown, kept.words) == ("asked", None, "", "")
