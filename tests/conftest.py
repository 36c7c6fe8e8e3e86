"""One application for all; an outer transaction for each test, rolled back at its end; a client; a real SMTP sink.

``CAUCUSMAIL_TEST_DATABASE=postgresql:///…`` runs the same tests on PostgreSQL; the default is SQLite.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Engine

from caucusmail import cli, clock, languages
from caucusmail.app import House, create_app
from caucusmail.database import Model, db, transaction
from caucusmail.demo import load
from caucusmail.directory import founding
from caucusmail.groups import founding as groups_founding
from tests import services, settings_for
from tests.sink import Sink

pytest_plugins = ["tests.browser", "tests.summary"]
CORPORA = Path(os.environ.get("CAUCUSMAIL_CORPORA") or Path(__file__).parent.parent.parent / "shared" / "corpora")


def _database(tmp: Path, name: str) -> str:
    """The address of a fresh database called ``name``, for this worker alone."""
    url = os.environ.get("CAUCUSMAIL_TEST_DATABASE")
    if not url:
        return f"sqlite:///{tmp / name}.sqlite3"
    return services.fresh_postgresql(f"caucusmail_{name}", url)


def _gone(url: str) -> None:
    if url.startswith("postgresql"):
        services.drop_postgresql(url)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    tmp = tmp_path_factory.mktemp("instance")
    url = _database(tmp, "test")
    app = create_app(settings_for.testing(url, tmp))
    cli.init_app(app)
    with app.app_context():
        Model.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()
    _gone(url)


@pytest.fixture(autouse=True)
def unit(app: House, request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything a test writes, through the session or the client, is taken back at its end.

    A test that needs real commits, threads or processes is marked ``journey`` and builds its own application.
    """
    if request.node.get_closest_marker("journey"):
        yield
        return
    with app.app_context(), rolled_back(app, db.engine):
        yield


@contextmanager
def rolled_back(app: House, engine: Engine) -> Iterator[None]:
    """Put the application on one connection of ``engine``, in a transaction that is taken back at the end."""
    before = db._app_engines[app][None]
    connection = engine.connect()
    outer = connection.begin()
    db.session.remove()
    db._app_engines[app][None] = connection
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    try:
        yield
    finally:
        db.session.remove()
        outer.rollback()
        connection.close()
        db._app_engines[app][None] = before


@pytest.fixture(scope="session")
def demo_engine(app: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database of its own with the founding data and the demo world in it, built once."""
    url = _database(tmp_path_factory.mktemp("demo"), "demo")
    engine = db._make_engine(None, {"url": url}, app)
    Model.metadata.create_all(engine)
    with app.app_context():
        before = db._app_engines[app][None]
        db._app_engines[app][None] = engine
        try:
            with transaction():
                founding.found()
                groups_founding.found()
                load.load()
        finally:
            db.session.remove()
            db._app_engines[app][None] = before
    yield engine
    engine.dispose()
    _gone(url)


@pytest.fixture
def demo_world(app: House, demo_engine: Engine) -> Iterator[None]:
    """The test runs in the demo world (2,500 organisations); what it writes there is taken back."""
    with rolled_back(app, demo_engine):
        yield


@pytest.fixture
def client(app: House) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def csrf_client(app: House) -> Iterator[FlaskClient]:
    """A client for which CSRF is on, as in life."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def stopped_clock() -> Iterator[time_machine.Traveller]:
    """Two pages that say the same are the same, to the byte: forms hold the second in which they were made. ``shift(60)``
    lets a minute pass."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def french() -> Iterator[None]:
    with languages.use("fr"):
        yield


@pytest.fixture
def sink(app: House) -> Iterator[Sink]:
    """A real SMTP server on localhost that remembers envelopes and bytes; the application's relay while it lives."""
    sink = Sink()
    sink.start()
    relay = app.extensions["mail"]
    before, relay.port = relay.port, sink.port
    yield sink
    relay.port = before
    sink.stop()


@pytest.fixture(scope="session")
def corpora() -> Path:
    if not CORPORA.is_dir():
        services.missing(f"the corpora are not beside the project ({CORPORA.name}); set CAUCUSMAIL_CORPORA")
    return CORPORA
