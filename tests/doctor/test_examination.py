"""The whole of it: a production set-up whose world (DNS, relay, site) is real servers on localhost."""

import json
import socket
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from pathlib import Path

import pytest

from caucusmail import clock, settings, signing_keys
from caucusmail.app import House
from caucusmail.audit import heartbeats
from caucusmail.database import db, transaction
from caucusmail.doctor import examination, names, store
from caucusmail.doctor.examination import Patient
from caucusmail.doctor.relay import Relay
from caucusmail.mail import dkim
from caucusmail.settings import Settings
from caucusmail.signing_keys import SigningKey
from tests import another, name_server, settings_for
from tests.certificates import Authority
from tests.doctor.receiving import receiving
from tests.doctor.test_relay import server
from tests.doctor.test_site import serving
from tests.journeys import processes
from tests.name_server import Zone

pytestmark = pytest.mark.journey

SENDER, DOMAIN = "203.0.113.5", "caucus.example"
KEYS = {"RSA": signing_keys.new_rsa(), "ED25519": signing_keys.new_ed25519()}


def published(zone: Zone) -> None:
    """Everything that DNS must say."""
    zone.text(DOMAIN, f"v=spf1 ip4:{SENDER} -all")
    zone.text(f"_dmarc.{DOMAIN}", f"v=DMARC1; p=none; rua=mailto:postmaster@{DOMAIN}")
    zone.put(DOMAIN, "MX", f"10 mx.{DOMAIN}.")
    zone.put(f"mx.{DOMAIN}", "A", SENDER)
    zone.pointer(SENDER, f"mx.{DOMAIN}")
    for kind, key in KEYS.items():
        signing_key = SigningKey(f"{kind.lower()}-a", key)
        zone.text(dkim.place(signing_key, DOMAIN), dkim.record(signing_key))


def migrated() -> None:
    with transaction():
        db.session.execute(db.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        db.session.execute(db.text(f"INSERT INTO alembic_version VALUES ('{store.HEAD.read_text().strip()}')"))
        heartbeats.beat("jobs")
        heartbeats.beat("relay")


@pytest.fixture
def zone() -> Iterator[Zone]:
    with name_server.serving() as zone:
        published(zone)
        yield zone


@pytest.fixture
def production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    told = {}
    for kind, key in KEYS.items():
        signing_keys.write(tmp_path / f"{kind}.pem", key)
        told |= {f"DKIM_SELECTOR_{kind}": f"{kind.lower()}-a", f"DKIM_KEY_{kind}": str(tmp_path / f"{kind}.pem")}
    with (
        server("PIPELINING", enable_SMTPUTF8=True) as relay,
        serving(authority.server("localhost"), date=today()) as url,
    ):
        configuration = settings_for.testing(
            f"sqlite:///{tmp_path}/a.sqlite3", tmp_path, SITE_URL=url, MAIL_DOMAIN=DOMAIN, MAIL_PORT=relay.port,
            EMBEDDED=False, CAUCUSMAIL_DEMO=False, LMTP_PORT=processes.free_port(), **told,
        )  # fmt: skip
        with another.house(configuration) as house:
            with house.app_context():
                migrated()
            with receiving(house, settings.current().lmtp_port):
                yield house


def today() -> str:
    return format_datetime(clock.now())


@pytest.fixture
def doctor(production: House, zone: Zone) -> Callable[..., tuple[int, dict[str, str]]]:
    """Its exit status, and what it said of each thing."""

    def ask(*more: str) -> tuple[int, dict[str, str]]:
        told = ["doctor", "--json", "--sender", SENDER, "--name-server", f"127.0.0.1#{zone.port}", *more]
        result = production.test_cli_runner().invoke(args=told)
        return result.exit_code, {one["check"]: one["verdict"] for one in json.loads(result.output)}

    return ask


def test_where_all_is_well_the_status_is_nought(doctor: Callable[..., tuple[int, dict[str, str]]]) -> None:
    status, told = doctor()
    assert (status, {check: verdict for check, verdict in told.items() if verdict != "ok"}) == (0, {})
    assert list(told) == [
        "SPF", "DKIM rsa-a", "DKIM ed25519-a", "DMARC", "MX", f"PTR {SENDER}", "relay", "relay TLS", "relay extensions",
        "incoming mail", "site TLS", "site", "database", "migrations", "database durability", "broker", "jobs", "disk", "clock",
    ]  # fmt: skip


def test_a_warning_is_status_one_and_a_wrong_thing_is_status_two(
    doctor: Callable[..., tuple[int, dict[str, str]]], zone: Zone
) -> None:
    zone.text(f"_dmarc.{DOMAIN}", "v=DMARC1; p=none")
    status, told = doctor()
    assert (status, told["DMARC"]) == (1, "warning")
    zone.text(f"rsa-a._domainkey.{DOMAIN}", "v=DKIM1; k=rsa; p=")
    status, told = doctor()
    assert (status, told["DKIM rsa-a"], told["DKIM ed25519-a"]) == (2, "wrong", "ok")


def test_dns_that_is_silent_is_a_warning_for_each_thing_that_stands_there(
    doctor: Callable[..., tuple[int, dict[str, str]]], zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "SECONDS", 0.2)
    zone.silent |= {name for name, _kind in zone.records}
    status, told = doctor()
    assert status == 1
    assert {told[check] for check in ("SPF", "DKIM", "DMARC", "MX", f"PTR {SENDER}")} == {"warning"}


def test_lines_are_plain_words(production: House, zone: Zone) -> None:
    told = ["doctor", "--sender", SENDER, "--name-server", f"127.0.0.1#{zone.port}"]
    lines = production.test_cli_runner().invoke(args=told).output.splitlines()
    assert f"ok            SPF: v=spf1 ip4:{SENDER} -all lets {SENDER} send" in lines


def test_nothing_is_written_and_nothing_is_sent(production: House, zone: Zone) -> None:
    def rows() -> dict[str, int]:
        with production.app_context(), db.engine.connect() as connection:
            tables = db.inspect(db.engine).get_table_names()
            return {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in tables}

    before = rows()
    production.test_cli_runner().invoke(args=["doctor", "--name-server", f"127.0.0.1#{zone.port}"])
    assert rows() == before


@pytest.mark.parametrize("told", [["--sender", "here"], ["--name-server", "dns.example"], ["--name-server", "::1#x"]])
def test_what_is_no_address_is_refused(production: House, told: list[str]) -> None:
    assert production.test_cli_runner().invoke(args=["doctor", *told]).exit_code == 2


def test_the_embedded_set_up_does_without_most_of_it(tmp_path: Path) -> None:
    with server("PIPELINING", enable_SMTPUTF8=True) as relay:
        configuration = settings_for.testing(
            f"sqlite:///{tmp_path}/a.sqlite3", tmp_path, MAIL_PORT=relay.port, LMTP_PORT=processes.free_port()
        )
        with another.house(configuration) as house:
            with house.app_context():
                migrated()
            with receiving(house, settings.current().lmtp_port):
                result = house.test_cli_runner().invoke(args=["doctor", "--json"])
    told = {one["check"]: one["verdict"] for one in json.loads(result.output)}
    assert result.exit_code == 0
    assert {check for check, verdict in told.items() if verdict == "not used here"} == {
        "SPF", "DKIM", "DMARC", "MX", "PTR", "site TLS", "clock",
    }  # fmt: skip


def patient(told: Settings | None, relay: Relay, port: int) -> Patient:
    return Patient(told, relay, db.engine, names.asking("127.0.0.1", port))


def test_a_relay_elsewhere_is_taken_for_the_sender(production: House, zone: Zone) -> None:
    zone.put("relay.example", "A", "203.0.113.9", "10.0.0.1")
    zone.put("relay.example", "AAAA", "2a00::9")
    with production.app_context():
        found = examination._senders(patient(None, Relay("relay.example", 25, DOMAIN), zone.port))
        assert found == ["2a00::9"]  # the others are reserved, or private
        assert examination._senders(patient(None, Relay("nowhere.example", 25, DOMAIN), zone.port)) == []
        assert examination._senders(patient(None, Relay("2a00::9", 25, DOMAIN), zone.port)) == ["2a00::9"]


def test_beside_a_relay_on_this_machine_our_own_address_is_taken() -> None:
    assert examination._own(socket.AF_INET, "127.0.0.1") == "127.0.0.1"


def test_nobody_known_to_send_is_a_warning(production: House, zone: Zone) -> None:
    with production.app_context():
        unknown = patient(settings.current(), Relay("nowhere.example", 25, DOMAIN), zone.port)
        said = {one.check: one for one in examination._world(unknown)}
    assert {said[check].verdict for check in ("SPF", "PTR")} == {"warning"}
    assert "--sender" in said["PTR"].todo


def test_a_database_that_is_gone_leaves_the_other_things_looked_at(tmp_path: Path, zone: Zone) -> None:
    with server() as relay:
        configuration = settings_for.testing(
            f"postgresql+psycopg://x@127.0.0.1:{processes.free_port()}/x?connect_timeout=2",
            tmp_path,
            MAIL_PORT=relay.port,
        )
        with another.house(configuration, tables=False) as house:
            result = house.test_cli_runner().invoke(args=["doctor", "--json"])
    told = {one["check"]: one["verdict"] for one in json.loads(result.output)}
    assert result.exit_code == 2
    assert (told["database"], told["jobs"], told["broker"], told["relay"]) == ("wrong", "wrong", "ok", "ok")
