"""What a test needs from its surroundings: where the servers are, or a word why the test is left out.

``CAUCUSMAIL_REQUIRE_SERVICES=1`` (continuous integration) turns whatever is missing into a failure.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
import sqlalchemy

POSTGRESQL = os.environ.get("CAUCUSMAIL_TEST_POSTGRESQL") or "postgresql:///postgres"
RABBITMQ = os.environ.get("CAUCUSMAIL_TEST_RABBITMQ") or "amqp://guest:guest@127.0.0.1:5672//"
REDIS = os.environ.get("CAUCUSMAIL_TEST_REDIS") or "redis://127.0.0.1:6379/0"


def missing(what: str) -> NoReturn:
    """Leave the test out, because of ``what``; or let it fail where everything must be there."""
    if os.environ.get("CAUCUSMAIL_REQUIRE_SERVICES"):
        pytest.fail(f"{what}, and CAUCUSMAIL_REQUIRE_SERVICES is set")
    pytest.skip(what)


def fresh_postgresql(name: str, server: str = POSTGRESQL) -> str:
    """The address of an empty database whose name begins with ``name``, of this process alone."""
    admin = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}_{os.getpid()}"
    try:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except sqlalchemy.exc.OperationalError:
        missing(f"no PostgreSQL at {sqlalchemy.make_url(server)}")
    finally:
        admin.dispose()
    return sqlalchemy.make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_postgresql(url: str) -> None:
    """Take a database made by ``fresh_postgresql`` away."""
    address = sqlalchemy.make_url(url)
    admin = sqlalchemy.create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {address.database} WITH (FORCE)")
    admin.dispose()


@contextmanager
def fresh(kind: str, name: str) -> Iterator[str]:
    """The address of an empty database of this kind (``sqlite``, ``postgresql``), as long as it is needed; ``name`` is whose."""
    if kind == "sqlite":
        with TemporaryDirectory(prefix=f"{name}-") as folder:
            yield f"sqlite:///{folder}/house.sqlite3"
        return
    url = fresh_postgresql(f"caucusmail_{name}")
    try:
        yield url
    finally:
        drop_postgresql(url)


def broker(url: str) -> str:
    """``url`` if a server listens there."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), timeout=3).close()
    except OSError:
        missing(f"no broker at {parts.scheme}://{parts.hostname}:{parts.port}")
    return url
