import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts import addressing, addressing_back, passwords, queries, signing_in
from caucusmail.accounts.models import SignIn
from caucusmail.database import transaction
from caucusmail.delivery import filling
from caucusmail.delivery.models import Delivery, OutgoingText
from caucusmail.tokens import BadToken
from tests import letters, make
from tests.accounts.test_addressing import NEW, OLD, given, subjects
from tests.groups.leaving import copy


@pytest.fixture
def ada():
    return make.person("Ada", OLD)


def way_back(address=OLD):
    """The change that the newest notice at ``address`` takes back."""
    return addressing_back.read(letters.link(letters.to(address)[-1], "/address/back/").rpartition("/")[2])


def test_the_old_address_is_put_back_and_the_stranger_is_out(ada):
    with transaction():
        signing_in.begin(ada)
    given(ada)
    with transaction():
        passwords.replace(ada, "four words in a row", keep=make.rows(SignIn)[0].id)
    row, calendar, version = copy(ada, make.group(make.caucus("water"))), ada.calendar_version, ada.settings_version
    with transaction():
        assert addressing_back.take_back(way_back())
    assert (addressing.all_of(ada), queries.reached_at(NEW), row.address) == ([OLD], [], OLD)
    assert queries.live_sign_ins(ada) == []
    assert queries.passwords([ada]) == []
    assert (ada.calendar_version, ada.settings_version) == (calendar + 1, version + 1)
    assert subjects(OLD)[-1] == subjects(NEW)[-1] == "A change of your address was taken back"


def as_sent(address: str) -> EmailMessage:
    """The newest letter to ``address``, in the bytes that leave."""
    row = [one for one in make.rows(Delivery) if one.address == address][-1]
    (text,) = [
        one for one in make.rows(OutgoingText) if (one.message_id, one.language) == (row.message_id, row.language)
    ]
    return message_from_bytes(filling.Version(text.words, text.raw).letter(row, row.due_at), policy=policy.default)


def test_who_gets_discreet_letters_comes_to_the_way_back_too(client, ada):
    with transaction():
        ada.discreet = True
    given(ada)
    notice = as_sent(OLD)
    assert notice["Subject"] == "A message for you"
    page = client.get(letters.link(notice, "/read/"))
    assert page.status_code == 200
    back = re.search(r'href="https?://[^/"]+(/[^"]*/address/back/[^"]+)"', page.text)
    assert client.post(back[1]).status_code == 200
    assert addressing.all_of(ada) == [OLD]


def test_a_password_that_was_there_before_stays(ada):
    with time_machine.travel(clock.now() - timedelta(hours=1)), transaction():
        passwords.replace(ada, "four words in a row")
    given(ada)
    with transaction():
        addressing_back.take_back(way_back())
    assert len(queries.passwords([ada])) == 1


def test_a_second_time_changes_nothing(ada):
    given(ada)
    change = way_back()
    with transaction():
        assert addressing_back.take_back(change)
    told = len(subjects(OLD))
    with transaction():
        assert not addressing_back.take_back(change)
    assert len(subjects(OLD)) == told


def test_it_takes_back_whatever_was_changed_since_and_the_later_ways_back_lead_nowhere(ada):
    given(ada)
    first = way_back()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        later = given(ada, "third@x.example")
        with transaction():
            waiting = addressing.ask(ada, "fourth@x.example", instead=True)
        with transaction():
            assert addressing_back.take_back(first)
        assert addressing.all_of(ada) == [OLD]
        with transaction():
            assert not addressing_back.take_back(later)
        with pytest.raises(BadToken), transaction():
            addressing.confirm(waiting)


def test_a_further_address_that_was_removed_is_hers_again(ada):
    with time_machine.travel(clock.now() - timedelta(days=20)):
        given(ada, instead=False)
    (further,) = queries.further_addresses(ada)
    with transaction():
        addressing.remove(ada, further.id)
    with transaction():
        addressing_back.take_back(way_back(NEW))
    assert addressing.all_of(ada) == [OLD, NEW]
    assert queries.further_addresses(ada) == [further]  # the same row: what points at it holds


def test_on_her_own_page_the_devices_stay(ada):
    with transaction():
        signing_in.begin(ada)
    change = given(ada)
    with transaction():
        assert addressing_back.take_back(change, by=ada)
    assert len(queries.live_sign_ins(ada)) == 1


def test_after_a_fortnight_there_is_no_way_back(ada):
    change = given(ada)
    token = letters.link(letters.to(OLD)[-1], "/address/back/").rpartition("/")[2]
    with time_machine.travel(clock.now() + timedelta(days=14, minutes=1)):
        with pytest.raises(BadToken):
            addressing_back.read(token)
        assert addressing_back.open_for(ada, change.id) is None


def test_nobody_takes_anothers_change_back_on_their_page(ada):
    change = given(ada)
    assert addressing_back.open_for(make.person(), change.id) is None
    assert addressing_back.open_for(ada, 987_654) is None
    assert addressing_back.open_for(ada, change.id) is change
