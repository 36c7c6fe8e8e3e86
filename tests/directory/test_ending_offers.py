from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import ending_offers, hand_overs
from caucusmail.directory.ending_offers import NoLonger
from caucusmail.directory.hand_over_models import OfferState
from caucusmail.tokens import BadToken
from tests import letters
from tests.groups.handed import AMINA, office


@pytest.fixture
def haki():
    return office()


def link():
    return letters.link(letters.to(AMINA)[-1], "/hand-over/").rpartition("/")[2]


def test_who_declines_is_forgotten_and_who_asked_is_told(haki):
    offered = haki.offered()
    with transaction():
        ending_offers.decline(offered)
    assert (offered.state, offered.name, offered.address) == (OfferState.DECLINED, "", "")
    assert [one["Subject"] for one in letters.to(haki.rosa.address)] == ["Amina does not take over the seats"]
    assert letters.to(AMINA) == []
    with pytest.raises(NoLonger), transaction():
        ending_offers.decline(offered)
    with pytest.raises(NoLonger), transaction():
        ending_offers.withdraw(offered, by=haki.rosa)


def test_the_link_of_a_withdrawn_offer_opens_nothing(haki):
    offered = haki.offered()
    token = link()
    with transaction():
        ending_offers.withdraw(offered, by=haki.rosa)
    with pytest.raises(BadToken):
        hand_overs.read(token)
    assert (offered.name, hand_overs.waiting([haki.holder])) == ("", [])


def test_an_offer_that_nobody_answers_lapses_after_a_fortnight(haki):
    offered = haki.offered()
    token = link()
    with time_machine.travel(clock.now() + timedelta(days=14, minutes=1)):
        with pytest.raises(BadToken):
            hand_overs.read(token)
        with transaction():
            assert ending_offers.lapse_due() == 1
        with transaction():
            assert ending_offers.lapse_due() == 0
    assert (offered.state, offered.address) == (OfferState.LAPSED, "")


def test_who_looks_after_the_organisation_is_told_if_who_asked_is_gone(haki):
    offered = haki.offered()
    assert ending_offers.askers(offered) == [haki.rosa]
    with transaction():
        offered.asked_by_id = None
    assert ending_offers.askers(offered) == [haki.ben.person]
    with transaction():
        haki.ben.admin = False
    assert ending_offers.askers(offered) == [haki.rosa]
