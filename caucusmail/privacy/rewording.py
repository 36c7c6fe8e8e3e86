"""Replace a name and addresses wherever anybody has written them: texts of announcements, minutes, notes, reasons, letters.

Everything that is replaced is sealed (``sealed``), so that lifting brings back each word. Nothing is replaced in documents that
were filed, nor in what stands in somebody else's own rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Table, Text, cast, or_, select

from caucusmail.database import Model, db
from caucusmail.privacy import reworded_letters, sealed
from caucusmail.privacy.columns import WORDS
from caucusmail.privacy.hiding import Hidden
from caucusmail.privacy.protection_models import Protection
from caucusmail.privacy.quoted import Quoted

WITHHELD = "..."
"""What stands where somebody wrote an address: a cover would tell that its owner is protected."""


def quoted(protection: Protection, hidden: Hidden) -> Quoted:
    """What is searched for."""
    return Quoted(hidden.name, hidden.addresses, protection.stands_for, lambda _address: WITHHELD)


def reword(protection: Protection, search: Quoted) -> dict[str, int]:
    """Replace all mentions; in how many rows of each table."""
    found = {name: _table(protection, search, Model.metadata.tables[name], names) for name, names in WORDS.items()}
    return found | reworded_letters.reword(protection, search)


def _table(protection: Protection, search: Quoted, table: Table, names: Sequence[str]) -> int:
    columns = [table.c[name] for name in names]
    like = [cast(one, Text).ilike(pattern, escape="|") for one in columns for pattern in search.patterns()]
    if not like:
        return 0
    (key,) = table.primary_key.columns
    rows = db.session.execute(select(key, *columns).where(or_(*like)).order_by(key)).all()
    if not rows:
        return 0
    return max(sealed.replace(protection, one, _changes(search, rows, place)) for place, one in enumerate(columns, 1))


def _changes(search: Quoted, rows: Sequence[Any], place: int) -> Iterator[tuple[Any, Any, Any]]:
    for row in rows:
        yield row[0], row[place], search.put_in(row[place])
