from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.delivery import ledger, moving, outgoing
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage
from caucusmail.mail.rendering import Letter
from tests import make
from tests.groups.leaving import copy


@pytest.fixture
def ada():
    return make.person("Ada", "ada@old.example")


@pytest.fixture
def group():
    return make.group(make.caucus("water"))


def where():
    return [one.address for one in make.rows(Delivery)]


def test_what_is_still_owed_goes_to_the_new_address_and_says_so(ada, group):
    waiting, leased = copy(ada, group), copy(ada, group, lease_by="worker", lease_until=clock.now())
    with transaction():
        assert moving.move(ada.id, ["ada@old.example"], "Ada@New.example") == 2
    assert where() == ["Ada@new.example"] * 2
    assert [one.address_key for one in (waiting, leased)] == ["ada@new.example"] * 2
    assert waiting.moved_at is not None


def test_what_has_begun_or_ended_and_what_is_anothers_stays(ada, group):
    copy(ada, group, state=DeliveryState.IN_FLIGHT)
    copy(ada, group, state=DeliveryState.ACCEPTED, settled_at=clock.now())
    copy(make.person("Ben", "ada@old.example"), group)
    copy(ada, group, address="ada@home.example", address_key="ada@home.example")
    with transaction():
        assert moving.move(ada.id, ["ada@old.example"], "ada@new.example") == 0
    assert [one.moved_at for one in make.rows(Delivery)] == [None] * 4


def test_a_letter_about_the_account_stays_with_the_mailbox_it_was_written_to(ada, group):
    row = copy(ada, group)
    with transaction():
        make.rows(OutgoingMessage)[0].kind = "accounts/sign_in"
    with transaction():
        assert moving.move(ada.id, ["ada@old.example"], "ada@new.example") == 0
    assert row.address == "ada@old.example"


def test_the_relay_is_given_the_new_address(ada, sink):
    letter = Letter("groups/goodbye", "en", "Good-bye", "Good-bye", "<p>Good-bye</p>")
    with transaction():
        ledger.enqueue(letter, ledger.To(ada.address, "Ada", ada.id), due_at=clock.now() - timedelta(seconds=1))
    with transaction():
        moving.move(ada.id, ["ada@old.example"], "ada@new.example")
    assert outgoing.turn("test") == 1
    assert [one.recipients for one in sink.caught] == [["ada@new.example"]]
