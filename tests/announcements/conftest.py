"""A relay that remembers; a reader of digests on two groups, and what was announced to both."""

import pytest

from caucusmail.announcements.composition import Text
from caucusmail.groups.models import Mode
from tests import make
from tests.announcements import rooms, served
from tests.announcements.rooms import Room
from tests.announcements.served import HOUR, MONDAY, sent


@pytest.fixture
def relay(app, sink):
    relay = app.extensions["mail"]
    before, relay.port = relay.port, sink.port
    yield sink
    relay.port = before


@pytest.fixture
def vrwg(monkeypatch) -> Room:
    served.at(monkeypatch, MONDAY - HOUR)
    return rooms.vrwg()


@pytest.fixture
def water(vrwg) -> Room:
    return Room(slug="water", tag="WATER", names={"en": "Water", "fr": "Eau"})


@pytest.fixture
def dora(vrwg, water):
    dora = make.person("Dora")
    served.serve(dora, vrwg, Mode.DIGEST)
    served.serve(dora, water, Mode.DIGEST)
    return dora


@pytest.fixture
def both(monkeypatch, vrwg, water, dora) -> list[int]:
    """One announcement of each group, of Monday."""
    text = {"en": Text("News", "Some *news*. " + "More of it. " * 60), "fr": Text("Nouvelles", "Du nouveau.")}
    return [
        sent(monkeypatch, vrwg, MONDAY, texts=text),
        sent(monkeypatch, water, MONDAY + HOUR, texts={"en": Text("Wells", "Dear {{name}}, a well is dug.")}),
    ]
