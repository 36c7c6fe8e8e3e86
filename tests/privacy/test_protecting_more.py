"""What goes with protecting somebody: links, calendars, audiences, what came at that moment; and all of it or nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from caucusmail import clock, tokens
from caucusmail.accounts import addressing, calendar_address, signing_in
from caucusmail.announcements import endings, standing
from caucusmail.announcements.models import AudienceGap, LeftOut, MeetingFarewell
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery import making
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage
from caucusmail.directory.models import Seat
from caucusmail.inbound import intake, processing
from caucusmail.privacy import erasing, protecting, receipts, takeout
from caucusmail.privacy.protection_models import Protection
from caucusmail.tokens import BadToken, Purpose
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, ready
from tests.meetings.test_queries import meeting
from tests.privacy.protected import cells, lift, protect, telling
from tests.privacy.test_protecting import ADDRESS, NAME, SAFE


def her():
    return make.person(NAME, ADDRESS)


def test_old_links_open_nothing_and_new_ones_do(stopped_clock):
    person = her()
    with transaction():
        asked = addressing.ask(person, SAFE, instead=False)
        takeout.ask(person)
        erasure = erasing.ask(person, remember=True)
    entry = db.session.query(AuditEntry).filter_by(verb=takeout.ASKED).one()
    feed = calendar_address.address(person).rpartition("/")[2].partition(".")[0]
    doors = (
        (Purpose.ADDRESS, asked.id, addressing.read),
        (Purpose.ERASURE, erasure.id, erasing.read),
        (Purpose.MY_DATA, entry.id, lambda token: takeout.waiting(person, token)),
    )
    protect(person)
    for purpose, number, read in doors:
        with pytest.raises(BadToken):
            read(tokens.sign_at(purpose, number, made=clock.now() - timedelta(seconds=2)))
        assert read(tokens.sign_at(purpose, number, made=clock.now() + timedelta(seconds=2)))
    with pytest.raises(BadToken):
        calendar_address.owner(feed)


@pytest.mark.parametrize(("safe", "reason"), [(None, LeftOut.PROTECTED), (SAFE, None)])
def test_an_announcement_says_that_she_gets_nothing_for_now_or_goes_to_the_safe_address(safe, reason):
    room = Room()
    person = make.member(room.caucus, her(), room.group)
    make.member(room.caucus, None, room.group)
    protect(person, address=safe)
    sent = confirmed(room, ready(room))
    mine = [one for one in copies(sent) if one.person_id == person.id]
    assert [one.address.endswith("@protected.invalid") for one in mine] == ([] if reason else [True])
    gaps = [one.reason for one in make.rows(AudienceGap) if one.person_id == person.id]
    assert gaps == ([reason] if reason else [])


def test_meetings_ahead_are_taken_out_of_her_calendar_by_a_letter_without_a_reason():
    room = Room()
    person = make.member(room.caucus, her(), room.group)
    held = invited(room, person)
    made = protect(person)
    assert made.numbers["calendars"] == 1
    row = db.session.query(Delivery).join(OutgoingMessage).filter(OutgoingMessage.kind == endings.TAKEN).one()
    assert (row.state, row.person_id) == (DeliveryState.QUEUED, person.id)
    assert [one.meeting_id for one in db.session.query(MeetingFarewell)] == [held.id]
    raw = made_letter(row).decode()
    assert ADDRESS in raw
    assert "METHOD:CANCEL" in raw
    assert NAME not in raw
    assert telling(NAME, ADDRESS) == set()


def test_entries_that_went_to_the_safe_address_are_taken_out_there_once_it_is_over():
    room = Room()
    person = make.member(room.caucus, her(), room.group)
    invited(room, person)
    made = protect(person, address=SAFE)
    with transaction():  # invited anew, at the safe address
        db.session.query(MeetingFarewell).delete()
    lift(made)
    taken = db.session.query(Delivery).join(OutgoingMessage).filter(OutgoingMessage.kind == endings.TAKEN)
    last = taken.order_by(Delivery.id.desc()).first()
    assert (taken.count(), last.address, last.state) == (2, SAFE, DeliveryState.QUEUED)
    assert db.session.query(MeetingFarewell).count() == 1  # so that they are invited anew at their own


def invited(room, person):
    """A meeting ahead that she was sent."""
    held = meeting(room.caucus)
    sent = confirmed(room, ready(room))
    with transaction():
        sent.meeting_id, sent.state = held.id, "sent"
        for one in copies(sent):
            one.state, one.settled_at = DeliveryState.ACCEPTED, clock.now()
    return held


def made_letter(row: Delivery) -> bytes:
    with transaction():
        row.begun_at = clock.now()
    maker = making.Maker()
    maker.read([row])
    covered = maker._covered[row.address_key]
    return maker._texts[row.message_id, row.language].letter(Sent(row, covered.address), row.begun_at)


class Sent:
    """A row, with the address that lies under its cover."""

    def __init__(self, row: Delivery, address: str) -> None:
        self._row, self.address = row, address

    def __getattr__(self, name):
        return getattr(self._row, name)


def test_what_came_in_at_that_moment_is_hidden_when_it_was_judged():
    person = her()
    protect(person)
    with transaction():
        intake.store(ADDRESS, "postmaster@caucus.example", f"From: {NAME} <{ADDRESS}>\r\n\r\nHi\r\n".encode())
        journal.record("late", person, None, reason=f"{NAME} called")
    assert telling(NAME, ADDRESS) == {"audit_entries.reason", "received.raw", "received.sender"}
    while processing.turn():
        pass
    assert protecting.look_again() == 1
    assert telling(NAME, ADDRESS) == set()
    (made,) = make.rows(Protection)
    lift(made)
    assert telling(NAME) >= {"audit_entries.reason", "received.raw"}


def test_her_seat_and_the_count_of_the_caucus_stay():
    room = Room()
    person, ngo = her(), make.ngo()
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=room.caucus.id, holder_id=person.id, since=clock.now()))
    make.member(room.caucus, person, room.group, seat_id=seat.id)
    protect(person)
    assert seat.holder_id == person.id
    asked = standing.question(ready(room), ["en"])
    assert db.session.query(standing.standing(asked)).count() == 1


def test_who_is_protected_can_be_erased():
    person = her()
    protect(person)
    with transaction():
        erasing.erase(person, remember=False, by=None)
    assert (telling(NAME), make.rows(Protection)) == (set(), [])
    (last,) = [one for one in make.rows(Delivery) if one.address]
    assert last.address == ADDRESS  # the last letter arrives


def test_the_receipt_says_what_was_done_and_what_cannot_be_called_back():
    room = Room()
    person = make.member(room.caucus, her(), room.group)
    invited(room, person)
    with transaction():
        signing_in.begin(person)
        db.session.query(Delivery).update({"begun_at": clock.now() - timedelta(hours=1)})
    made = protect(person)
    found = receipts.of(made)
    assert (found.devices, found.calendars, found.sent_to_them, found.name_not_searched) == (1, 1, 1, False)
    assert found.rows >= 2


class Cut(Exception):
    """As if the power failed."""


@pytest.mark.parametrize("lifts", [False, True])
def test_cut_at_any_statement_nothing_has_happened(lifts):
    person = make.member(make.caucus(), her())
    with transaction():
        signing_in.begin(person)
        journal.record("test", person, None, reason=f"{NAME} called")
    made = protect(person, address=SAFE) if lifts else None
    before, number, cuts = cells(), 1, 0
    while True:
        try:
            with cut(number):
                lift(made) if made else protect(person, address=SAFE)
            break
        except Cut:
            assert cells() == before, number
            db.session.expire_all()
            number, cuts = number + 1 + number // 8, cuts + 1
    assert cuts > 15
    assert (person.name == NAME) is lifts


class cut:  # noqa: N801 - reads like a verb
    """The statement with this number fails."""

    def __init__(self, number: int) -> None:
        self.number, self.seen = number, 0

    def __enter__(self):
        event.listen(Engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_problem):
        event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "BEGIN")):
            self.seen += 1
            if self.seen == self.number:
                raise Cut
