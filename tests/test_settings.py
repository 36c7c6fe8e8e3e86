import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import config
from caucusmail import settings
from caucusmail.settings import BadSetting
from tests import settings_for
from tests.journeys import processes

ROOT = Path(__file__).parent.parent
NOBODY = 65534  # the user who may write nowhere

BAD = {
    "DATABASE_URL": [
        "mysql://x",
        "sqlite:foo",
        "postgresql://h:abc/x",
        "postgresqlfoo://h/x",
        "postgresql+nodriver://h/x",
        "postgresql",
    ],
    "SITE_URL": [
        "caucus.example",
        "https://",
        "https://x:99999",
        "https://x:port",
        "https://exa mple",
        "https://user:pw@x.example",
        "https://x.example/sub",
        "https://x.example?a=b",
        "https://x.example#a",
        "ftp://x.example",
    ],
    "MAIL_DOMAIN": ["not a domain", "a..b", "foo_bar/x", "foo_bar", "-a.example", ".a", "a.", "a@b", "192.0.2.1"],
    "CONTROLLER": ["A\nBcc: b@c.example", "A" * 301],
    "SECRET_KEY": ["short"],
    "MAIL_SERVER": ["no such host", "mail.example:25", "smtp://mail.example"],
    "MAIL_PORT": ["many", "0", "65536"],
    "LMTP_HOST": ["no such host", "127.0.0.1:8024"],
    "LMTP_PORT": ["many", "0", "65536"],
    "MAIL_COMES_IN": ["perhaps"],
    "MAIL_USE_TLS": ["maybe", "2"],
    "MAIL_USE_SSL": ["ja"],
    "MAIL_USERNAME": [],  # only together with the other one, see below
    "MAIL_PASSWORD": [],
    "MAIL_CONNECTIONS": ["0", "many", "101"],
    "MAIL_PER_MINUTE": ["-1", "many", "1000001"],
    "MAIL_SERVER_PER_MINUTE": ["-1", "many", "1000001"],
    "MAIL_DOMAIN_LIMITS": ["mail.example", "=5", "a=-1", "a=many", "a=1000001", "a..b=5", "a=5 A=6", "*=", "*.a=5"],
    "MAIL_FALLBACKS": [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:0",
        "smtp://user@mail.example",
        "smtp://mail.example/path",
        "smtp://mail.example?per_minute=many",
        "smtp://mail.example?connections=101",
        "smtp://mail.example?per_hour=5",
        "smtp://mail.example?connections=1&connections=2",
        "smtp://b.example smtp://b.example:25",
        "smtp://127.0.0.1",
        " ".join(f"smtp://{one}.example" for one in "abcdef"),
    ],
    "BROKER_URL": [
        "kafka://x",
        "amqp:",
        "amqp://",
        "amqp://host:port//",
        "redis:///0",
        "sqla+sqlite:foo",
        "sqla+sqlite://",
        "memory:",
        "memory://",
    ],
    "BROKER_PREFIX": ["a b", "x" * 41],
    "DKIM_SELECTOR_RSA": ["a b", "-a"],
    "DKIM_KEY_RSA": ["/no/such/key.pem", "key.pem", "/etc/hostname"],
    "DKIM_SELECTOR_ED25519": ["a_b"],
    "DKIM_KEY_ED25519": ["/no/such/key.pem", "key.pem"],
    "PROXIES": ["9", "-1", "many"],
    "SECOND_FACTOR_REQUIRED": ["perhaps", "required"],
    "CAUCUSMAIL_INSTANCE": ["/etc/hostname", "/etc/hostname/below", "/proc/caucusmail"],
    "CAUCUSMAIL_DEMO": ["vielleicht"],
    "WEB_CONCURRENCY": ["abc", "0"],
    "WEB_THREADS": ["0", "many"],
}


def production(folder: Path, **more: str) -> dict[str, str]:
    return {
        "CAUCUSMAIL_INSTANCE": str(folder),
        "DATABASE_URL": "sqlite://",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_DOMAIN": "a.example",
        "CONTROLLER": "A, 1 Example Street",
        "SITE_URL": "https://a.example",
        "SECRET_KEY": "x" * 40,
    } | more


def checked(environ: dict[str, str]) -> settings.Settings:
    return settings.check(config.from_environment(environ))


def test_every_documented_setting_is_tried_with_a_value_that_is_none() -> None:
    table = (ROOT / "docs" / "operating.md").read_text().partition("## First start")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall("`([A-Z0-9_]+)`", row)} == set(BAD)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_bad_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting) as bad:
        checked(production(tmp_path, **{name: value}))
    assert bad.value.name == name


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"MAIL_USE_TLS": "1", "MAIL_USE_SSL": "1"}, "MAIL_USE_SSL"),
        ({"MAIL_USERNAME": "caucusmail"}, "MAIL_PASSWORD"),
        ({"MAIL_PASSWORD": "word"}, "MAIL_USERNAME"),
    ],
)
def test_settings_that_make_no_sense_together_are_named(tmp_path: Path, more: dict[str, str], name: str) -> None:
    with pytest.raises(BadSetting) as bad:
        checked(production(tmp_path, **more))
    assert bad.value.name == name


def test_all_bad_settings_are_named_in_one_go_a_line_each(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as bad:
        checked(production(tmp_path, MAIL_DOMAIN="a..b", SECRET_KEY="short", WEB_THREADS="0"))
    lines = str(bad.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["WEB_THREADS", "MAIL_DOMAIN", "SECRET_KEY"]
    assert bad.value.name == "WEB_THREADS"


@pytest.mark.parametrize(
    "more",
    [
        {"DATABASE_URL": "postgresql:///caucusmail"},
        {"DATABASE_URL": "postgresql+psycopg://user:word@db.example:5433/name"},
        {"DATABASE_URL": "sqlite:////var/lib/caucusmail/caucusmail.sqlite3"},
        {"SITE_URL": "https://mail.example.org:8443/"},
        {"SITE_URL": "http://[::1]:8000"},
        {"MAIL_DOMAIN": "Mail.Example.ORG"},
        {"MAIL_SERVER": "mail_relay"},
        {"MAIL_SERVER": "2001:db8::25"},
        {"MAIL_SERVER_PER_MINUTE": "600", "MAIL_FALLBACKS": "smtp://b.example?per_minute=60&connections=2"},
        {"MAIL_DOMAIN_LIMITS": "Mail.example=120 bücher.example=60 mine.example=0 *=600"},
        {"BROKER_URL": "amqp://guest:guest@127.0.0.1:5672//"},
        {"BROKER_URL": "redis://127.0.0.1/0"},
        {"BROKER_URL": "sqla+sqlite:////path/broker.sqlite3"},
        {"MAIL_USE_TLS": "yes", "MAIL_USE_SSL": "off", "MAIL_USERNAME": "caucusmail", "MAIL_PASSWORD": "word"},
        {"WEB_CONCURRENCY": "4", "WEB_THREADS": "16", "CAUCUSMAIL_DEMO": ""},
    ],
)
def test_what_makes_sense_is_taken(tmp_path: Path, more: dict[str, str]) -> None:
    assert checked(production(tmp_path, **more)).secret_key == "x" * 40


def test_a_switch_is_on_or_off(tmp_path: Path) -> None:
    assert checked(production(tmp_path, CAUCUSMAIL_DEMO="On")).demo
    assert not checked(production(tmp_path, CAUCUSMAIL_DEMO="no")).demo


def test_a_password_in_a_bad_address_is_not_repeated(tmp_path: Path) -> None:
    for name, value in (
        ("DATABASE_URL", "oracle://a:hush@h/x"),
        ("SITE_URL", "https://a:hush@x"),
        ("BROKER_URL", "x://a:hush@h"),
        ("MAIL_FALLBACKS", "smtps://a:hush@h:x"),
        ("MAIL_FALLBACKS", "smtp://a:hush@h smtp://b:hush@h"),
    ):
        with pytest.raises(BadSetting) as bad:
            checked(production(tmp_path, **{name: value}))
        assert "hush" not in str(bad.value)


def test_memory_is_a_broker_for_tests_alone(tmp_path: Path) -> None:
    assert settings.check(settings_for.testing("sqlite://", tmp_path)).broker_url == "memory://"


def test_the_folder_of_the_installation_is_made(tmp_path: Path) -> None:
    assert checked(production(tmp_path / "new" / "folder")).instance == str(tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder").is_dir()


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder in which this process may not write, root or not."""
    path = tmp_path / "locked"
    path.mkdir(mode=0o500)
    user = os.geteuid()
    if user == 0:
        os.chmod(path, 0o555)
        for folder in (tmp_path, *tmp_path.parents[:3]):
            os.chmod(folder, folder.stat().st_mode | 0o011)
        os.seteuid(NOBODY)
    yield path
    os.seteuid(user)


def test_a_folder_in_which_we_may_not_write_is_named(locked: Path) -> None:
    with pytest.raises(BadSetting, match="CAUCUSMAIL_INSTANCE: we may not write in"):
        settings.folder(locked)
    with pytest.raises(BadSetting, match=r"CAUCUSMAIL_INSTANCE: .* cannot be our folder: Permission denied"):
        settings.folder(locked / "below")


def test_a_secret_that_cannot_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret_key").mkdir()
    with pytest.raises(BadSetting, match=r"SECRET_KEY: cannot be kept in .*: Is a directory"):
        config.from_environment({"CAUCUSMAIL_INSTANCE": str(tmp_path)})


@pytest.mark.parametrize(
    "command",
    [["celery", "-A", "caucusmail.worker:engine", "beat"], ["gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"]],
)
def test_a_process_that_is_told_nonsense_ends_with_status_two(tmp_path: Path, command: list[str]) -> None:
    told = production(tmp_path, WEB_CONCURRENCY="0", WEB_THREADS="many", CAUCUSMAIL_DEMO="0")
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=processes.environment(tmp_path) | told,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, "WEB_CONCURRENCY: 0 is not from 1 to 256" in ended.stderr) == (2, True), ended.stderr
