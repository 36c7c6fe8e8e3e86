"""Values are taken out under seals, and put back where nothing has changed."""

import pytest

from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.delivery.models import OutgoingMessage, OutgoingText
from caucusmail.directory.models import Affiliation, Shown
from caucusmail.privacy import sealed
from caucusmail.privacy.protection_models import SealedValue
from tests import make
from tests.privacy.test_protection_models import protection


def replaced(made, column, rows) -> int:
    with transaction():
        done = sealed.replace(made, column, rows)
        db.session.expire_all()
    return done


def put_back(made) -> tuple[int, int]:
    with transaction():
        done = sealed.put_back(made)
        db.session.expire_all()
    return done


def test_rows_with_the_same_value_share_one_seal_and_what_is_not_replaced_has_none():
    people = [make.person("Ana") for _ in range(3)] + [make.person("Ben")]
    made = protection(people[0])
    column = Person.__table__.c.name
    assert replaced(made, column, [(one.id, one.name, "Vega" if one.name == "Ana" else "Ben") for one in people]) == 3
    (kept,) = make.rows(SealedValue)
    assert (kept.row_keys, [one.name for one in people]) == ([one.id for one in people[:3]], ["Vega"] * 3 + ["Ben"])
    assert "Ana" not in kept.sealed
    assert sealed.original(made, column, people[0].id) == "Ana"
    assert sealed.original(made, column, people[3].id) is None
    assert put_back(made) == (3, 0)
    assert [one.name for one in people] == ["Ana"] * 3 + ["Ben"]


def test_a_value_that_was_changed_meanwhile_stays():
    ana, other = make.person("Ana"), make.person("Ana")
    made = protection(ana)
    replaced(made, Person.__table__.c.name, [(one.id, "Ana", "Vega") for one in (ana, other)])
    with transaction():
        other.name = "Anna"
    assert put_back(made) == (1, 1)
    assert (ana.name, other.name) == ("Ana", "Anna")


@pytest.mark.parametrize("value", [b"\x00raw\xff", b""])
def test_octets_come_back_as_they_were(value):
    message = make.keep(OutgoingMessage(lane="bulk", kind="x", sender="x", made_at=make.clock.now()))
    text = make.keep(OutgoingText(message_id=message.id, language="en", raw=value, words={"why": ["é"]}))
    made = protection(make.person())
    replaced(made, OutgoingText.__table__.c.raw, [(text.id, value, b"other")])
    replaced(made, OutgoingText.__table__.c.words, [(text.id, {"why": ["é"]}, {})])
    assert (text.raw, text.words) == (b"other", {})
    assert put_back(made) == (2, 0)
    assert (text.raw, text.words) == (value, {"why": ["é"]})


def test_what_members_may_see_comes_back_as_it_was():
    her = make.person()
    make.member(make.caucus(), her, shown=Shown.REGION)
    (place,) = make.rows(Affiliation)
    made = protection(her)
    replaced(made, Affiliation.__table__.c.shown, [(place.id, Shown.REGION, Shown.NOTHING)])
    assert place.shown is Shown.NOTHING
    put_back(made)
    assert place.shown is Shown.REGION


def test_of_what_was_replaced_twice_the_first_comes_back():
    her = make.person("Ana")
    made = protection(her)
    column = Person.__table__.c.name
    replaced(made, column, [(her.id, "Ana", "Vega")])
    replaced(made, column, [(her.id, "Vega", "Rigel")])
    assert sealed.original(made, column, her.id) == "Ana"
    assert put_back(made) == (2, 0)
    assert her.name == "Ana"


def test_a_seal_opens_for_its_own_place_alone():
    her = make.person("Ana")
    made = protection(her)
    replaced(made, Person.__table__.c.name, [(her.id, "Ana", "Vega")])
    (kept,) = make.rows(SealedValue)
    with transaction():
        kept.column_name = "address"
    with pytest.raises(sealed.seals.Unreadable):
        sealed.original(made, Person.__table__.c.address, her.id)
