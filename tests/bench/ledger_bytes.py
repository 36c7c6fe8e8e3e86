"""How many bytes a row of the ledger takes, its indexes included: owed, sent, and packed (VACUUM) after that."""

import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import text

from caucusmail.database import db
from caucusmail.delivery.models import Delivery
from tests.bench import engine
from tests.bench.crew import crew
from tests.bench.figures import Asked, Tell
from tests.bench.world import world
from tests.faults.stores import LeftOut

TABLE = Delivery.__tablename__
POSTGRESQL = text("SELECT pg_table_size(:name), pg_indexes_size(:name)").bindparams(name=TABLE)
SQLITE = """
SELECT coalesce(sum(CASE WHEN dbstat.name = tbl_name THEN pgsize END), 0),
       coalesce(sum(CASE WHEN dbstat.name != tbl_name THEN pgsize END), 0)
FROM dbstat JOIN sqlite_master ON sqlite_master.name = dbstat.name WHERE tbl_name = ?
"""


def sizes() -> tuple[int, int]:
    """Bytes of the ledger's table, and of its indexes.

    :raises LeftOut: SQLite was built without its dbstat table.
    """
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            table, indexes = connection.execute(POSTGRESQL).one()
        return int(table), int(indexes)
    with closing(sqlite3.connect(str(db.engine.url.database))) as file:
        try:
            table, indexes = file.execute(SQLITE, (TABLE,)).fetchone()
        except sqlite3.OperationalError as problem:
            raise LeftOut(f"SQLite cannot say how large a table is: {problem}") from None
    return int(table), int(indexes)


def pack() -> None:
    """Give back what deleted and older rows have left."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM FULL {TABLE}"))
        return
    with closing(sqlite3.connect(str(db.engine.url.database))) as file:
        file.execute("VACUUM")


def run(database: str, count: int) -> dict[str, Any]:
    """One announcement to ``count`` people, by one worker."""
    found = {}
    with world(database) as place:
        few, many = place.room("few", 1), place.room("many", count)

        def a_row() -> dict[str, int]:
            table, indexes = (now - then for now, then in zip(sizes(), empty, strict=True))
            return {"table": round(table / count), "indexes": round(indexes / count)}

        with crew([place.configuration]) as workers:
            engine.sent(place, workers, few, 1)
            empty = sizes()
            made = place.held(many)
            found["owed"] = a_row()
            engine.leaves(place, workers, made, count)
        found["sent"] = a_row()
        pack()
        found["packed"] = a_row()
    return {name: one | {"in_all": sum(one.values())} for name, one in found.items()}


def measure(tell: Tell, asked: Asked) -> None:
    """A line for each database."""
    count = asked.number(10_000)
    for database in ("sqlite", "postgresql"):
        try:
            tell("ledger_bytes", database=database, n=count, unit="bytes a row", **run(database, count))
        except LeftOut as why:
            tell("ledger_bytes", database=database, left_out=str(why))
