"""Every column with words in it is one of a person's own, is searched, or holds no name: none is forgotten."""

from sqlalchemy import JSON, Enum, LargeBinary, String

from caucusmail.database import Model
from caucusmail.privacy.columns import CODES, LETTERS, NEVER, OWN, WORDS


def with_words(table) -> set[str]:
    kinds = (String, JSON, LargeBinary)
    return {one.name for one in table.columns if isinstance(one.type, kinds) and not isinstance(one.type, Enum)}


def listed(table: str) -> list[str]:
    own = dict.fromkeys(name for one in OWN if one.table == table for name in one.puts)
    return [*own, *WORDS.get(table, ()), *LETTERS.get(table, ()), *CODES.get(table, "").split()]


def test_every_column_with_words_stands_in_one_list():
    tables = {name: table for name, table in Model.metadata.tables.items() if name not in NEVER}
    assert [f"{name}.{one}" for name in tables for one in with_words(tables[name]) - set(listed(name))] == []
    assert [name for name in tables if len(listed(name)) != len(set(listed(name)))] == []


def test_no_list_names_what_is_not_there():
    for name in {one.table for one in OWN} | WORDS.keys() | LETTERS.keys() | CODES.keys():
        assert set(listed(name)) <= set(Model.metadata.tables[name].columns.keys())
        assert name not in NEVER
    assert NEVER.keys() <= Model.metadata.tables.keys()


def test_every_table_in_which_something_is_replaced_has_a_key_of_one_column():
    for name in {one.table for one in OWN} | WORDS.keys() | LETTERS.keys():
        assert len(Model.metadata.tables[name].primary_key.columns) == 1
