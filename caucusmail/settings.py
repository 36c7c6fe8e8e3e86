"""A frozen, typed view of the configuration, checked once at start-up.

Domain code reads ``settings.current()``; nothing reads the environment or Flask's config after start.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from caucusmail import hosts, signing_keys
from caucusmail.hosts import BadLimit, BadRelay, Relay
from caucusmail.signing_keys import BadKey, SigningKey

EMBEDDED_RECIPIENTS = (".example", ".test", ".invalid", ".localhost")
"""Where demo mail may go; every other recipient is refused while ``demo`` is on."""

BROKERS = ("amqp", "amqps", "redis", "rediss")


class BadSetting(Exception):
    """A setting cannot be used. The program must not start; the text names the setting."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name, self.message = name, message


@dataclass(frozen=True)
class Settings:
    """Everything the house was told from outside."""

    database_url: str
    broker_url: str
    broker_prefix: str  # queue names begin with it: two installations may share a broker
    site_url: str  # no trailing slash
    mail_domain: str
    controller: str  # who is responsible for the data: name and postal address, as shown on pages and in letters
    secret_key: str
    demo: bool  # the demo world: no recipient outside EMBEDDED_RECIPIENTS
    embedded: bool  # the one-command set-up: local mailbox and its page
    mail_server: str
    mail_port: int  # of the relay
    mail_fallbacks: tuple[Relay, ...]  # tried in this order while the relay does not answer
    lmtp_host: str  # where mail comes in
    lmtp_port: int
    mail_comes_in: bool  # the mail server of our domain hands its mail to us there
    mail_per_minute: int  # letters that all workers together begin in a minute; 0: as many as they can
    mail_server_per_minute: int  # of these at the relay that comes first; each further one has its own
    mail_domain_limits: Mapping[str, int]  # letters a minute, by recipient domain; 0: no limit; "*": all others
    mail_connections: int  # to the relay at the same time, of each turn of a worker
    instance: str  # folder for files of this installation
    testing: bool
    failpoints: str  # where a test breaks off (``failpoints``); always "" outside tests
    signing_keys: tuple[SigningKey, ...]  # an RSA one, and an Ed25519 one beside it or not; none: the relay signs
    second_factor_required: bool  # of the secretariat and of coordinators; of others never
    proxies: int  # trusted web servers in front of us, whose X-Forwarded-* count

    @property
    def secure(self) -> bool:
        """Whether the site is reached by HTTPS."""
        return self.site_url.startswith("https://")

    @property
    def relays(self) -> list[str]:
        """Host and port of each relay, in the order in which they are tried."""
        return [f"{self.mail_server}:{self.mail_port}", *(one.name for one in self.mail_fallbacks)]

    @property
    def relay_limits(self) -> dict[str, int]:
        """Letters a minute of each relay that has a limit, by host and port."""
        most = [self.mail_server_per_minute, *(one.per_minute for one in self.mail_fallbacks)]
        return {name: number for name, number in zip(self.relays, most, strict=True) if number}


def folder(path: Path) -> Path:
    """The folder of this installation, made if need be.

    :raises BadSetting: it cannot be made, or we may not write in it.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise BadSetting("CAUCUSMAIL_INSTANCE", f"{path} cannot be our folder: {problem.strerror}") from None
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise BadSetting("CAUCUSMAIL_INSTANCE", f"we may not write in {path}")
    return path


def _text(config: Mapping[str, Any], name: str) -> str:
    value = config.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadSetting(name, "is not set")
    return value.strip()


def _site_url(config: Mapping[str, Any]) -> str:
    url = _text(config, "SITE_URL").rstrip("/")
    parts = hosts.split(url)
    if parts is None or not url.startswith(("http://", "https://")):
        raise BadSetting("SITE_URL", "is not an address like https://mail.example.org")
    if url != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise BadSetting("SITE_URL", "must end with the host or its port, and hold no path, user or password")
    return url


def _database_url(config: Mapping[str, Any]) -> str:
    url = config.get("SQLALCHEMY_DATABASE_URI") or ""
    if not url:
        raise BadSetting("DATABASE_URL", "is not set")
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: the port is no number
        raise BadSetting("DATABASE_URL", "is not an address like postgresql://user:password@host/name") from None
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadSetting("DATABASE_URL", "must begin with sqlite: or postgresql:")
    try:
        address.get_dialect().import_dbapi()
    except (ArgumentError, ImportError):
        raise BadSetting("DATABASE_URL", f"{address.drivername} needs a driver that is not installed") from None
    return str(url)


def _broker_url(config: Mapping[str, Any]) -> str:
    url = _text(config, "BROKER_URL")
    scheme = url.partition(":")[0]
    if scheme == "sqla+sqlite":
        known = _names_a_file(url.removeprefix("sqla+"))
    elif scheme == "memory":
        known = bool(config.get("TESTING"))
    else:
        known = scheme in BROKERS and hosts.split(url) is not None
    if not known:
        raise BadSetting("BROKER_URL", "must begin with sqla+sqlite:///, amqp://, amqps://, redis:// or rediss://")
    return url


def _names_a_file(url: str) -> bool:
    try:
        return bool(make_url(url).database)
    except ArgumentError:
        return False


def _broker_prefix(config: Mapping[str, Any]) -> str:
    prefix = _text(config, "BROKER_PREFIX")
    if not (prefix.isascii() and prefix.replace("-", "").replace("_", "").isalnum() and len(prefix) <= 40):
        raise BadSetting("BROKER_PREFIX", f"{prefix!r} is not a short name of letters, digits and hyphens")
    return prefix


def _domain(config: Mapping[str, Any]) -> str:
    domain = _text(config, "MAIL_DOMAIN").lower()
    if not hosts.is_host(domain) or "_" in domain or domain.rpartition(".")[2].isdecimal() or len(domain) > 190:
        raise BadSetting("MAIL_DOMAIN", f"{domain!r} is not a domain like mail.example.org")
    return domain


def _controller(config: Mapping[str, Any]) -> str:
    controller = _text(config, "CONTROLLER")
    if not controller.isprintable() or len(controller) > 300:
        raise BadSetting("CONTROLLER", "must be one line of at most 300 characters: name and postal address")
    return controller


def _secret(config: Mapping[str, Any]) -> str:
    secret = _text(config, "SECRET_KEY")
    if len(secret) < 32:
        raise BadSetting("SECRET_KEY", "must hold at least 32 characters of chance, and be kept to oneself")
    return secret


def _number(config: Mapping[str, Any], name: str, low: int, high: int) -> int:
    told = str(config.get(name)).strip()
    number = hosts.whole(told, high)
    if number is None or number < low:
        raise BadSetting(name, f"{number if number is not None else repr(told)} is not from {low} to {high}")
    return number


def _host(config: Mapping[str, Any], name: str, port: str = "LMTP_PORT") -> str:
    host = _text(config, name)
    if not hosts.is_host(host):
        raise BadSetting(name, f"{host!r} is not the name of a host (its port stands in {port})")
    return host


def _mail_server(config: Mapping[str, Any]) -> str:
    """The relay; how we talk to it (Flask-Mail reads that) must make sense."""
    server = _host(config, "MAIL_SERVER", "MAIL_PORT")
    if config.get("MAIL_USE_TLS") and config.get("MAIL_USE_SSL"):
        raise BadSetting("MAIL_USE_SSL", "cannot be on together with MAIL_USE_TLS: choose one")
    for name, other in (("MAIL_USERNAME", "MAIL_PASSWORD"), ("MAIL_PASSWORD", "MAIL_USERNAME")):
        if config.get(other) and not config.get(name):
            raise BadSetting(name, f"is not set, but {other} is")
    return server


def _fallbacks(config: Mapping[str, Any]) -> tuple[Relay, ...]:
    try:
        found = hosts.relays(str(config.get("MAIL_FALLBACKS") or ""))
    except BadRelay as problem:
        raise BadSetting("MAIL_FALLBACKS", str(problem)) from None
    names = [f"{config.get('MAIL_SERVER')}:{config.get('MAIL_PORT')}", *(one.name for one in found)]
    if len(set(names)) < len(names):
        raise BadSetting("MAIL_FALLBACKS", "names a relay twice, or the one that MAIL_SERVER names already")
    return found


def _domain_limits(config: Mapping[str, Any]) -> dict[str, int]:
    try:
        return hosts.domain_limits(str(config.get("MAIL_DOMAIN_LIMITS") or ""))
    except BadLimit as problem:
        raise BadSetting("MAIL_DOMAIN_LIMITS", str(problem)) from None


def _signing_keys(config: Mapping[str, Any]) -> tuple[SigningKey, ...]:
    try:
        return signing_keys.told(config)
    except BadKey as problem:
        raise BadSetting(problem.setting, str(problem)) from None


def _failpoints(config: Mapping[str, Any]) -> str:
    if config.get("FAILPOINTS") and not config.get("TESTING"):
        raise BadSetting("CAUCUSMAIL_FAILPOINTS", "is for tests, and breaks this house on purpose")
    return str(config.get("FAILPOINTS") or "")


def _instance(config: Mapping[str, Any]) -> str:
    return str(folder(Path(_text(config, "INSTANCE"))))


def check(config: Mapping[str, Any]) -> Settings:
    """Read Flask's config into ``Settings``, and make the folder of this installation.

    :raises BadSetting: naming every setting that cannot be used, a line each; its ``name`` is that of the first.
    """
    wrong: list[BadSetting] = []

    def read(reader: Callable[..., Any], *more: Any) -> Any:
        try:
            return reader(config, *more)
        except BadSetting as problem:
            wrong.append(problem)

    read(_number, "WEB_CONCURRENCY", 1, 256)  # gunicorn reads these two
    read(_number, "WEB_THREADS", 1, 256)
    found = Settings(
        database_url=read(_database_url),
        broker_url=read(_broker_url),
        broker_prefix=read(_broker_prefix),
        site_url=read(_site_url),
        mail_domain=read(_domain),
        controller=read(_controller),
        secret_key=read(_secret),
        demo=bool(config.get("CAUCUSMAIL_DEMO")),
        embedded=bool(config.get("EMBEDDED")),
        mail_server=read(_mail_server),
        mail_port=read(_number, "MAIL_PORT", 1, 65535),
        mail_fallbacks=read(_fallbacks),
        lmtp_host=read(_host, "LMTP_HOST"),
        lmtp_port=read(_number, "LMTP_PORT", 1, 65535),
        mail_comes_in=bool(config.get("MAIL_COMES_IN")),
        mail_connections=read(_number, "MAIL_CONNECTIONS", 1, hosts.MOST_LINES),
        mail_per_minute=read(_number, "MAIL_PER_MINUTE", 0, hosts.MOST_A_MINUTE),
        mail_server_per_minute=read(_number, "MAIL_SERVER_PER_MINUTE", 0, hosts.MOST_A_MINUTE),
        mail_domain_limits=read(_domain_limits),
        instance=read(_instance),
        testing=bool(config.get("TESTING")),
        failpoints=read(_failpoints),
        signing_keys=read(_signing_keys),
        second_factor_required=bool(config.get("SECOND_FACTOR_REQUIRED")),
        proxies=read(_number, "PROXIES", 0, 5),
    )
    if wrong:
        raise BadSetting(wrong[0].name, "\n".join([wrong[0].message, *map(str, wrong[1:])]))
    return found


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Make ``settings`` the ones in force; called by the application factory, once."""
    global _current
    _current = settings


def current() -> Settings:
    """The settings in force."""
    if _current is None:
        raise RuntimeError("the application has not been assembled: call create_app() first")
    return _current
