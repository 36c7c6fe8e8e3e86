"""Somebody is erased: nothing of them is left anywhere, all of it or nothing, and the way back is open for a fortnight."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, failpoints, tokens
from caucusmail.accounts import signing_in
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery import outgoing, suppression
from caucusmail.delivery.models import Suppression
from caucusmail.groups.models import Subscription
from caucusmail.privacy import erasing, hindrances
from caucusmail.privacy.models import Erasure
from caucusmail.tokens import BadToken, Purpose
from tests import letters, make
from tests.house.test_personal import ADDRESS, FURTHER, admitted, in_office
from tests.privacy.erased import erase, everywhere, last_letters, leave_all_letters, pointing
from tests.privacy.ruled import forgotten


def asked(person: Person, *, remember: bool = True) -> Erasure:
    with transaction():
        return erasing.ask(person, remember=remember)


def later(days: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(days=days), tick=False)


def member(name: str = "Achieng Odera") -> Person:
    caucus = make.caucus()
    return make.member(caucus, make.person(name, "achieng@mhi.example"), make.group(caucus))


def test_neither_name_nor_address_is_left_in_any_column_once_the_last_letters_have_left():
    her = admitted()
    in_office(her)
    number = erase(her)
    assert {row.address for row in last_letters()} >= {ADDRESS, FURTHER}
    assert everywhere() <= {"deliveries.address", "deliveries.address_key"}
    assert pointing(number) == []
    leave_all_letters()
    forgotten("last-letters")
    db.session.expire_all()
    assert everywhere() == set()
    assert [row.reply for row in last_letters() if row.reply] == []


def test_what_breaks_off_erases_nothing():
    her = admitted()
    before = everywhere()
    failpoints.arm("before_erasure_commit=raise")
    try:
        with pytest.raises(failpoints.Reached):
            erase(her)
    finally:
        failpoints.arm("")
    db.session.expire_all()
    assert everywhere() == before
    assert last_letters() == []
    erase(her)
    assert make.rows_by(Suppression, Suppression.since) != []


def test_the_last_letter_leaves_and_then_its_address_is_deleted(sink):
    person = member()
    erase(person)
    outgoing.turn("w")
    [caught] = sink.caught
    assert caught.recipients == ["achieng@mhi.example"]
    assert str(caught.message["Subject"]) == "You are erased"
    assert "Achieng" not in caught.text
    forgotten("last-letters")
    assert everywhere(("achieng",)) == set()


def test_an_erasure_waits_a_fortnight_and_stops_announcements_at_once():
    person = member()
    waiting = asked(person)
    assert waiting.due_at - waiting.asked_at == timedelta(days=14)
    assert [place.paused_from is not None for place in make.rows(Subscription)] == [True]
    [letter] = letters.to("achieng@mhi.example")
    assert letter["Subject"].startswith("You will be erased on")
    with later(13.9):
        assert erasing.turn() == 0
    with later(14.1):
        assert erasing.turn() == 1
        assert erasing.turn() == 0
    assert db.session.get(Person, person.id) is None


def test_it_is_called_back_and_everything_is_as_before():
    person = member()
    waiting = asked(person)
    assert asked(person).id == waiting.id
    token = tokens.sign(Purpose.ERASURE, waiting.id)
    for _twice in range(2):
        with transaction():
            erasing.call_back(waiting, by=person)
    assert [place.paused_from for place in make.rows(Subscription)] == [None]
    with pytest.raises(BadToken):
        erasing.read(token)
    with later(15):
        assert erasing.turn() == 0
    assert [one["Subject"] for one in letters.to("achieng@mhi.example")][1:] == ["You stay: nothing is erased"]


def test_a_pause_of_their_own_stays_when_it_is_called_back():
    person = member()
    with transaction():
        place = make.rows(Subscription)[0]
        place.paused_from, place.paused_until = clock.now(), clock.now() + timedelta(days=300)
    until = place.paused_until
    waiting = asked(person)
    with transaction():
        erasing.call_back(waiting, by=person)
    assert make.rows(Subscription)[0].paused_until == until


def test_at_once_asks_for_ones_own_address():
    person = member()
    for typed in ("", "x", "other@mhi.example"):
        with pytest.raises(erasing.NotTyped), transaction():
            erasing.at_once(person, typed, remember=True)
    with transaction():
        erasing.at_once(person, " Achieng@MHI.example ", remember=True)
    assert db.session.get(Person, person.id) is None


def test_sessions_end():
    person = member()
    with transaction():
        secret = signing_in.begin(person)
    erase(person)
    assert erasing.queries.signed_in(secret) is None


def test_the_address_is_remembered_by_a_keyed_mark_unless_that_is_refused():
    erase(member())
    assert suppression.left_alone("Achieng@mhi.example")
    [kept] = make.rows_by(Suppression, Suppression.since)
    assert (kept.reason, kept.person_id, kept.shown, kept.words) == ("erased", None, "", "")
    with transaction():
        suppression.came_back("achieng@mhi.example")
    erase(member(), remember=False)
    assert not suppression.left_alone("achieng@mhi.example")


def test_a_mailbox_that_somebody_else_reads_is_not_shut():
    other = make.person("Otieno", "achieng@mhi.example")
    erase(member())
    assert not suppression.left_alone(other.address)
    assert db.session.get(Person, other.id) is not None


def test_who_asked_is_not_erased_while_nobody_else_is_of_the_secretariat():
    alone = make.secretary()
    with pytest.raises(hindrances.FirstHandOn), transaction():
        erasing.ask(alone, remember=True)
    other = make.secretary()
    asked(alone)
    erase(other)
    with later(15):
        assert erasing.turn() == 0
        make.secretary()
        assert erasing.turn() == 1


def test_the_journal_says_that_it_was_done_and_not_to_whom():
    number = erase(member())
    [entry] = make.rows_by(AuditEntry, AuditEntry.id)[-1:]
    assert (entry.verb, entry.subject_id, entry.by_id, set(entry.detail)) == ("person.erased", number, None, {"mark"})
