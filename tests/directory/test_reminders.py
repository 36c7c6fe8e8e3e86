from dataclasses import replace

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.delivery.models import OutgoingText
from caucusmail.directory import inviting, registration, reminders, reopening, verification
from caucusmail.directory.applications import Applicant, ApplicantState, Application, ApplicationState
from caucusmail.directory.models import Seat
from caucusmail.directory.reasons import Reason
from caucusmail.directory.visibility import viewer
from tests import make
from tests.directory.joiners import ACHIENG, applicants, applied, code_in, confirmed, days_later, letters

__all__ = ["days_later"]


def remind() -> int:
    with transaction():
        return reminders.remind_due()


def expire() -> int:
    with transaction():
        return reminders.expire_due()


def test_two_reminders_on_day_three_and_seven_each_with_a_fresh_code(days_later):
    applied(make.caucus(), people=(ACHIENG,))
    written = []
    for day in (0, 1, 2.9, 3.1, 4, 5, 6.9, 7.1, 8, 9, 10, 12, 13.9):
        with days_later(day):
            written.append(remind())
    assert written == [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    first, second, third = letters("achieng@mhi.example")
    assert len({code_in(letter) for letter in (first, second, third)}) == 3
    assert "the old one no longer works" in second
    assert "the old one no longer works" not in first
    assert [letter.partition(":")[0] for letter in (first, second, third)] == ["Confirm", "Reminder", "Reminder"]


def test_nobody_who_has_confirmed_is_reminded(days_later):
    vrwg = make.caucus()
    achieng, _peter = applicants(applied(vrwg))
    confirmed(achieng, vrwg)
    with days_later(3.1):
        remind()
    assert len(letters("achieng@mhi.example")) == 1
    assert len(letters("pkamau@webmail.example")) == 2


def test_nobody_is_reminded_of_an_application_that_was_declined(days_later):
    vrwg, staff = make.caucus(), make.secretary()
    application = applied(vrwg)
    achieng, _peter = applicants(application)
    confirmed(achieng, vrwg)
    with transaction():
        verification.decline(application, Reason.NOT_NGO, "", seen=application.state, by=staff)
    with days_later(3.1):
        assert remind() == 0
    with transaction():
        reopening.reopen(application, by=staff)
    with days_later(3.2):
        assert remind() == 1


def test_a_member_who_was_told_so_is_not_reminded(days_later):
    vrwg = make.caucus()
    make.member(vrwg, make.person(ACHIENG.name, ACHIENG.address))
    applied(vrwg, people=(ACHIENG,))
    with days_later(3.1):
        assert remind() == 0


def test_a_letter_that_had_to_wait_is_written_the_next_day_and_only_one(days_later):
    for _ in range(4):
        applied(make.caucus(), people=(ACHIENG,))
    assert remind() == 0
    with days_later(1.1):
        assert [remind(), remind()] == [1, 0]
    assert len(letters("achieng@mhi.example")) == 2


def test_an_address_typed_again_and_again_gets_four_letters_a_week_at_most(days_later):
    for day in range(7):
        with days_later(day * 1.01):
            applied(make.caucus(), people=(ACHIENG,), network=f"198.51.{day}.0/24")
            remind()
    assert len(letters("achieng@mhi.example")) == 4


def test_after_fourteen_days_name_and_address_are_gone_everywhere(days_later):
    vrwg = make.caucus()
    application = applied(vrwg)
    achieng, peter = applicants(application)
    confirmed(achieng, vrwg)
    with days_later(14.1):
        assert expire() == 1
        assert expire() == 0
    assert (peter.state, peter.name, peter.address, peter.address_key) == (ApplicantState.EXPIRED, "", "", "")
    assert letters("pkamau@webmail.example") == []
    assert b"" in [text.raw for text in make.rows(OutgoingText)]
    assert achieng.address == "achieng@mhi.example"
    assert application.ngo_name == "Mwangaza Haki Initiative"


def test_an_application_nobody_confirmed_keeps_nothing_that_was_typed(days_later):
    applied(make.caucus(), website="https://mhi.example", vouchers="Ask Ilse.")
    with days_later(14.1):
        expire()
    (application,) = make.rows(Application)
    assert application.state is ApplicationState.EXPIRED
    assert (application.ngo_name, application.website, application.vouchers, application.acronym) == ("", "", "", "")
    assert {row.state for row in make.rows(Applicant)} == {ApplicantState.EXPIRED}


def test_before_the_fourteenth_day_nothing_is_deleted(days_later):
    applied(make.caucus())
    with days_later(13.9):
        assert expire() == 0


def test_a_withdrawn_invitation_keeps_its_name_no_longer_than_any_that_nobody_confirms(days_later):
    vrwg, ngo, rosa = make.caucus(), make.ngo(), make.person()
    make.representative(rosa, ngo, admin=True)
    make.keep(Seat(ngo_id=ngo.id, caucus_id=vrwg.id, since=clock.now()))
    with transaction():
        registration.invite(ngo, replace(ACHIENG, caucuses=(vrwg.id,)), "a" * 16, by=viewer(rosa))
    (invited,) = make.rows(Applicant)
    with transaction():
        inviting.recall(invited, by=rosa)
    assert remind() == 0
    with days_later(13.9):
        assert expire() == 0
    with days_later(14.1):
        assert expire() == 1
        with pytest.raises(inviting.NoLonger):
            inviting.put_back(invited, by=rosa)
    assert (invited.name, invited.address) == ("", "")
    assert make.rows(Application)[0].state is ApplicationState.EXPIRED
