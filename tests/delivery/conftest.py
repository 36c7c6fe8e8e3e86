"""A relay that breaks off, none at all, and who signs certificates."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.certificates import Authority
from tests.delivery.rough import Rough


@pytest.fixture
def rough(app) -> Iterator[Rough]:
    server = Rough().start()
    relay = app.extensions["mail"]
    before, relay.port = relay.port, server.port
    yield server
    relay.port = before
    server.stop()


@pytest.fixture
def no_relay(app, rough) -> None:
    rough.stop()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Signs what a test's relay shows; trusted."""
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    return authority
