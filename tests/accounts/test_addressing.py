from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, tokens
from caucusmail.accounts import addressing, queries, signing_in
from caucusmail.accounts.addressing import AlreadyYours, NotYours, TooManyAddresses
from caucusmail.accounts.models import AddressChange, AskedAddress, SecondAddress, SignIn
from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery
from caucusmail.errors import TooMany
from caucusmail.mail.addresses import BadAddress
from caucusmail.tokens import BadToken, Purpose
from tests import letters, make
from tests.groups.leaving import copy

OLD, NEW = "ada@old.example", "ada@new.example"


@pytest.fixture
def ada():
    return make.person("Ada", OLD)


def subjects(address):
    return [one["Subject"] for one in letters.to(address)]


def given(person, address=NEW, *, instead=True):
    """She gives an address, and its link is used."""
    with transaction():
        asked = addressing.ask(person, address, instead=instead)
    with transaction():
        return addressing.confirm(asked)


def test_nothing_changes_before_the_link_in_the_letter_to_the_new_address_is_used(ada):
    with transaction():
        addressing.ask(ada, NEW, instead=True)
    assert (ada.address, subjects(NEW), subjects(OLD)) == (OLD, ["Is this your address?"], [])
    token = letters.link(letters.to(NEW)[0], "/address/").rpartition("/")[2]
    with transaction():
        addressing.confirm(addressing.read(token))
    assert (ada.address, ada.address_key) == (NEW, NEW)


def test_the_letter_to_the_new_address_names_nobody_and_no_address(ada):
    with transaction():
        addressing.ask(ada, NEW, instead=True)
    told = letters.to(NEW)[0].as_string()
    assert ("Ada" in told, OLD in told) == (False, False)


def test_a_link_works_once_and_for_two_days(ada):
    with transaction():
        asked = addressing.ask(ada, NEW, instead=True)
    token = tokens.sign(Purpose.ADDRESS, asked.id)
    with time_machine.travel(clock.now() + timedelta(days=2, minutes=1)), pytest.raises(BadToken):
        addressing.read(token)
    with transaction():
        addressing.confirm(addressing.read(token))
    with pytest.raises(BadToken):
        addressing.read(token)
    with pytest.raises(BadToken), transaction():
        addressing.confirm(asked)
    assert len(make.rows(AddressChange)) == 1


def test_a_link_that_was_withdrawn_opens_nothing(ada):
    with transaction():
        asked = addressing.ask(ada, NEW, instead=True)
        addressing.withdraw(asked, by=ada)
    with pytest.raises(BadToken):
        addressing.read(tokens.sign(Purpose.ADDRESS, asked.id))
    assert queries.asked_addresses(ada, asked.asked_at - timedelta(1)) == []


def test_the_old_address_is_told_with_a_way_back_and_the_new_one_without(ada):
    given(ada)
    assert subjects(OLD) == ["Your address was changed"]
    assert "/address/back/" in letters.text(letters.to(OLD)[0])
    assert NEW not in letters.text(letters.to(OLD)[0])  # whoever reads it now need not know where she is
    assert "/address/back/" not in letters.text(letters.to(NEW)[-1])
    assert [one.settings_version for one in make.rows(Delivery) if one.person_id] == [None, None]


def test_every_further_address_is_told_too(ada):
    given(ada, "ada@home.example", instead=False)
    given(ada)
    assert subjects("ada@home.example")[-1] == "Your address was changed"


def test_a_change_moves_what_is_owed_ends_old_links_and_keeps_the_devices(ada):
    row, version = copy(ada, make.group(make.caucus("water"))), ada.settings_version
    with transaction():
        signing_in.begin(ada)
    given(ada)
    assert (row.address, row.settings_version, ada.settings_version) == (NEW, version + 1, version + 1)
    assert [one.ended_at for one in make.rows(SignIn)] == [None]


def test_one_signs_in_with_the_new_address_and_no_more_with_the_old_one(ada):
    given(ada)
    assert (queries.reached_at(OLD), queries.reached_at(NEW)) == ([], [ada])


def test_two_may_share_a_mailbox(ada):
    ben = make.person("Ben", "office@x.example")
    given(ada, "office@x.example")
    assert queries.reached_at("office@x.example") == [ada, ben]


def test_a_further_address_signs_in_and_gets_no_letters_of_caucuses(ada):
    row = copy(ada, make.group(make.caucus("water")))
    given(ada, instead=False)
    assert (ada.address, queries.reached_at(NEW), row.address) == (OLD, [ada], OLD)
    assert subjects(OLD) == ["An address was added to your account"]


def test_another_address_becomes_the_main_one_and_the_other_way_round(ada):
    given(ada, instead=False)
    (further,) = queries.further_addresses(ada)
    with transaction():
        addressing.make_main(ada, further.id)
    assert addressing.all_of(ada) == [NEW, OLD]
    assert {one.address for one in queries.further_addresses(ada)} == {OLD}


def test_a_further_address_that_is_given_as_the_main_one_is_not_kept_twice(ada):
    given(ada, instead=False)
    given(ada, instead=True)
    assert addressing.all_of(ada) == [NEW]


def test_who_was_removed_signs_in_no_more_and_is_told(ada):
    given(ada, instead=False)
    (further,) = queries.further_addresses(ada)
    with transaction():
        addressing.remove(ada, further.id)
    assert (addressing.all_of(ada), queries.reached_at(NEW)) == ([OLD], [])
    assert subjects(NEW)[-1] == "An address was removed from your account"
    with pytest.raises(NotYours), transaction():
        addressing.remove(ada, further.id)


def test_an_address_younger_than_the_way_back_takes_nothing_back_that_is_done_against_it(ada):
    given(ada, instead=False)
    (further,) = queries.further_addresses(ada)
    with transaction():
        addressing.remove(ada, further.id)
    assert "/address/back/" not in letters.text(letters.to(NEW)[-1])
    assert "/address/back/" in letters.text(letters.to(OLD)[-1])


def test_an_address_that_has_long_been_hers_takes_its_removal_back(ada):
    with time_machine.travel(clock.now() - timedelta(days=15)):
        given(ada, instead=False)
    (further,) = queries.further_addresses(ada)
    with transaction():
        addressing.remove(ada, further.id)
    assert "/address/back/" in letters.text(letters.to(NEW)[-1])


@pytest.mark.parametrize("typed", ["", "ada", "ada@", "@x.example", "a b@x.example", "ada@x.example\nBcc: b@x.example"])
def test_what_is_no_address_is_refused(ada, typed):
    with pytest.raises(BadAddress), transaction():
        addressing.ask(ada, typed, instead=True)


def test_what_she_has_is_refused_kindly(ada):
    with pytest.raises(AlreadyYours, match="go to this address already"), transaction():
        addressing.ask(ada, "ADA@OLD.example", instead=True)
    given(ada, instead=False)
    with pytest.raises(AlreadyYours, match="one of your addresses already"), transaction():
        addressing.ask(ada, NEW, instead=False)


def test_a_sixth_further_address_is_refused_also_by_a_link_that_was_sent_before(ada):
    with transaction():
        late = addressing.ask(ada, "late@x.example", instead=False)
    for number in range(addressing.MOST):
        given(ada, f"ada{number}@x.example", instead=False)
    with pytest.raises(TooManyAddresses), transaction():
        addressing.ask(ada, NEW, instead=False)
    with pytest.raises(TooManyAddresses), transaction():
        addressing.confirm(late)


def test_a_mailbox_is_written_to_three_times_a_day_and_the_fourth_is_answered_alike(ada):
    for person in (ada, make.person(), make.person(), make.person()):
        with transaction():
            asked = addressing.ask(person, NEW, instead=True)
        assert asked.id
    assert len(subjects(NEW)) == 3


def test_one_person_asks_for_ten_letters_a_day(ada):
    for number in range(10):
        with transaction():
            addressing.ask(ada, f"a{number}@x.example", instead=True)
    with pytest.raises(TooMany), transaction():
        addressing.ask(ada, NEW, instead=True)


def test_what_cannot_be_used_any_more_is_forgotten_and_what_can_is_kept(ada):
    given(ada, instead=False)
    (further,) = queries.further_addresses(ada)
    with transaction():
        addressing.remove(ada, further.id)
    with transaction():
        addressing.forget()
    assert [len(make.rows(table)) for table in (AskedAddress, AddressChange, SecondAddress)] == [1, 2, 1]
    assert next(one["Subject"] for one in letters.to(NEW)) == "Is this your address?"
    with time_machine.travel(clock.now() + timedelta(days=15)), transaction():
        addressing.forget()
    assert "Is this your address?" not in subjects(NEW)  # nor to whom we wrote
    assert [len(make.rows(table)) for table in (AskedAddress, AddressChange, SecondAddress)] == [0, 0, 0]
