"""The link by which what was just done is taken back."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, tokens
from caucusmail.database import db, transaction
from caucusmail.privacy import erasing, protecting, taking_back
from caucusmail.privacy.protection_models import How
from caucusmail.tokens import BadToken, Purpose
from tests import make
from tests.privacy.askers import Asked


def protected(person, by, how=How.SELF):
    with transaction():
        return protecting.protect(person, by=by, how=how)


def test_it_works_for_an_hour_and_once():
    rosa = make.person("Rosa")
    made = protected(rosa, rosa)
    link = taking_back.token(made)
    assert taking_back.read(link) is made
    with time_machine.travel(made.undo_until + timedelta(seconds=1)), pytest.raises(BadToken):
        taking_back.read(link)
    with pytest.raises(BadToken), transaction():
        taking_back.undo(made, by=make.person())
    with transaction():
        taking_back.undo(made, by=rosa)
    assert db.session.get(make.Person, rosa.id).name == "Rosa"
    with pytest.raises(BadToken):
        taking_back.read(link)


def test_a_link_of_another_purpose_or_number_opens_nothing():
    rosa = make.person("Rosa")
    made = protected(rosa, rosa)
    for link in (tokens.sign(Purpose.UNDO, made.id), tokens.sign(Purpose.PROTECTION, made.id + 1), "x"):
        with pytest.raises(BadToken):
            taking_back.read(link)


def test_whose_it_is():
    two = Asked()
    rosa = make.person("Rosa")
    assert taking_back.own(protected(rosa, rosa))
    assert not taking_back.own(protected(two.rosa, two.omar, How.TWO))


def test_once_who_began_it_is_erased_nobody_takes_it_back_by_the_link():
    two = Asked()
    made = protected(two.rosa, two.omar, How.TWO)
    with transaction():
        erasing.erase(two.omar, remember=False, by=None)
    db.session.expire_all()
    with pytest.raises(BadToken), transaction():
        taking_back.undo(made, by=two.ilse)
    assert clock.now() < made.undo_until
