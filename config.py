"""Config and its three kinds: Development (embedded), Testing, Production; values from the environment.

Without ``DATABASE_URL`` and ``MAIL_SERVER`` the embedded kind is meant: SQLite, a broker file and a local mailbox, all
under ``instance/``, nothing to install. With either of them it is a production set-up, and what is missing is named.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caucusmail import settings
from caucusmail.settings import BadSetting

ROOT = Path(__file__).parent
ON, OFF = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


class Config:
    """What all kinds share. Flask reads the upper-case names."""

    EMBEDDED = False
    CAUCUSMAIL_DEMO = False
    TESTING = False
    BROKER_PREFIX = "caucusmail"
    PROXIES = 0
    WEB_CONCURRENCY = 1
    WEB_THREADS = 8
    LMTP_HOST = "127.0.0.1"
    LMTP_PORT: int | str = 8024
    MAIL_COMES_IN = False
    MAIL_USERNAME: str | None = None
    MAIL_PASSWORD: str | None = None
    MAIL_FALLBACKS = ""
    MAIL_PER_MINUTE: int | str = 0
    MAIL_SERVER_PER_MINUTE: int | str = 0
    MAIL_DOMAIN_LIMITS = ""
    MAIL_USE_TLS = False
    MAIL_USE_SSL = False
    MAIL_SUPPRESS_SEND = False  # tests use a real SMTP server
    MAIL_CONNECTIONS = 4
    FAILPOINTS = ""
    SECOND_FACTOR_REQUIRED = False
    MAX_CONTENT_LENGTH = 1024 * 1024  # bytes
    MAX_FORM_MEMORY_SIZE = 1024 * 1024
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_PATH = "/"  # the language prefix is part of SCRIPT_NAME; the cookie is for all languages
    WTF_CSRF_TIME_LIMIT = 12 * 3600  # seconds: a form filled in on a train
    WTF_CSRF_SSL_STRICT = False  # we send no Referer; the token and SameSite do the work


class Development(Config):
    """The embedded default behind ``make run``."""

    EMBEDDED = True
    CAUCUSMAIL_DEMO = True


class Testing(Config):
    """For the suite."""

    TESTING = True
    EMBEDDED = True
    CAUCUSMAIL_DEMO = True
    SECRET_KEY = "tests-only-tests-only-tests-only-tests-only"
    SITE_URL = "http://localhost"
    MAIL_DOMAIN = "caucus.example"
    CONTROLLER = "Demonstration Coalition, 1 Example Street, The Hague"
    MAIL_SERVER = "127.0.0.1"
    MAIL_PORT = 1025


class Production(Config):
    """Behind a web server, with a relay."""

    SESSION_COOKIE_SECURE = True
    PROXIES = 1
    SECOND_FACTOR_REQUIRED = True


def _secret(instance: Path) -> str:
    """The embedded installation's secret, made once, readable by its owner alone."""
    path = settings.folder(instance) / "secret_key"
    try:
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as problem:
        raise BadSetting("SECRET_KEY", f"cannot be kept in {path}: {problem.strerror}") from None


def _truth(name: str, value: str) -> bool:
    word = value.strip().lower()
    if word not in (*ON, *OFF):
        raise BadSetting(name, f"{value!r} is neither on nor off: write 1 or 0")
    return word in ON


def from_environment(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The configuration of this process; ``caucusmail.settings`` checks it.

    :raises BadSetting: a switch is neither on nor off, or the embedded installation's secret cannot be kept.
    """
    env = os.environ if environ is None else environ
    embedded = not (env.get("DATABASE_URL") or env.get("MAIL_SERVER"))
    kind = Development if embedded else Production
    values: dict[str, Any] = {name: getattr(kind, name) for name in dir(kind) if name.isupper()}
    instance = Path(env.get("CAUCUSMAIL_INSTANCE") or ROOT / "instance").resolve()
    values["INSTANCE"] = str(instance)
    for name in (
        "SITE_URL",
        "MAIL_DOMAIN",
        "CONTROLLER",
        "SECRET_KEY",
        "MAIL_SERVER",
        "MAIL_USERNAME",
        "MAIL_PASSWORD",
        "MAIL_FALLBACKS",
        "MAIL_PER_MINUTE",
        "MAIL_SERVER_PER_MINUTE",
        "MAIL_DOMAIN_LIMITS",
        "LMTP_HOST",
        "LMTP_PORT",
        "DKIM_SELECTOR_RSA",
        "DKIM_KEY_RSA",
        "DKIM_SELECTOR_ED25519",
        "DKIM_KEY_ED25519",
        "MAIL_CONNECTIONS",
        "BROKER_PREFIX",
        "PROXIES",
        "WEB_CONCURRENCY",
        "WEB_THREADS",
    ):
        if env.get(name):
            values[name] = env[name]
    for name in ("MAIL_USE_TLS", "MAIL_USE_SSL", "MAIL_COMES_IN", "CAUCUSMAIL_DEMO", "SECOND_FACTOR_REQUIRED"):
        if name in env:
            values[name] = _truth(name, env[name])
    values["SQLALCHEMY_DATABASE_URI"] = env.get("DATABASE_URL") or (
        f"sqlite:///{instance / 'caucusmail.sqlite3'}" if embedded else None
    )
    values["BROKER_URL"] = env.get("BROKER_URL") or f"sqla+sqlite:///{instance / 'broker.sqlite3'}"
    values["FAILPOINTS"] = env.get("CAUCUSMAIL_FAILPOINTS") or ""
    values["MAIL_PORT"] = env.get("MAIL_PORT") or (2525 if embedded else 25)
    if embedded:
        port = env.get("PORT") or "8000"
        values.setdefault("SITE_URL", f"http://localhost:{port}")
        values.setdefault("MAIL_DOMAIN", "caucus.example")
        values.setdefault("CONTROLLER", "Demonstration Coalition, 1 Example Street, The Hague")
        values.setdefault("MAIL_SERVER", "127.0.0.1")
        values.setdefault("SECRET_KEY", _secret(instance))
    values["SESSION_COOKIE_SECURE"] = str(values.get("SITE_URL", "")).startswith("https://")
    values["SESSION_COOKIE_NAME"] = "__Host-session" if values["SESSION_COOKIE_SECURE"] else "session"
    return values
