"""The chain of migrations has one head, goes up, down and up again, and ends in what the models say."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from caucusmail.database import Model, db
from tests import services

ROOT = Path(__file__).parent.parent.parent
MIGRATIONS = ROOT / "migrations"


def bare(url: str) -> Flask:
    """Nothing but a database; the suite's own application stays as it is."""
    app = Flask("migrations")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS), compare_type=True, render_as_batch=True)
    return app


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    """An empty database of each kind, with its application's context."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'chain.sqlite3'}" if sqlite else services.fresh_postgresql("caucusmail_chain")
    with bare(url).app_context():
        yield db.engine
        db.engine.dispose()
    if not sqlite:
        services.drop_postgresql(url)


def tables(engine: sqlalchemy.Engine) -> set[str]:
    return set(sqlalchemy.inspect(engine).get_table_names()) - {"alembic_version"}


@pytest.mark.journey
@pytest.mark.services
class TestTheChain:
    def test_up_makes_exactly_what_the_models_say(self, empty: sqlalchemy.Engine) -> None:
        flask_migrate.upgrade()
        with empty.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Model.metadata) == []
        assert tables(empty) == set(Model.metadata.tables)

    def test_up_makes_the_same_checks_and_indexes_as_the_models(self, empty: sqlalchemy.Engine) -> None:
        flask_migrate.upgrade()
        inspector = sqlalchemy.inspect(empty)
        for name, table in Model.metadata.tables.items():
            checks = {c.name for c in table.constraints if isinstance(c, sqlalchemy.CheckConstraint)}
            assert {c["name"] for c in inspector.get_check_constraints(name)} == checks
            assert {i["name"] for i in inspector.get_indexes(name) if not i.get("duplicates_constraint")} == {
                index.name for index in table.indexes
            }

    def test_down_leaves_nothing_and_up_again_makes_all(self, empty: sqlalchemy.Engine) -> None:
        flask_migrate.upgrade()
        first = tables(empty)
        flask_migrate.downgrade(revision="base")
        assert tables(empty) == set()
        flask_migrate.upgrade()
        assert tables(empty) == first

    def test_up_twice_changes_nothing(self, empty: sqlalchemy.Engine) -> None:
        flask_migrate.upgrade()
        flask_migrate.upgrade()
        assert tables(empty) == set(Model.metadata.tables)


def test_there_is_one_head_and_the_file_names_it() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [(MIGRATIONS / "head").read_text().strip()]


def test_a_revision_is_named_like_its_file() -> None:
    for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions():
        assert Path(script.path).stem == script.revision


@pytest.mark.journey
def test_a_second_head_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "migrations"
    (copy / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako", "alembic.ini", "head"):
        (copy / name).write_text((MIGRATIONS / name).read_text())
    for name in ("0001_house", "0001_other"):
        (copy / "versions" / f"{name}.py").write_text(
            f"revision = {name!r}\ndown_revision = None\ndef upgrade(): pass\ndef downgrade(): pass\n"
        )
    with bare("sqlite://").app_context(), pytest.raises(SystemExit, match="two heads, 0001_house and 0001_other"):
        flask_migrate.upgrade(directory=str(copy))
