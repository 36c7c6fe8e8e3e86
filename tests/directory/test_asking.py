from dataclasses import replace

from caucusmail.database import transaction
from caucusmail.delivery import suppression
from caucusmail.delivery.models import Delivery
from caucusmail.directory import asking, confirmation
from caucusmail.directory.applications import (
    Application,
    ApplicationKind,
)
from caucusmail.directory.models import Caucus
from caucusmail.directory.typed import Colleague
from caucusmail.throttle import limits
from tests import make
from tests.directory.joiners import ACHIENG, PETER, applicants, applied, confirmed, days_later, letters

__all__ = ["days_later"]


def test_an_address_gets_one_letter_a_day_over_all_applications():
    for number in range(5):
        applied(make.caucus(), people=(ACHIENG,), network=f"198.51.{number}.0/24")
    assert len(letters("achieng@mhi.example")) == 1
    assert len(make.rows(Application)) == 5


def test_subaddresses_of_one_mailbox_share_its_one_letter_a_day():
    for number, part in enumerate(("", "+1", "+2")):
        applied(make.caucus(), people=(Colleague("A", f"par3{part}@mhi.example"),), network=f"198.51.{number}.0/24")
    assert len(make.rows(Delivery)) == 1


def test_a_member_of_all_of_it_is_told_so_instead():
    vrwg = make.caucus("vrwg")
    make.member(vrwg, make.person("Achieng Odera", "Achieng@mhi.example", languages=["fr"]))
    applied(vrwg, people=(ACHIENG,), kind=ApplicationKind.INDIVIDUAL)
    (letter,) = letters("achieng@mhi.example")
    assert "/fr/my/" in letter
    assert "/join/confirm/" not in letter
    assert [row.address for row in make.rows(Delivery)] == ["Achieng@mhi.example"]  # as its owner spells it


def test_who_types_an_address_that_reads_alike_gets_no_letter_about_the_other():
    vrwg = make.caucus("vrwg")
    make.member(vrwg, make.person("Anna Groß", "gross@mhi.example", languages=["fr"]))
    applied(vrwg, people=(replace(ACHIENG, address="groß@mhi.example"),), kind=ApplicationKind.INDIVIDUAL)
    (letter,) = letters("groß@mhi.example")
    assert "/join/confirm/" in letter


def test_a_member_of_some_of_it_is_asked_to_confirm():
    vrwg, uj = make.caucus("vrwg"), make.caucus("uj")
    make.member(vrwg, make.person("Achieng Odera", "achieng@mhi.example"))
    applied(vrwg, uj, people=(ACHIENG,))
    assert "/join/confirm/" in letters("achieng@mhi.example")[0]


def test_an_address_gets_four_letters_a_week_however_often_it_is_typed(days_later):
    vrwg = make.caucus()
    for day in range(7):
        with days_later(day * 1.01):
            with transaction():
                limits.forget()
            applied(vrwg, people=(ACHIENG,))
    assert len(letters(ACHIENG.address)) == 4


def test_after_this_was_not_me_no_sign_up_letter_goes_there_for_thirty_days(days_later):
    achieng, _peter = applicants(applied(make.caucus()))
    with transaction():
        confirmation.refuse(achieng)
    for days in (0, 2, 29):
        with days_later(days):
            applied(make.caucus(), people=(ACHIENG, replace(PETER, address="achieng+x@mhi.example")))
    assert letters("achieng@mhi.example") == letters("achieng+x@mhi.example") == []
    with days_later(31):
        applied(make.caucus(), people=(ACHIENG,))
    assert len(letters("achieng@mhi.example")) == 1


def test_who_has_confirmed_is_not_forgotten_and_who_has_not_is():
    vrwg = make.caucus()
    achieng, peter = applicants(applied(vrwg))
    confirmed(achieng, vrwg)
    with transaction():
        assert (asking.forget(achieng), asking.forget(peter)) == (False, True)
    assert [(one.name, one.address) for one in (achieng, peter)] == [(ACHIENG.name, ACHIENG.address), ("", "")]
    assert letters(PETER.address) == []


def test_the_link_to_ones_own_page_opens_nobody_elses_and_ends_when_it_is_revoked():
    anna, ben = make.person(), make.person()
    token = asking.manage_token(anna)
    assert asking.manages(token, anna)
    assert not asking.manages(token, ben)
    assert not asking.manages(token[:-1], anna)
    with transaction():
        anna.settings_version += 1
    assert not asking.manages(token, anna)


def test_the_fingerprint_of_a_code_is_of_one_applicant():
    one, other = applicants(applied(make.caucus()))
    assert asking.code_fingerprint(one, "123-456") != asking.code_fingerprint(other, "123-456")


def test_who_was_erased_is_asked_again_by_nobody_else_and_comes_back_by_themselves():
    with transaction():
        suppression.remember(ACHIENG.address)
        suppression.remember(PETER.address)
    first, second = applicants(applied(make.caucus("vrwg"), people=(ACHIENG, PETER)))
    assert len(letters(ACHIENG.address)) == 1
    assert letters(PETER.address) == []
    assert second.letters == 0
    confirmed(first, *make.rows(Caucus))
    assert not suppression.left_alone(ACHIENG.address)
    assert suppression.left_alone(PETER.address)
