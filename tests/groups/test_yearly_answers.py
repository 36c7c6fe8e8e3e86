from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, tokens
from caucusmail.accounts import revoking
from caucusmail.accounts.models import Shelter
from caucusmail.database import transaction
from caucusmail.directory import yearly
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.models import Representative, Seat, Sensitivity
from caucusmail.directory.representation import LastAdministrator
from caucusmail.directory.yearly_models import Answered, YearlyAnswer
from caucusmail.errors import NotFound
from caucusmail.groups import terms, yearly_answers
from caucusmail.groups.yearly_answers import Different
from caucusmail.tokens import BadToken, Purpose
from tests import letters, make
from tests.directory.yearly_world import begun, lines, subjects
from tests.groups.handed import office
from tests.groups.leaving import PLACES, digest

ALL = (*PLACES, Representative)


@pytest.fixture
def haki():
    """A round is under way; Ben looks after Haki, Rosa holds its seats."""
    made = office()
    begun()
    return made


def sheet(person):
    return yearly_answers.sheet(yearly.token(lines()[0], person))


def said(person, gone=(), website="", words="", seen=""):
    with transaction():
        shown = sheet(person)
        yearly_answers.answer(shown, gone, website, words, seen=seen or shown.seen)


def test_the_sheet_shows_its_own_people_with_their_seats(haki):
    shown = sheet(haki.ben.person)
    assert [(one.representative.person.name, one.named, one.may_go) for one in shown.lines] == [
        ("Rosa", True, True),
        ("Ben", True, True),
    ]
    assert [seat.caucus.slug for seat in shown.lines[0].open_seats] == ["water", "peace"]


def test_who_chose_not_to_be_seen_is_not_named_nor_ended_by_the_link(haki):
    for chosen in ({"discreet": True}, {"shelter": next(iter(Shelter))}):
        with transaction():
            haki.rosa.discreet, haki.rosa.shelter = chosen.get("discreet", False), chosen.get("shelter")
        line = sheet(haki.ben.person).lines[0]
        assert (line.named, line.may_go) == (False, False)
        with pytest.raises(NotFound):
            said(haki.ben.person, [haki.holder.id])
        own = sheet(haki.rosa).lines[0]
        assert (own.named, own.may_go) == (True, True)


def test_a_confidential_caucus_is_not_named(haki):
    with transaction():
        haki.caucuses[0].sensitivity = Sensitivity.CONFIDENTIAL
    line = sheet(haki.ben.person).lines[0]
    assert [seat.caucus.slug for seat in line.open_seats] == ["peace"]
    assert len(line.seats) == 2


def test_all_still_true_changes_nothing_and_is_told_to_who_was_asked(haki):
    before = digest(*ALL)
    said(haki.ben.person)
    assert lines()[0].state is Answered.CONFIRMED
    assert lines()[0].answered_by_id == haki.ben.person_id
    assert digest(*ALL) == before
    assert subjects(haki.ben.person) == ["Thank you: the answer of Haki"]
    assert subjects(haki.rosa) == []


def test_who_has_gone_is_ended_and_it_can_be_taken_back_to_the_last_column(haki):
    before = digest(*ALL)
    said(haki.ben.person, [haki.holder.id])
    assert lines()[0].state is Answered.CHANGED
    assert [seat.holder_id for seat in haki.seats] == [None, None]
    assert subjects(haki.rosa) == ["You no longer speak for Haki"]
    assert "- Rosa" in letters.text(letters.to(haki.ben.person.address)[-1])
    with time_machine.travel(clock.now() + timedelta(days=20)), transaction():
        assert yearly_answers.take_back(sheet(haki.ben.person))
    assert digest(*ALL) == before
    assert (lines()[0].state, lines()[0].answered_at) == (Answered.WAITING, None)
    with transaction():
        assert not yearly_answers.take_back(sheet(haki.ben.person))


def test_only_an_administrator_says_that_somebody_else_has_gone(haki):
    assert [one.may_go for one in sheet(haki.rosa).lines] == [True, False]
    with pytest.raises(NotFound):
        said(haki.rosa, [haki.ben.id])
    said(haki.rosa, [haki.holder.id])
    with pytest.raises(BadToken):
        sheet(haki.rosa)


def test_the_only_administrator_does_not_go_without_another(haki):
    before = digest(*ALL)
    with pytest.raises(LastAdministrator, match="ask the secretariat"):
        said(haki.ben.person, [haki.ben.id, haki.holder.id])
    assert digest(*ALL) == before


def test_what_was_seen_is_what_counts(haki):
    seen = sheet(haki.ben.person).seen
    make.keep(Seat(ngo_id=haki.ngo.id, caucus_id=make.caucus().id, since=clock.now()))
    with pytest.raises(Different, match="Look again"):
        said(haki.ben.person, seen=seen)
    assert lines()[0].state is Answered.WAITING


def test_of_two_who_answer_at_once_the_second_looks_again(haki):
    seen = sheet(haki.ben.person).seen
    said(haki.rosa)
    with pytest.raises(Different):
        said(haki.ben.person, [haki.holder.id], seen=seen)


def test_words_and_a_website_are_changes_and_the_secretariat_reads_the_words(haki):
    noor = make.secretary()
    said(haki.ben.person, website="https://haki.example", words=" We moved \n to Accra ")
    assert (lines()[0].state, haki.ngo.website) == (Answered.CHANGED, "https://haki.example")
    assert "> We moved" in letters.text(letters.to(noor.address)[-1])
    said(haki.ben.person, website="https://haki.example")
    assert (lines()[0].state, lines()[0].words) == (Answered.CONFIRMED, "")
    with transaction():
        yearly_answers.take_back(sheet(haki.ben.person))
    assert lines()[0].state is Answered.CHANGED


def test_a_link_ends_with_its_round_its_reader_and_when_it_is_revoked(haki):
    token = yearly.token(lines()[0], haki.ben.person)
    assert yearly_answers.sheet(token).ngo is haki.ngo
    with pytest.raises(BadToken):
        yearly_answers.sheet(tokens.sign(Purpose.UNDO, 1, 1, 0))
    with pytest.raises(BadToken):
        yearly_answers.sheet(yearly.token(lines()[0], make.person()))
    with time_machine.travel(clock.now() + timedelta(days=43)):
        with transaction():
            yearly.turn()
        assert yearly_answers.sheet(token)  # a late answer counts
        with transaction():
            yearly.begin(by=make.secretary())
        with pytest.raises(BadToken):
            yearly_answers.sheet(token)
    token = yearly.token(lines()[-1], haki.ben.person)
    with transaction():
        revoking.revoke_links(haki.ben.person, by=haki.ben.person)
    with pytest.raises(BadToken):
        yearly_answers.sheet(token)


def test_who_is_no_administrator_any_more_brings_nobody_back_by_an_old_link(haki):
    """Ben had the link as administrator; then Ana was, and somebody said that she has gone."""
    with transaction():
        terms.set_admin(haki.holder, admin=True, by=haki.ben.person)
    ana = make.representative(make.person("Ana"), haki.ngo, admin=True)
    said(haki.rosa, [ana.id])
    with transaction():
        terms.set_admin(haki.ben, admin=False, by=haki.rosa)
    shown = sheet(haki.ben.person)
    assert not yearly_answers.may_take_back(shown)
    before = digest(*ALL)
    with pytest.raises(NotFound), transaction():
        yearly_answers.take_back(shown)
    assert digest(*ALL) == before
    assert yearly_answers.may_take_back(sheet(haki.rosa))
    with transaction():
        assert yearly_answers.take_back(sheet(haki.rosa))
    assert (ana.admin, ana.until) == (True, None)


def test_who_took_the_answer_back_is_asked_again_as_before(haki):
    with time_machine.travel(clock.now() + timedelta(minutes=11)), transaction():
        yearly.turn()
    before = digest(YearlyAnswer)
    said(haki.ben.person)
    assert lines()[0].due_at is None
    with transaction():
        yearly_answers.take_back(sheet(haki.ben.person))
    assert digest(YearlyAnswer) == before
    said(haki.ben.person)
    with time_machine.travel(clock.now() + timedelta(days=20)):
        with transaction():
            yearly_answers.take_back(sheet(haki.ben.person))
        assert yearly.write_due() == 0
    with time_machine.travel(clock.now() + timedelta(days=21, minutes=1)), transaction():
        assert yearly.write_due() == 1
    assert lines()[0].letters == 2


def test_an_older_answer_stands_again_with_its_day_and_its_author(haki):
    said(haki.rosa)
    before = digest(YearlyAnswer)
    said(haki.ben.person, words="We moved")
    with transaction():
        yearly_answers.take_back(sheet(haki.ben.person))
    assert digest(YearlyAnswer) == before


def test_a_website_that_was_changed_since_stays(haki):
    said(haki.ben.person, website="https://haki.example")
    with transaction():
        haki.ngo.website = "https://other.example"
    with pytest.raises(MovedOn), transaction():
        yearly_answers.take_back(sheet(haki.ben.person))
