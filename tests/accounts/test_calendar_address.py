import pytest

from caucusmail import languages
from caucusmail.accounts import calendar_address
from caucusmail.accounts.calendar_address import Ended
from caucusmail.database import transaction
from caucusmail.tokens import BadToken
from tests import make


def token(person) -> str:
    return calendar_address.address(person).rpartition("/")[2].removesuffix(".ics")


def test_the_address_stays_the_same_and_opens_its_owners_feed_alone(stopped_clock):
    ada, ben = make.person("Ada"), make.person("Ben")
    assert calendar_address.owner(token(ada)) is ada
    assert token(ada) == token(ada) != token(ben)
    with languages.use("fr"):
        assert "/fr/calendar/" in calendar_address.address(ada)


def test_a_new_address_closes_the_old_one_and_nobody_elses():
    ada, ben = make.person("Ada"), make.person("Ben")
    old, other = token(ada), token(ben)
    with transaction():
        calendar_address.renew(ada, by=ada)
    with pytest.raises(BadToken):
        calendar_address.owner(old)
    assert calendar_address.owner(token(ada)) is ada
    assert calendar_address.owner(other) is ben


def test_links_of_letters_and_the_address_are_closed_each_by_itself():
    ada = make.person("Ada")
    kept = token(ada)
    with transaction():
        ada.settings_version += 1
    assert calendar_address.owner(kept) is ada


@pytest.mark.parametrize("forged", ["", "x", "A" * 44])
def test_a_forged_address_is_nobodys(forged):
    with pytest.raises(BadToken):
        calendar_address.owner(forged)


def test_one_that_was_ended_says_so_and_works_again_when_it_is_given_back():
    ada = make.person("Ada")
    old = token(ada)
    with transaction():
        was, ended = calendar_address.end(ada, 7)
    between = token(ada)
    with pytest.raises(Ended):
        calendar_address.owner(old)
    assert calendar_address.owner(between) is ada
    with transaction():
        calendar_address.give_back(ada, was, ended)
    assert calendar_address.owner(old) is ada
    with pytest.raises(BadToken):
        calendar_address.owner(between)
    with transaction():
        calendar_address.renew(ada, by=ada)
    for one in (old, between):
        with pytest.raises(BadToken):
            calendar_address.owner(one)


def test_one_that_was_made_since_is_kept_when_it_is_given_back():
    ada = make.person("Ada")
    with transaction():
        was, ended = calendar_address.end(ada, 7)
        calendar_address.renew(ada, by=ada)
    new = token(ada)
    with transaction():
        calendar_address.give_back(ada, was, ended)
    assert calendar_address.owner(new) is ada
