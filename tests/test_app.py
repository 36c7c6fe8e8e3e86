"""One request, one transaction; and what is put together where. How refusals look: tests/web/test_errors.py."""

from collections.abc import Iterator

import pytest
from flask import Flask, abort, request
from sqlalchemy import event, select, text
from sqlalchemy.exc import DataError

from caucusmail.app import create_app
from caucusmail.database import db
from caucusmail.directory.models import Region
from caucusmail.settings import BadSetting
from caucusmail.web import guards
from tests import another, settings_for


def put_a_region(slug: str) -> None:
    db.session.add(Region(slug=slug, names={}))
    db.session.flush()


@pytest.fixture
def own(tmp_path) -> Iterator[Flask]:
    """An application with views that write, and answer with the status in their address."""
    with another.house(settings_for.testing(f"sqlite:///{tmp_path / 'own.sqlite3'}", tmp_path)) as made:
        made.config |= {"WTF_CSRF_ENABLED": False, "PROPAGATE_EXCEPTIONS": False}

        @made.route("/put/<int:status>", methods=["GET", "POST"])
        @guards.anyone
        def put(status: int) -> tuple[str, int]:
            put_a_region(f"r{status}")
            if status == 418:
                abort(403)
            return "", status

        @made.post("/data")
        @guards.anyone
        def data() -> str:
            raise DataError("INSERT", {}, Exception("integer out of range"))

        yield made


def kept(own: Flask) -> list[str]:
    with own.app_context():
        return list(db.session.scalars(select(Region.slug)))


@pytest.mark.parametrize(
    ("status", "is_kept"), [(200, True), (303, True), (400, False), (409, False), (422, False), (418, False)]
)
def test_what_a_request_did_is_kept_unless_it_was_refused(own: Flask, status: int, is_kept: bool):
    own.test_client().post(f"/en/put/{status}")
    assert kept(own) == ([f"r{status}"] if is_kept else [])


def test_looking_at_a_page_cannot_write(own: Flask):
    answer = own.test_client().get("/en/put/200")
    assert answer.status_code == 500
    assert kept(own) == []


def test_what_no_column_can_hold_is_a_refusal_and_no_fault_of_ours(own: Flask):
    answer = own.test_client().post("/en/data")
    assert answer.status_code == 400
    assert "out of range" not in answer.text


def impatient(connection, _record) -> None:
    connection.execute("PRAGMA busy_timeout=1")


def test_a_database_that_is_locked_asks_to_come_back(own: Flask):
    with own.app_context(), db.engine.connect() as other:
        other.execute(text("DELETE FROM regions"))
        event.listen(db.engine, "connect", impatient)
        answer = own.test_client().post("/en/put/200")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1 http"), (1, "192.0.2.7 https")])
def test_who_is_in_front_of_us_is_believed_only_where_it_was_said_that_somebody_is(tmp_path, proxies: int, seen: str):
    lie = {"X-Forwarded-For": "198.51.100.1, 192.0.2.7", "X-Forwarded-Proto": "https"}
    with another.house(settings_for.testing("sqlite://", tmp_path, PROXIES=proxies), tables=False) as made:

        @made.get("/whence")
        @guards.anyone
        def whence() -> str:
            return f"{request.remote_addr} {request.scheme}"

        assert made.test_client().get("/en/whence", headers=lie).text == seen


def test_a_setting_that_cannot_be_used_is_named_before_anything_is_assembled(tmp_path):
    with pytest.raises(BadSetting) as bad:
        create_app(settings_for.testing("sqlite://", tmp_path, SITE_URL="ftp://caucus.example"))
    assert bad.value.name == "SITE_URL"


@pytest.mark.parametrize("embedded", [True, False])
def test_the_mailbox_is_there_in_the_embedded_set_up_alone(tmp_path, embedded: bool):
    with another.house(settings_for.testing("sqlite://", tmp_path, EMBEDDED=embedded), tables=False) as made:
        assert any(rule.rule.startswith("/mailbox") for rule in made.url_map.iter_rules()) is embedded


@pytest.mark.parametrize("demo", [True, False])
def test_nobody_is_named_to_sign_in_as_outside_the_demo(tmp_path, demo: bool):
    with another.house(settings_for.testing("sqlite://", tmp_path, CAUCUSMAIL_DEMO=demo), tables=False) as made:
        assert bool(made.jinja_env.globals["demo_people"]) is demo
