"""Take values out of the tables, sealed, and put back exactly those which nobody has changed meanwhile.

Rows that held the same value share one seal, so that ten thousand rows of the ledger are a few statements.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import Column, bindparam, insert, select, update
from sqlalchemy import Enum as SqlEnum

from caucusmail import seals, tokens
from caucusmail.database import Model, db
from caucusmail.privacy.protection_models import Protection, SealedValue

USE = "caucusmail:protected-value"
AT_ONCE = 500  # rows in one statement


def key_of(column: Column[Any]) -> Column[Any]:
    """The primary key of the column's table, which is one column."""
    (key,) = column.table.primary_key.columns
    return key


def replace(protection: Protection, column: Column[Any], changes: Iterable[tuple[Any, Any, Any]]) -> int:
    """Seal and replace; ``changes`` are key of the row, what stands there, what is to stand there. How many rows."""
    groups: dict[tuple[str, str], list[Any]] = {}
    values: dict[str, Any] = {}
    for key, before, after in changes:
        old, new = _encoded(before), _encoded(after)
        if old != new:
            values[new] = after
            groups.setdefault((old, new), []).append(key)
    place = _place(protection.id, str(column.table.name), str(column.name))
    kept: list[dict[str, Any]] = []
    for (old, new), keys in groups.items():
        sealed, left = seals.seal(USE, place, old), _mark(new)
        kept += [_row(protection, column, list(some), sealed, left) for some in _some(keys, AT_ONCE)]
    _write(column, {new: [] for new in values}, groups, values)
    if kept:
        db.session.execute(insert(SealedValue), kept)
    return sum(map(len, groups.values()))


def _some(keys: Sequence[Any], number: int) -> Iterator[Sequence[Any]]:
    yield from (keys[start : start + number] for start in range(0, len(keys), number))


def _row(protection: Protection, column: Column[Any], keys: list[Any], sealed: str, left: str) -> dict[str, Any]:
    place = {"table_name": column.table.name, "column_name": column.name}
    return place | {"protection_id": protection.id, "row_keys": keys, "sealed": sealed, "left": left}


def _write(
    column: Column[Any],
    alike: dict[str, list[Any]],
    groups: dict[tuple[str, str], list[Any]],
    values: dict[str, Any],
) -> None:
    for (_old, new), keys in groups.items():
        alike[new] += keys
    for new, keys in alike.items():
        if len(keys) > 1:
            _set(column, keys, values[new])
    _set_each(column, [(keys[0], values[new]) for new, keys in alike.items() if len(keys) == 1])


def _set(column: Column[Any], keys: Sequence[Any], value: Any) -> None:
    """One value in many rows."""
    for some in _some(keys, AT_ONCE):
        change = update(column.table).where(key_of(column).in_(some)).values({column: value})
        db.session.execute(change)


def _set_each(column: Column[Any], rows: Sequence[tuple[Any, Any]]) -> None:
    """To each row its own."""
    if rows:
        change = (
            update(column.table).where(key_of(column) == bindparam("row_key")).values({column: bindparam("new_value")})
        )
        db.session.connection().execute(change, [{"row_key": key, "new_value": value} for key, value in rows])


def put(column: Column[Any], changes: Iterable[tuple[Any, Any]]) -> None:
    """Have another value stand in some rows, without a seal; ``changes`` are key of the row, what is to stand there."""
    groups: dict[tuple[str, str], list[Any]] = {}
    values: dict[str, Any] = {}
    for key, after in changes:
        values[_encoded(after)] = after
        groups.setdefault(("", _encoded(after)), []).append(key)
    _write(column, {new: [] for new in values}, groups, values)


def put_back(protection: Protection) -> tuple[int, int]:
    """Put every value back into the rows in which what was left there still stands, and forget the seals.

    How many rows have theirs again, and how many were changed meanwhile and stay as they are.
    """
    back = changed = 0
    for one in db.session.scalars(_of(protection).order_by(SealedValue.id.desc()).execution_options(yield_per=AT_ONCE)):
        column = Model.metadata.tables[one.table_name].c[one.column_name]
        mine = [key for key, value in _now(column, one.row_keys) if _mark(_encoded(value)) == one.left]
        if mine:
            _set(column, mine, _opened(protection.id, column, one.sealed))
        back, changed = back + len(mine), changed + len(one.row_keys) - len(mine)
    return back, changed


def original(protection: Protection, column: Column[Any], key: Any) -> Any:
    """What stood in this row, where it was taken out; None if it was not."""
    table, name = str(column.table.name), str(column.name)
    for one in db.session.scalars(
        _of(protection).where(SealedValue.table_name == table, SealedValue.column_name == name).order_by(SealedValue.id)
    ):
        if key in one.row_keys:
            return _opened(protection.id, column, one.sealed)
    return None


def originals(protection: Protection, column: Column[Any]) -> Iterator[Any]:
    """Everything that was taken out of this column."""
    there = (SealedValue.table_name == str(column.table.name), SealedValue.column_name == str(column.name))
    for one in db.session.scalars(_of(protection).where(*there).order_by(SealedValue.id)).all():
        yield _opened(protection.id, column, one.sealed)


def _of(protection: Protection) -> Any:
    return select(SealedValue).where(SealedValue.protection_id == protection.id)


def _now(column: Column[Any], keys: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    rows = select(key_of(column), column).where(key_of(column).in_(keys)).with_for_update()
    yield from ((key, value) for key, value in db.session.execute(rows).all())


def _opened(protection_id: int, column: Column[Any], sealed: str) -> Any:
    place = _place(protection_id, str(column.table.name), str(column.name))
    return _decoded(column, seals.unseal(USE, place, sealed))


def _place(protection_id: int, table: str, column: str) -> str:
    return f"{protection_id}:{table}.{column}"


def _mark(encoded: str) -> str:
    return tokens.fingerprint("protected-value", encoded)


def _encoded(value: Any) -> str:
    """A cell as words; equal values give equal words."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bytes):
        value = {"bytes": base64.b64encode(value).decode()}
    return json.dumps(value, ensure_ascii=False)


def _decoded(column: Column[Any], words: str) -> Any:
    value = json.loads(words)
    if isinstance(value, dict) and value.keys() == {"bytes"}:
        return base64.b64decode(value["bytes"])
    if isinstance(column.type, SqlEnum) and column.type.enum_class is not None and value is not None:
        return column.type.enum_class(value)
    return value
