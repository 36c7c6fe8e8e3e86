"""What has to be handed on first; nobody is kept for an organisation that has nobody else."""

import pytest

from caucusmail.privacy import hindrances
from tests import make


def test_nothing_stands_in_an_ordinary_members_way():
    hindrances.refuse(make.member(make.caucus()))


def test_who_alone_coordinates_is_told_whom_to_ask():
    caucus = make.caucus(names={"en": "Water"})
    alone = make.coordinator(caucus)
    with pytest.raises(hindrances.FirstHandOn, match="only coordinator of Water"):
        hindrances.refuse(alone)
    make.coordinator(caucus)
    hindrances.refuse(alone)


def test_who_alone_looks_after_others_is_told_so_and_who_is_alone_altogether_is_not():
    ngo, person = make.ngo(), make.person()
    make.representative(person, ngo, admin=True)
    hindrances.refuse(person)
    other = make.person()
    make.representative(other, ngo)
    with pytest.raises(hindrances.FirstHandOn, match="Make one of its other representatives administrator"):
        hindrances.refuse(person)
    hindrances.refuse(other)
    make.representative(make.person(), ngo, admin=True)
    hindrances.refuse(person)


def test_the_last_of_the_secretariat_asks_who_runs_the_site():
    alone = make.secretary()
    assert "staff add" in hindrances.of(alone)[0]
    make.secretary()
    assert hindrances.of(alone) == []
