from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from caucusmail import clock, disk, settings
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


def well() -> None:
    for name in ("jobs", "relay", "incoming"):
        beat(name)


@pytest.fixture
def in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_current", replace(settings.current(), embedded=False))


def test_all_well_is_200(client: FlaskClient) -> None:
    well()
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json == dict.fromkeys(("web", "disk", "database", "jobs", "relay", "incoming"), "ok")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_disk_that_is_as_good_as_full_is_503_before_any_job_has_failed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    well()
    monkeypatch.setattr(disk, "NOTHING", 2**62)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "MiB are free for the instance folder" in answer.json["disk"]
    assert settings.current().instance not in answer.text
    assert {answer.json[name] for name in ("web", "database", "jobs", "relay", "incoming")} == {"ok"}


def test_a_way_in_that_fell_silent_is_503(client: FlaskClient) -> None:
    well()
    beat("incoming", ago=300)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["incoming"].startswith("not seen at work for 30")


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize(("days", "part"), [(None, False), (6, True), (8, False)])
def test_a_way_in_that_was_never_opened_or_was_given_up_is_no_part_of_it(
    client: FlaskClient, days: int | None, part: bool
) -> None:
    well()
    if days is None:
        with transaction():
            db.session.execute(db.text("DELETE FROM heartbeats WHERE name = 'incoming'"))
    else:
        beat("incoming", ago=days * 24 * 3600)
    answer = client.get("/healthz")
    assert ("incoming" in answer.json, answer.status_code) == (part, 503 if part else 200)


@pytest.mark.usefixtures("in_production")
def test_a_way_in_that_is_switched_on_and_was_never_seen_is_503(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat("jobs")
    beat("relay")
    monkeypatch.setattr(settings, "_current", replace(settings.current(), mail_comes_in=True))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["incoming"]) == (503, "never seen at work")


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
