"""Several workers, and a new release: nothing of it is a crash."""

import shutil
import time
from pathlib import Path

from sqlalchemy import text

from caucusmail.delivery.models import DeliveryState
from tests.faults.house import House, Late
from tests.faults.stores import CHUNK
from tests.journeys.processes import ROOT

CREW = 5
NEXT = "0002_next"
NEXT_RELEASE = """
revision, down_revision = "0002_next", "0001_house"

import sqlalchemy as sa
from alembic import op


def upgrade():
    op.create_table("next_things", sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("outgoing_messages") as table:
        table.alter_column("kind", existing_type=sa.String(64), existing_nullable=False, type_=sa.String(80))
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("next_words", sa.String(80), nullable=False, server_default=""))
        table.create_index("ix_deliveries_next_words", ["next_words"])


def downgrade():
    raise NotImplementedError
"""
"""What a next release may do to tables that are in use: a new table, a wider column, a new column, a new index."""


def several(house: House) -> None:
    """S-F13: one worker for a quarter of the letters, then five for the rest, at a relay that takes its time for each
    letter, so that neither it nor the machine is the limit: five are not slower than one."""
    house.relay(slow_s=0.05)
    one, workers = house.worker("some", house.count // 4), [house.waiting() for _ in range(CREW)]
    alone = _rate(house, house.count // 4)
    one.wait()
    house.go()
    together = _rate(house, house.count)
    house.notes |= {"rate_of_one": round(alone), "rate_of_five": round(together), "ratio": round(together / alone, 2)}
    house.notes["also"] = {
        "all ended well": [worker.wait() for worker in workers] == [0] * CREW,
        "five are not slower": together >= alone,
    }
    house.finish()


def _rate(house: House, until: int) -> float:
    """Letters a second, from the next one to the one of this number."""
    first = house.taken() + 1
    house.until_taken(first)
    began = time.monotonic()
    house.until_taken(until)
    return (until - first) / (time.monotonic() - began)


def enough(count: int) -> int:
    """So many letters that each of five workers has a chunk of its own to claim."""
    return max(count, (CREW + 1) * CHUNK + CHUNK)


def deploy(house: House) -> None:
    """S-F20: SIGTERM in the middle of a turn, and a new worker, four times: no crash, so nothing may be uncertain."""
    house.relay(slow_s=0.01)
    ended = []
    for _ in range(4):
        began, worker = time.monotonic(), house.worker(FAULTS_TURN=str(house.count // 8))
        house.recovered(began)
        worker.terminate()
        ended.append(worker.wait())
    house.notes["also"] = {"ended well": ended == [0] * 4, "in the middle": house.taken() < house.count}
    house.finish()


def migrates(house: House) -> None:
    """S-F21: the tables are made those of the next release while a worker sends, then a worker of the next release takes
    over: no crash, so nothing may be uncertain."""
    folder = next_release(house.folder)
    house.relay(slow_s=8 / house.count * 4)  # some eight seconds for the whole
    upgrade, worker = house.waiting("upgrade", FAULTS_MIGRATIONS=str(folder)), house.worker()
    house.until_taken(house.count // 4)
    before, began = house.rows(), time.monotonic()
    house.go()
    if upgrade.wait() != 0:
        raise Late("the migration failed")
    house.notes["migration_s"] = round(time.monotonic() - began, 1)
    house.recovered(began)
    at_end = house.taken()
    worker.terminate()
    ended = worker.wait()
    house.worker().wait()
    house.finish()
    with house.engine.connect() as connection:
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    house.notes["also"] = {
        "migrated": version == NEXT,
        "no row went": len(house.rows()) == len(before),
        "in the middle": at_end < house.count,
        "ended well": ended == 0,
        "all taken": house.states()[DeliveryState.ACCEPTED] == house.count,
    }


def next_release(folder: Path) -> Path:
    """A copy of our migrations, with one more."""
    copy = folder / "migrations"
    shutil.copytree(ROOT / "migrations", copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / f"{NEXT}.py").write_text(NEXT_RELEASE)
    (copy / "head").write_text(NEXT)
    return copy
