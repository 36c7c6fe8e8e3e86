import errno
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from caucusmail import settings
from caucusmail.serve import run
from caucusmail.settings import BadSetting


@pytest.fixture(autouse=True)
def settings_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests put in force is taken back."""
    monkeypatch.setattr(settings, "_current", settings._current)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield int(server.getsockname()[1])


def port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_the_embedded_default_needs_no_setting(tmp_path: Path) -> None:
    env = run.environment({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": port()})
    assert settings.current().embedded
    assert settings.current().site_url == f"http://localhost:{env['PORT']}"
    assert settings.current().mail_port == int(env["MAIL_PORT"])


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    run.environment({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": port()})
    first = settings.current().secret_key
    run.environment({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": port()})
    assert settings.current().secret_key == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_taken_port_is_named_with_another_to_try(tmp_path: Path, taken: int) -> None:
    with pytest.raises(BadSetting, match=f"PORT: {taken} is taken by another program; try: make run PORT={taken + 1}"):
        run.environment({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": str(taken)})


def test_a_mail_port_that_was_asked_for_must_be_free(tmp_path: Path, taken: int) -> None:
    with pytest.raises(BadSetting, match=f"MAIL_PORT: {taken} is taken"):
        run.environment({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": port(), "MAIL_PORT": str(taken)})


def test_the_port_that_mail_comes_in_by_must_be_free_if_it_was_asked_for_and_is_found_if_not(
    tmp_path: Path, taken: int
) -> None:
    with pytest.raises(BadSetting, match=f"LMTP_PORT: {taken} is taken"):
        run.environment({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": port(), "LMTP_PORT": str(taken)})
    env = run.environment({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": port()})
    assert settings.current().lmtp_port == int(env["LMTP_PORT"])
    assert [child.name for child in run.children(env, tmp_path)] == ["web", "jobs", "lmtp", "mailbox"]


@pytest.mark.parametrize(("told", "comes"), [({}, True), ({"MAIL_COMES_IN": "0"}, False)])
def test_letters_name_the_way_in_that_is_there_unless_it_is_switched_off(
    tmp_path: Path, told: dict[str, str], comes: bool
) -> None:
    env = run.environment({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": port(), **told})
    assert settings.current().mail_comes_in is comes
    assert env["MAIL_COMES_IN"] == ("1" if comes else "0")


@pytest.mark.parametrize("value", ["eighty", "70000", "0"])
def test_a_port_that_is_none_is_named(tmp_path: Path, value: str) -> None:
    with pytest.raises(BadSetting, match="PORT"):
        run.environment({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": value})


@pytest.mark.parametrize("host", ["192.0.2.1", "no..host", "::1"])
def test_a_host_that_is_not_ours_is_not_called_a_taken_port(tmp_path: Path, host: str) -> None:
    with pytest.raises(BadSetting, match=f"HOST: '{host}' is not an IPv4 address of this machine"):
        run.environment({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": port(), "HOST": host})


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.EACCES, "PORT: only root may listen on 80"), (errno.EADDRINUSE, "PORT: 80 is taken by another program")],
)
def test_a_port_of_root_is_not_called_taken(number: int, told: str) -> None:
    assert str(run._unusable("PORT", "127.0.0.1", 80, OSError(number, "no"))).startswith(told)


def test_a_lock_that_cannot_be_written_ends_the_start_with_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run.lock").mkdir()
    assert run.main({"CAUCUSMAIL_INSTANCE": str(tmp_path), "PORT": port()}, []) == 2
    assert "run.lock cannot be written: Is a directory" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["SITE_URL", "MAIL_DOMAIN", "CONTROLLER", "SECRET_KEY", "MAIL_SERVER", "DATABASE_URL"])
def test_production_says_what_is_missing(tmp_path: Path, name: str) -> None:
    complete = {
        "CAUCUSMAIL_INSTANCE": str(tmp_path),
        "PORT": port(),
        "DATABASE_URL": "sqlite://",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_DOMAIN": "a.example",
        "CONTROLLER": "A, 1 Example Street",
        "SITE_URL": "https://a.example",
        "SECRET_KEY": "x" * 40,
    }
    complete.pop(name)
    with pytest.raises(BadSetting, match="is not set") as bad:
        run.environment(complete)
    assert bad.value.name == name
