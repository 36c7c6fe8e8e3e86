"""The database: reached, migrated, and told to keep what it was given."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from caucusmail import clock
from caucusmail.doctor.finding import Finding, ok, warning, wrong

HEAD = Path(__file__).parent.parent.parent / "migrations" / "head"
OLDEST_POSTGRESQL = 15
SURE = ("on", "remote_apply", "remote_write", "local")


@dataclass(frozen=True)
class Seen:
    """What the database showed."""

    findings: list[Finding]
    ahead: timedelta | None = None  # by how much our clock is ahead of the server's


def look(engine: Engine) -> Seen:
    """Ask on a connection of its own; nothing is written."""
    try:
        with engine.connect() as connection:
            findings = [_migrated(connection)]
            if engine.dialect.name == "sqlite":
                return Seen([ok("database", "SQLite can be read"), *findings, _sqlite(connection)])
            ahead = clock.now() - connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            return Seen([_postgresql(connection), *findings, _durable(connection)], ahead)
    except SQLAlchemyError as problem:
        words = str(getattr(problem, "orig", None) or type(problem).__name__).splitlines()[0][:200]
        todo = "start it, and look at DATABASE_URL; pages answer 503 meanwhile"
        return Seen([wrong("database", f"cannot be reached: {words}", todo)])


def _migrated(connection: Connection) -> Finding:
    wanted = HEAD.read_text().strip()
    found = ""
    if inspect(connection).has_table("alembic_version"):
        found = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
    if found == wanted:
        return ok("migrations", f"at the newest, {wanted}")
    return wrong("migrations", f"the tables are of {found or 'no release'}, and this is {wanted}", "flask db upgrade")


def _sqlite(connection: Connection) -> Finding:
    check = "database durability"
    mode = str(connection.execute(text("PRAGMA journal_mode")).scalar())
    synchronous = int(connection.execute(text("PRAGMA synchronous")).scalar() or 0)
    if mode != "wal" or synchronous < 2:
        words = f"journal_mode is {mode}, synchronous is {synchronous}: a power cut may take back what was committed"
        return wrong(check, words, "let the database lie on a local disk, not on a network share")
    return ok(check, "a commit is on the disk (journal_mode=wal, synchronous=FULL)")


def _postgresql(connection: Connection) -> Finding:
    version = str(connection.execute(text("SHOW server_version")).scalar())
    number = int(connection.execute(text("SHOW server_version_num")).scalar() or 0) // 10000
    if number < OLDEST_POSTGRESQL:
        return warning(
            "database", f"PostgreSQL {version} is older than what we test", f"use {OLDEST_POSTGRESQL} or newer"
        )
    encoding = str(connection.execute(text("SHOW server_encoding")).scalar())
    if encoding != "UTF8":
        return wrong(
            "database", f"its encoding is {encoding}: names will be refused", "make it anew with encoding UTF8"
        )
    return ok("database", f"PostgreSQL {version} can be read")


def _durable(connection: Connection) -> Finding:
    check = "database durability"
    told = {
        name: str(connection.execute(text(f"SHOW {name}")).scalar())
        for name in ("fsync", "full_page_writes", "synchronous_commit")
    }
    listed = ", ".join(f"{name}={value}" for name, value in told.items())
    if told["fsync"] != "on" or told["full_page_writes"] != "on":
        return wrong(check, f"a power cut may destroy the database ({listed})", "set both to on in postgresql.conf")
    if told["synchronous_commit"] not in SURE:
        words = f"a power cut may take back what was committed, so letters could be sent twice ({listed})"
        return wrong(check, words, "set synchronous_commit to on; we turn it off ourselves where that is safe")
    return ok(check, f"a commit is on the disk ({listed})")
