import pytest

from caucusmail import settings
from caucusmail.accounts.models import Person
from caucusmail.delivery.models import Delivery
from caucusmail.directory import asking
from caucusmail.directory import letters as directory_letters
from caucusmail.directory.applications import ApplicationKind, ApplicationState
from caucusmail.directory.models import JoinMode, Ngo
from caucusmail.directory.typed import Colleague
from tests import make
from tests.directory.joiners import ACHIENG, applicants, applied, letters


def test_each_person_gets_one_letter_in_their_own_language():
    vrwg, children = make.caucus("vrwg"), make.caucus("children", join_mode=JoinMode.INTEREST)
    application = applied(vrwg, children)
    assert application.state is ApplicationState.UNCONFIRMED
    (english,), (french,) = letters("achieng@mhi.example"), letters("pkamau@webmail.example")
    assert "Confirm: vrwg caucus (and 1 more)" in english
    assert "Groupe vrwg" in french
    assert "/fr/join/confirm/" in french
    assert make.rows(Person) == []
    assert make.rows(Ngo) == []


@pytest.mark.parametrize(("kind", "may"), [(ApplicationKind.ORGANISATION, True), (ApplicationKind.INDIVIDUAL, False)])
def test_who_is_in_already_can_confirm_that_they_mean_another_organisation_and_no_expert_can(kind, may):
    vrwg = make.caucus("vrwg")
    who = make.member(vrwg)
    (one,) = applicants(make.application(kind=kind))
    letter = directory_letters.already_in(who, one, [vrwg], "en")
    assert "vrwg caucus" in letter.text
    assert (asking.confirm_token(one) in letter.text) is may


def test_the_secretariat_is_told_how_many_wait_and_nothing_of_them():
    make.application("Secret NGO")
    for number, said in ((1, "1 application waits"), (3, "3 applications wait")):
        letter = directory_letters.queue_waits(make.secretary(), number)
        assert said in f"{letter.subject} {letter.text}"
        assert "Secret" not in letter.text


def test_a_reminder_says_that_it_is_one():
    caucus = make.caucus("vrwg")
    (one,) = applicants(make.application())
    for sent, subject in ((0, "Confirm: vrwg caucus"), (1, "Reminder: confirm vrwg caucus")):
        one.letters = sent
        letter = directory_letters.confirm(one, [caucus], "123-456", one.made_at, "en")
        assert letter.subject == subject
        assert ("We wrote before" in letter.text) is bool(sent)


def test_a_letter_says_nothing_that_a_stranger_typed():
    spam = Colleague("Buy pills at evil.test", "achieng@mhi.example", "Win a prize")
    applied(
        make.caucus(), people=(spam,), ngo_name="Casino evil.test", website="https://evil.test", vouchers="evil.test"
    )
    (letter,) = letters("achieng@mhi.example")
    assert "evil" not in letter
    assert "pills" not in letter
    assert "prize" not in letter
    assert [row.name for row in make.rows(Delivery)] == [""]


def test_the_first_letter_says_who_we_are_and_where_to_read_what_we_keep():
    applied(make.caucus(), people=(ACHIENG,))
    (letter,) = letters("achieng@mhi.example")
    assert settings.current().controller in letter
    assert "/en/your-data" in letter
