"""How Alembic finds the models and the database; it refuses to run beside a second head.

Flask-Migrate loads this file inside the application context. All of one run is one transaction, on SQLite too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import context
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, Enum

from caucusmail.database import Instant, Model, WallTime

HERE = Path(__file__).parent


def one_head() -> str | None:
    """The name of the newest revision, as the chain and the file ``head`` both say it."""
    heads = ScriptDirectory.from_config(context.config).get_heads()
    if len(heads) > 1:
        raise SystemExit(f"migrations: two heads, {' and '.join(sorted(heads))}; put one after the other")
    named = (HERE / "head").read_text().strip()
    if heads and heads != [named]:
        raise SystemExit(f"migrations: the file head names {named}, the newest revision is {heads[0]}")
    return heads[0] if heads else None


def plain_types(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our column types as what they are in the database, so that old revisions do not depend on today's code."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, WallTime):
        return "sa.DateTime()"
    if isinstance(item, Enum):
        return f"sa.String({item.length})"  # stored by value, unchecked: a new member needs no migration
    return False


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All of it, or nothing.

    SQLite changes a column by making the table anew and dropping the old one, which would take all rows that refer to it
    along. So foreign keys are not enforced meanwhile, and looked at before the commit.

    :raises SystemExit: a row refers to one that is not there.
    """
    if connection.dialect.name != "sqlite":
        with context.begin_transaction():
            yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # before the transaction: inside one it does nothing
    try:
        with context.begin_transaction():
            yield
            astray = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
            if astray:
                raise SystemExit(f"migrations: rows refer to what is not there, in {', '.join(sorted(astray))}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Migrate the application's database."""
    for models in sorted((HERE.parent / "caucusmail").glob("*/models.py")):
        import_module(f"caucusmail.{models.parent.name}.models")
    one_head()
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_item=plain_types,
            transactional_ddl=True,
            **current_app.extensions["migrate"].configure_args,
        )
        with transaction(connection):
            context.run_migrations()


run()
