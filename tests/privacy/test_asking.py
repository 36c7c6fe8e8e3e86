"""A coordinator asks that a member be protected; a second person agrees."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts.models import Shelter
from caucusmail.accounts.two_people import NotByTheSame
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.directory import queries, visibility
from caucusmail.errors import NotFound, TooMany
from caucusmail.privacy import asking, protecting
from caucusmail.privacy.asking_models import AskingState, ProtectionAsking
from caucusmail.privacy.protection_models import How, Protection
from tests import letters, make
from tests.privacy.askers import Asked


@pytest.fixture
def two() -> Asked:
    return Asked()


def sheltered(person):
    db.session.expire_all()
    return db.session.get(make.Person, person.id).shelter


def test_nothing_happens_before_somebody_else_agrees(two):
    one = two.asks()
    assert sheltered(two.rosa) is None
    with pytest.raises(NotByTheSame):
        two.agrees(one, by=two.ilse)
    assert sheltered(two.rosa) is None
    made = two.agrees(one)
    assert (made.how, made.by_id) == (How.TWO, two.omar.id)
    assert sheltered(two.rosa) is Shelter.SILENT
    assert one.state is AskingState.DONE
    with pytest.raises(asking.Answered):
        two.agrees(one)
    assert len(make.rows(Protection)) == 1


def test_the_protected_is_told_where_they_read_and_nobody_else_is(two):
    two.agrees(two.asks())
    rosa = db.session.get(make.Person, two.rosa.id)
    assert [one["Subject"] for one in letters.to(rosa.address)] == ["Your page has changed"]
    assert letters.to("rosa@haki.example") == []  # nothing in any table says that address any more


def test_those_who_could_agree_are_the_other_coordinators_and_the_secretariat(two):
    noor = make.secretary(name="Noor")
    two.asks()
    for one, number in ((two.omar, 1), (noor, 1), (two.ilse, 0), (two.rosa, 0)):
        assert len(letters.to(one.address)) == number
        waits = asking.for_second(visibility.viewer(one))
        assert len(waits) == (0 if one is two.rosa else 1)


def test_who_it_is_about_cannot_answer_it_although_they_coordinate(two):
    make.coordinator(two.caucus, two.rosa)
    one = two.asks()
    rosa = visibility.viewer(two.rosa)
    assert asking.for_second(rosa) == []
    with pytest.raises(NotFound):
        asking.one(rosa, one.id)


def test_it_is_asked_once_at_a_time_and_lapses_after_a_day(two):
    one = two.asks()
    with pytest.raises(asking.AskedAlready):
        two.asks(by=two.omar)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        with pytest.raises(asking.Answered):
            two.agrees(one)
        two.asks(by=two.omar)
        assert [one.state for one in make.rows(ProtectionAsking)] == [AskingState.WITHDRAWN, AskingState.OPEN]


def test_a_no_is_told_to_who_asked_and_taking_back_is_told_to_nobody(two):
    one = two.asks()
    with transaction():
        asking.decline(one, by=two.omar)
    assert [letter["Subject"] for letter in letters.to(two.ilse.address)] == ["The second person said no"]
    again = two.asks()
    with transaction():
        asking.decline(again, by=two.ilse)
    assert len(letters.to(two.ilse.address)) == 1
    assert [one.state for one in make.rows(ProtectionAsking)] == [AskingState.DECLINED, AskingState.WITHDRAWN]


def test_a_yes_is_told_to_who_asked_and_not_to_who_gave_it(two):
    two.agrees(two.asks())
    assert [letter["Subject"] for letter in letters.to(two.ilse.address)] == ["The second person said yes"]
    assert [letter["Subject"] for letter in letters.to(two.omar.address)] == ["A second person is needed"]


def test_the_journal_names_nobody(two):
    two.agrees(two.asks())
    entries = db.session.query(AuditEntry).filter(AuditEntry.verb.like("protection.%")).all()
    assert {"protection.asked", "protection.agreed"} <= {one.verb for one in entries}
    assert all("Rosa" not in str((one.reason, one.detail)) for one in entries)


def test_only_who_keeps_the_caucus_of_an_active_member_may_ask(two):
    place = queries.affiliation(two.rosa, two.caucus)
    other = make.caucus()
    elsewhere, keeper = visibility.viewer(make.coordinator(other)), visibility.viewer(two.ilse)
    for by, caucus in ((elsewhere, two.caucus), (keeper, other), (visibility.viewer(two.rosa), two.caucus)):
        with pytest.raises(NotFound):
            asking.member(by, caucus, place.id)
    two.agrees(two.asks())
    with pytest.raises(NotFound):
        asking.member(keeper, two.caucus, place.id)  # protected: there is nothing to ask


def test_whoever_asks_again_and_again_is_stopped(two):
    for _again in range(asking.ASKED.tries):
        one = two.asks()
        with transaction():
            asking.decline(one, by=two.ilse)
    with pytest.raises(TooMany):
        two.asks()


def test_what_was_asked_is_known_to_who_it_is_about_and_forgotten_after_thirty_days(two):
    two.asks()
    assert [one["about_you"] for one in asking.known_of(two.rosa)] == [True]
    assert [one["about_you"] for one in asking.known_of(two.ilse)] == [False]
    assert asking.known_of(two.omar) == []
    assert asking.forget() == 0
    with time_machine.travel(clock.now() + asking.KEPT + timedelta(hours=1)), transaction():
        assert asking.forget() == 1


def test_who_is_erased_is_forgotten_here_too(two):
    one = two.asks()
    with transaction():
        asking.decline(one, by=two.omar)
    with transaction():
        asking.erase(two.omar)
    assert make.rows(ProtectionAsking)[0].second_id is None
    with transaction():
        asking.erase(two.ilse)
    assert make.rows(ProtectionAsking) == []


def at_once(one, by):
    with transaction():
        return asking.at_once(one, by=by)


def test_an_administrator_alone_does_not_protect_again_who_ended_it_but_two_do(two):
    ngo, lucia = make.ngo("Haki"), make.person("Lucia")
    make.representative(lucia, ngo, admin=True)
    term = make.representative(two.rosa, ngo)
    slip = at_once(term, lucia)
    with transaction():
        protecting.undo(slip, by=lucia)
    made = at_once(term, lucia)  # her own slip bars nothing
    with transaction():
        protecting.lift(made, by=two.rosa)
    with pytest.raises(asking.EndedIt, match="two people"):
        at_once(term, lucia)
    two.agrees(two.asks())
    assert sheltered(two.rosa) is Shelter.SILENT


def test_an_administrator_protects_ten_a_day(two):
    ngo, lucia = make.ngo("Haki"), make.person("Lucia")
    make.representative(lucia, ngo, admin=True)
    for _ in range(asking.ASKED.tries):
        at_once(make.representative(make.person(), ngo), lucia)
    with pytest.raises(TooMany):
        at_once(make.representative(make.person(), ngo), lucia)
