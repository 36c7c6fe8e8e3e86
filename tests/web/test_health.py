from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from caucusmail import clock
from caucusmail.audit import heartbeats
from caucusmail.audit.models import Heartbeat
from caucusmail.database import db, transaction
from tests import make
from tests.entering import enter


def beat(name: str, detail: str = "", ago: int = 0) -> None:
    with transaction():
        heartbeats.beat(name, detail)
        db.session.flush()
        row = db.session.get(Heartbeat, name)
        assert row is not None
        row.at = clock.now() - timedelta(seconds=ago)


def test_all_well_is_200(client: FlaskClient) -> None:
    beat("jobs")
    beat("relay")
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json == {"web": "ok", "database": "ok", "jobs": "ok", "relay": "ok"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_jobs_that_were_never_seen_are_503(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["jobs"] == "never seen at work"


def test_jobs_that_fell_silent_are_503(client: FlaskClient) -> None:
    beat("jobs", ago=300)
    beat("relay")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["jobs"].startswith("not seen at work for 30")


def test_a_relay_that_is_down_says_so(client: FlaskClient) -> None:
    beat("jobs")
    beat("relay", "cannot be reached: Connection refused")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["relay"] == "cannot be reached: Connection refused"
    assert answer.json["jobs"] == "ok"


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_without_a_database_a_signed_in_browser_is_answered_in_json_and_gets_its_style(
    client: FlaskClient, prefix: str
) -> None:
    enter(client, make.person())
    db.session.remove()
    with transaction():
        for table in ("heartbeats", "sign_ins"):
            db.session.connection().exec_driver_sql(f"ALTER TABLE {table} RENAME TO lost_{table}")
    answer = client.get(prefix + "/healthz")
    assert (answer.status_code, answer.json["database"]) == (503, "cannot be read")
    assert client.get(prefix + "/static/house.css").status_code == 200


def test_a_database_without_tables_is_503_and_not_500(client: FlaskClient) -> None:
    with transaction():
        db.session.connection().exec_driver_sql("ALTER TABLE heartbeats RENAME TO elsewhere")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["database"] == "cannot be read"
