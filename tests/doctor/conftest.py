from collections.abc import Iterator
from pathlib import Path

import pytest

from caucusmail.doctor.names import Names, asking
from tests import name_server
from tests.certificates import Authority
from tests.name_server import Zone


@pytest.fixture
def zone() -> Iterator[Zone]:
    with name_server.serving() as zone:
        yield zone


@pytest.fixture
def names(zone: Zone) -> Names:
    return asking("127.0.0.1", zone.port)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Who signs the certificates of a test's servers; trusted."""
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    return authority
