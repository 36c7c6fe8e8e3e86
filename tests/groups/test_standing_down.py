from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import absences
from caucusmail.directory.absence_models import AbsenceState
from caucusmail.groups import deputies, standing_down
from caucusmail.groups.deputies import NoDeputy, NoLonger
from caucusmail.privacy import erasing
from tests import letters, make
from tests.announcements.rooms import Room
from tests.groups.absent import Seated, asked
from tests.groups.test_giving_back import lies_ready, scheduled


@pytest.fixture
def haki():
    haki = Seated(Room())
    make.representative(make.person(), haki.ngo, admin=True)
    return haki


def subjects(person):
    return [one["Subject"] for one in letters.to(person.address)]


def test_it_ends_for_one_organisation_and_is_asked_anew(haki):
    made = haki.away()
    with transaction():
        standing_down.leave(haki.amina, make.ngo())
    assert made.state is AbsenceState.ACCEPTED
    with transaction():
        standing_down.leave(haki.amina, haki.ngo)
    assert (made.state, made.ended_by_id) == (AbsenceState.ENDED, None)
    for person in (haki.rosa, haki.amina, make.secretary()):
        assert not deputies.resumes(made, person)
    assert haki.away()


def test_who_was_only_asked_is_no_longer(haki):
    made = asked(haki.holder, haki.amina)
    with transaction():
        erasing.ask(haki.amina, remember=True)
    assert made.state is AbsenceState.ENDED
    assert subjects(haki.rosa) == ["Nobody stands in for the seat of Haki"]
    text = letters.text(letters.to(haki.rosa.address)[-1])
    assert ("Amina" in text, "eras" in text) == (False, False)


def test_who_waits_for_their_erasure_is_not_named(haki):
    with transaction():
        erasing.ask(haki.amina, remember=True)
    with pytest.raises(NoDeputy):
        asked(haki.holder, haki.amina)


def test_who_says_yes_and_then_waits_for_their_erasure_stands_in_for_nobody(haki):
    made = asked(haki.holder, haki.amina)
    with transaction():
        haki.amina.goes_at = clock.now() + timedelta(days=14)
    with pytest.raises(NoLonger), transaction():
        deputies.accept(made)


def test_the_deputy_is_told_when_the_holder_is_erased_and_their_copies_go(haki):
    haki.away()
    sent = scheduled(haki.room)
    with transaction():
        erasing.at_once(haki.rosa, haki.rosa.address, remember=False)
    assert subjects(haki.amina)[-1] == "You no longer stand in for the seat of Haki"
    assert "Rosa" not in letters.text(letters.to(haki.amina.address)[-1])
    assert lies_ready(sent) == []


def test_a_term_that_runs_out_by_itself_is_found(haki):
    made = haki.away()
    with transaction():
        assert standing_down.sweep() == 0
        haki.term.since, haki.term.until = clock.now() - timedelta(days=9), clock.now()
    with transaction():
        assert standing_down.sweep() == 1
    with transaction():
        assert standing_down.sweep() == 0
    assert (made.state, absences.standing_in(haki.amina)) == (AbsenceState.ENDED, {})
