"""A later migration may change a table that others refer to: SQLite makes it anew, and no row may go with the old one."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy

from caucusmail import clock
from caucusmail.delivery.models import Lane, OutgoingMessage, OutgoingText
from tests import services
from tests.faults.crews import NEXT, next_release
from tests.migrations.test_chain import bare

pytestmark = pytest.mark.journey


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    """A database of this release: one message, and a text that refers to it and goes when it goes."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'house.sqlite3'}" if sqlite else services.fresh_postgresql("caucusmail_rebuilt")
    with bare(url).app_context():
        engine = flask_migrate.current_app.extensions["migrate"].db.engine
        flask_migrate.upgrade()
        with engine.begin() as connection:
            message = {"id": 1, "lane": Lane.BULK, "kind": "a/letter", "sender": "notices", "made_at": clock.now()}
            connection.execute(sqlalchemy.insert(OutgoingMessage), message)
            text = {"message_id": 1, "language": "en", "raw": b"Hello", "words": {}}
            connection.execute(sqlalchemy.insert(OutgoingText), text)
        yield engine
        engine.dispose()
    if not sqlite:
        services.drop_postgresql(url)


def version_and_texts(engine: sqlalchemy.Engine) -> tuple[str, int]:
    with engine.connect() as connection:
        count = connection.scalar(sqlalchemy.select(sqlalchemy.func.count()).select_from(OutgoingText))
        return str(connection.scalar(sqlalchemy.text("SELECT version_num FROM alembic_version"))), int(count or 0)


def test_a_table_that_is_made_anew_takes_nothing_along(filled: sqlalchemy.Engine, tmp_path: Path) -> None:
    flask_migrate.upgrade(str(next_release(tmp_path)))
    assert version_and_texts(filled) == (NEXT, 1)
    with filled.connect() as connection, pytest.raises(sqlalchemy.exc.IntegrityError):
        stray = {"message_id": 99, "language": "en", "raw": b"", "words": {}}
        connection.execute(sqlalchemy.insert(OutgoingText), stray)  # foreign keys are enforced as before


def test_a_migration_that_would_leave_rows_astray_changes_nothing(filled: sqlalchemy.Engine, tmp_path: Path) -> None:
    folder = next_release(tmp_path)
    script = folder / "versions" / f"{NEXT}.py"
    script.write_text(
        script.read_text().replace("def upgrade():", "def upgrade():\n    op.execute('DELETE FROM outgoing_messages')")
    )
    if filled.dialect.name == "postgresql":  # there the text goes with its message, as its column says
        flask_migrate.upgrade(str(folder))
        assert version_and_texts(filled) == (NEXT, 0)
        return
    with pytest.raises(SystemExit, match="rows refer to what is not there, in outgoing_texts"):
        flask_migrate.upgrade(str(folder))
    assert version_and_texts(filled) == ("0001_house", 1)
