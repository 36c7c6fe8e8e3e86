import pytest
from sqlalchemy import literal, select
from sqlalchemy.dialects import postgresql, sqlite

from caucusmail.accounts.models import Person
from caucusmail.accounts.reading import first_of, position, reads
from caucusmail.database import db
from tests import make


@pytest.mark.parametrize(
    ("text", "part", "place"),
    [("abcabc", "b", 2), ("abc", "abc", 1), ("abc", "d", 0), ("é😀b", "b", 3), ("50%", "%", 3)],
)
def test_a_place_is_counted_in_characters_from_one_and_nowhere_is_zero(text, part, place):
    assert db.session.scalar(select(position(literal(text), literal(part)))) == place


@pytest.mark.parametrize(("dialect", "name"), [(sqlite, "instr"), (postgresql, "strpos")])
def test_each_database_is_asked_in_its_own_words(dialect, name):
    assert str(position(literal("a"), literal("b")).compile(dialect=dialect.dialect())).startswith(f"{name}(")


@pytest.mark.parametrize(
    ("chain", "first"), [(["fr", "en"], "fr"), (["en", "fr"], "en"), (["sw", "fr"], "fr"), (["sw"], "en")]
)
def test_a_person_reads_the_first_of_their_own_languages_that_is_offered(chain, first):
    make.person(languages=chain)
    assert db.session.scalar(select(first_of(["en", "fr"], "en")).select_from(Person)) == first
    assert db.session.scalar(select(reads("sw") > 0).select_from(Person)) == ("sw" in chain)
