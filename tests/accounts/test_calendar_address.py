import pytest

from caucusmail import languages
from caucusmail.accounts import calendar_address
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
