import pytest
from sqlalchemy import literal, select
from sqlalchemy.dialects import postgresql, sqlite

from caucusmail.announcements.spelling import position
from caucusmail.database import db


@pytest.mark.parametrize(
    ("text", "part", "place"),
    [("abcabc", "b", 2), ("abc", "abc", 1), ("abc", "d", 0), ("é😀b", "b", 3), ("50%", "%", 3)],
)
def test_a_place_is_counted_in_characters_from_one_and_nowhere_is_zero(text, part, place):
    assert db.session.scalar(select(position(literal(text), literal(part)))) == place


@pytest.mark.parametrize(("dialect", "name"), [(sqlite, "instr"), (postgresql, "strpos")])
def test_each_database_is_asked_in_its_own_words(dialect, name):
    assert str(position(literal("a"), literal("b")).compile(dialect=dialect.dialect())).startswith(f"{name}(")
