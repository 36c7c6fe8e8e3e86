from collections.abc import Iterator

import pytest

from caucusmail.app import House
from caucusmail.database import db
from tests.conftest import rolled_back
from tests.golden import capture
from tests.golden.capture import Golden
from tests.sink import Sink


@pytest.fixture(scope="package")
def golden(app: House) -> Golden:
    """The set, caught once for all tests that only read it."""
    sink = Sink()
    sink.start()
    relay = app.extensions["mail"]
    before, relay.port = relay.port, sink.port
    try:
        with app.app_context(), rolled_back(app, db.engine), capture.identity():
            return capture.golden(sink)
    finally:
        relay.port = before
        sink.stop()


@pytest.fixture
def identity() -> Iterator[None]:
    with capture.identity():
        yield
