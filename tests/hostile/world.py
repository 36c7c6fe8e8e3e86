"""A small world with everything in it twice, ours and theirs, and the address of every route for either of the two."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from caucusmail import clock, zones
from caucusmail.accounts import factors, queries
from caucusmail.accounts.models import (
    AddressChange,
    AddressStep,
    AskedAddress,
    Recovery,
    RecoveryState,
    RecoveryWay,
    SecondAddress,
    Vouchers,
)
from caucusmail.announcements import dispatch
from caucusmail.announcements.models import Announcement
from caucusmail.database import Model, db, transaction
from caucusmail.directory import pseudonyms, windows
from caucusmail.directory.absence_models import Absence
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.models import Affiliation, Keeper, Seat, SeatRole
from caucusmail.directory.seat_request_models import SeatRequest
from caucusmail.directory.yearly_models import YearlyAnswer, YearlyRound
from caucusmail.inbound import intake
from caucusmail.inbound.models import Received
from caucusmail.meetings import papers
from caucusmail.meetings.models import MeetingKind
from caucusmail.meetings.papers import PaperDraft
from caucusmail.meetings.scheduling import MeetingDraft
from caucusmail.privacy import requests
from caucusmail.privacy.asking_models import ProtectionAsking
from caucusmail.privacy.models import Right
from tests import make
from tests.accounts.devices import app_of
from tests.announcements.rooms import Room

ABOUT_ONE = (
    "minutes",
    "write_minutes",
    "save_minutes",
    "withdraw_minutes",
    "put_back_minutes",
    "tell_of_minutes",
    "papers",
    "paper",
    *(f"{verb}_paper" for verb in ("add", "edit", "change", "remove", "put_back", "move")),
    "remote",
    "set_remote",
    "questions",
    "ask_questions",
    "guests",
    "make_guests",
    "open_guests",
    "attendance",
    "attendance_csv",
    "make_link",
    "end_link",
    "resume_link",
    "here",
    "not_here",
)
AT_THE_DOOR = ("door.by_keeper", "door.tap_by_keeper", "door.take_back_by_keeper")
"""Pages of one meeting, which is called by another reference than the announcement of it."""

NOWHERE: dict[str, Any] = {"slug": "no-such", "mailbox": "no-such", "reference": "no-such", "local_part": "no-such"}


@dataclass
class Half:
    """One of the two: a caucus with its coordinator, a member, an organisation, drafts and what else has an address."""

    room: Room
    coordinator: Any
    member: Any
    admin: Any
    values: dict[str, Any] = field(default_factory=dict)
    by_endpoint: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return str(self.room.caucus.slug)


@dataclass
class World:
    ours: Half
    theirs: Half
    secretary: Any
    outsider: Any  # somebody who signed in and has no part in either

    def roles(self) -> dict[str, Any]:
        """Who of ours (and the outsider) may try the doors of theirs."""
        ours = self.ours
        return {
            "outsider": self.outsider,
            "member": ours.member,
            "administrator": ours.admin,
            "coordinator": ours.coordinator,
        }


def meeting() -> MeetingDraft:
    return MeetingDraft(
        MeetingKind.STRATEGY,
        starts=datetime(2027, 11, 30, 8, 15),
        ends=datetime(2027, 11, 30, 9, 15),
        zone=zones.THE_HAGUE,
        titles={"en": "Strategy"},
    )


def _confirmed(room: Room, draft: Announcement) -> Announcement:
    with transaction():
        dispatch.send_test(draft, room.by)
    with transaction():
        dispatch.confirm(draft, room.caucus.slug, draft.revision, room.by)
    return draft


def half() -> Half:
    """A caucus and all that hangs on it."""
    room = Room()
    coordinator = db.session.get(make.Person, room.by.id)
    member = make.member(room.caucus, None, room.group)
    admin = make.member(room.caucus, None, room.group)
    ngo = make.ngo()
    make.representative(admin, ngo, admin=True)
    colleague = make.person()
    other = make.representative(colleague, ngo)
    app_of(colleague)
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=room.caucus.id, role=SeatRole.ALTERNATE, since=clock.now()))
    draft, sent = room.drafted(meeting=meeting()), _confirmed(room, room.drafted())
    application = make.application(caucuses=[room.caucus])
    with transaction():
        paper = papers.add(draft.meeting, PaperDraft("Paper", "en", "https://example.org/a.pdf"), room.by)
    place = db.session.query(Affiliation).filter_by(person_id=member.id, caucus_id=room.caucus.id).one()
    keeper = db.session.query(Keeper).filter_by(caucus_id=room.caucus.id).one()
    with transaction():
        intake.store("", "postmaster@caucus.example", f"Subject: about {room.caucus.slug}\r\n\r\n".encode())
    with transaction():
        further = SecondAddress(
            person_id=member.id, address="b@x.example", address_key="b@x.example", verified_at=clock.now()
        )
        given = {"address": "c@x.example", "address_key": "c@x.example", "asked_at": clock.now()}
        asked = AskedAddress(person_id=member.id, instead=True, **given)
        change = AddressChange(person_id=member.id, at=clock.now(), step=AddressStep.ADDED, was=[member.address])
        typed = {"name": "Eve", "address": "e@x.example", "address_key": "e@x.example", "language": "en"}
        offered = HandOver(representative_id=other.id, seat_ids=[seat.id], asked_at=clock.now(), **typed)
        lost = Recovery(
            way=RecoveryWay.KNOWN, state=RecoveryState.VOUCHING, person_id=colleague.id, old_key="x", name="x"
        )
        lost.vouchers, lost.language, lost.asked_at, lost.since = Vouchers.COLLEAGUES, "en", clock.now(), clock.now()
        lost.address = lost.address_key = "d@x.example"
        absent = Absence(representative_id=other.id, deputy_id=admin.id, asked_at=clock.now(), begins_at=clock.now())
        absent.ends_at = clock.now() + timedelta(days=9)
        db.session.add_all([further, asked, change, offered, lost, absent])
        mailbox = pseudonyms.take(place).mailbox
    with transaction():
        request = requests.note(Right.ACCESS, requests.today(), "Ms Odera", by=room.by.person or coordinator)
        question = YearlyRound(begins_at=clock.now(), begun_at=clock.now(), closes_at=clock.now() + timedelta(days=42))
        db.session.add(question)
        db.session.flush()
        yearly = YearlyAnswer(round_id=question.id, ngo_id=ngo.id)
        seat_request = SeatRequest(person_id=member.id, ngo_id=ngo.id, agreed={}, asked_at=clock.now())
        asking = ProtectionAsking(person_id=colleague.id, caucus_id=room.caucus.id, by_id=coordinator.id)
        asking.asked_at = clock.now()
        db.session.add_all([yearly, seat_request, asking])
    found = Half(room, coordinator, member, admin)
    found.values = {
        "slug": room.caucus.slug,
        "announcement_id": draft.id,
        "reference": sent.reference,
        "ngo_id": ngo.id,
        "person_id": member.id,
        "representative_id": other.id,
        "credential_id": factors.of(colleague)[0].id,
        "sign_in_id": queries.live_sign_ins(colleague)[0].id,
        "seat_id": seat.id,
        "applicant_id": 1,
        "address_id": further.id,
        "asked_id": asked.id,
        "hand_over_id": offered.id,
        "recovery_id": lost.id,
        "absence_id": absent.id,
        "change_id": change.id,
        "round_id": question.id,
        "yearly_id": yearly.id,
        "seat_request_id": seat_request.id,
        "asking_id": asking.id,
        "entry_id": 1,
        "received_id": db.session.query(Received).order_by(Received.id.desc()).first().id,
        "fingerprint": "f" * 64,
        "affiliation_id": place.id,
        "mailbox": mailbox,
        "application_id": application.id,
        "keeper_id": keeper.id,
        "tap_id": 1,
        "link_id": 1,
        "local_part": room.group.local_part,
        "state": "queued",
        "was": "active",
        "until": int(clock.now().timestamp()),
        "number": 1,
        "part": 0,
        "paper_id": paper.id,
        "request_id": request.id,
        "filename": "house.css",
    }
    sending = ("progress", "copies", "undo", "stop", "now")
    found.by_endpoint = {f"compose.{name}": {"announcement_id": sent.id} for name in sending}
    found.by_endpoint |= {f"meetings.{name}": {"reference": draft.meeting.reference} for name in ("meeting", "entry")}
    held = ("meetings.answers", "answering.answer", *(f"meetings.{name}" for name in ABOUT_ONE), *AT_THE_DOOR)
    found.by_endpoint |= {endpoint: {"reference": draft.meeting.reference} for endpoint in held}
    return found


def build() -> World:
    """Ours, theirs, a secretary, an outsider; a review window."""
    secretary = make.secretary()
    ours, theirs = half(), half()
    with transaction():
        now = clock.now()
        window = windows.add(now + timedelta(days=3), now + timedelta(days=9), {}, by=secretary)
    for one in (ours, theirs):
        one.values["window_id"] = window.id
    return World(ours, theirs, secretary, make.person("Outsider"))


def rules(app: Flask, method: str) -> list[Rule]:
    """Every route that answers ``method``, but static files and the health page, which answers 503 where no job runs."""
    left_out = ("static", "health.health")
    found = [one for one in app.url_map.iter_rules() if method in (one.methods or ()) and one.endpoint not in left_out]
    return sorted(found, key=lambda one: (one.rule, one.endpoint))


def path(app: Flask, rule: Rule, half: Half, **more: Any) -> str:
    """The address of ``rule`` with the numbers and names of ``half``; ``more`` wins."""
    known = {"starts": 1_900_000_000} | half.values | half.by_endpoint.get(rule.endpoint, {}) | more
    values = {name: known.get(name, "garbage") for name in rule.arguments}
    built = rule.build(values | dict(rule.defaults or {}), append_unknown=False)
    assert built is not None, (rule, values)
    return built[1]


def digest() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    db.session.flush()
    found = {}
    for table in Model.metadata.sorted_tables:
        rows = db.session.execute(table.select()).all()
        found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found
