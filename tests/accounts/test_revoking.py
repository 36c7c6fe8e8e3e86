from datetime import timedelta

import pytest

from caucusmail import clock, tokens
from caucusmail.accounts import revoking
from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.tokens import BadToken, Purpose
from tests import make
from tests.groups.leaving import copy


@pytest.fixture
def member():
    return make.member(make.caucus("water"))


def test_old_links_open_nothing_any_more_and_a_new_one_does(client, member):
    old = tokens.sign(Purpose.SETTINGS, member.id, member.settings_version)
    assert client.get(f"/my/{old}").status_code == 200
    with transaction():
        revoking.revoke_links(member, by=member)
    assert client.get(f"/my/{old}").status_code == 404
    assert client.post(f"/my/{old}/leave/water").status_code == 404
    new = tokens.sign(Purpose.SETTINGS, member.id, member.settings_version)
    assert client.get(f"/my/{new}").status_code == 200


def test_letters_that_have_yet_to_leave_hold_the_new_link_and_those_that_left_are_left_alone(member):
    group = make.group(make.caucus("peace"))
    waiting, sent, others = copy(member, group), copy(member, group), copy(make.person(), group)
    with transaction():
        for one in (waiting, sent, others):
            one.settings_version = 1
        sent.state = DeliveryState.WITHDRAWN
        sent.settled_at = sent.due_at
    with transaction():
        revoking.revoke_links(member, by=member)
    assert [one.settings_version for one in make.rows(Delivery)] == [2, 1, 1]


def test_a_link_from_before_all_were_ended_is_refused_and_one_from_after_is_good():
    anna, now = make.person(), clock.now()
    before, after = (tokens.sign_at(Purpose.UNDO, 1, made=now + timedelta(seconds=by)) for by in (-1, 1))
    revoking.refuse_old(anna, before)
    with transaction():
        anna.links_since = now
    with pytest.raises(BadToken):
        revoking.refuse_old(anna, before)
    revoking.refuse_old(anna, after)
    revoking.refuse_old(None, before)
