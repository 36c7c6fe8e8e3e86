"""A server that says nothing for minutes keeps one line and no other letter, whatever turn it is that waits for it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from caucusmail import jobs
from caucusmail.app import House
from caucusmail.database import db
from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from tests import another, make, services, settings_for
from tests.delivery.due import owe
from tests.delivery.rough import Rough
from tests.journeys.processes import until

pytestmark = pytest.mark.journey


@pytest.fixture
def relay() -> Iterator[Rough]:
    """Never answers letters for whoever is called silent."""
    server = Rough(many=True, silent_to=b"<silent").start()
    yield server
    server.stop()
    server.cut()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path: Path, relay: Rough) -> Iterator[House]:
    """Everything in one process, on a database that several threads may use."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'house.sqlite3'}" if sqlite else services.fresh_postgresql("caucusmail_silent")
    with another.house(settings_for.testing(url, tmp_path, MAIL_PORT=relay.port)) as house, house.app_context():
        yield house
        db.session.remove()
    if not sqlite:
        services.drop_postgresql(url)


def waiting(task: Callable[[], None], relay: Rough) -> threading.Thread:
    """``task`` at work in a thread of its own, where it waits for a server that says nothing."""
    thread = threading.Thread(target=task, daemon=True)
    thread.start()
    until(lambda: any(b"<silent" in line for line in list(relay.commands)), "a letter that is not answered", 20)
    return thread


@pytest.mark.parametrize(
    ("silent", "task", "owed", "wake"),
    [
        (Lane.BULK, jobs.deliver_bulk, Lane.URGENT, jobs.deliver_announced),
        (Lane.BULK, jobs.deliver_bulk, Lane.TRANSACTIONAL, jobs.deliver),
        (Lane.ANNOUNCE, jobs.deliver_announced, Lane.URGENT, jobs.deliver_announced),
        (Lane.TRANSACTIONAL, jobs.deliver, Lane.TRANSACTIONAL, jobs.deliver),
    ],
)
def test_no_letter_that_is_urgent_waits_behind_a_silent_line(house, relay, silent, task, owed, wake):
    owe("silent@mail.example", lane=silent)
    thread = waiting(task, relay)
    for number in (1, 2):  # the second one has to be found on an idle line, the first by a line that is opened for it
        owe(f"soon{number}@mail.example", lane=owed)
        wake()
        until(lambda: len(relay.whole) == number, "the letter that somebody waits for", 20)  # noqa: B023 - called at once
    assert thread.is_alive()
    relay.cut()
    thread.join(20)
    assert not thread.is_alive()
    assert {row.address: row.state for row in make.rows(Delivery)} == {
        "silent@mail.example": DeliveryState.DEFERRED,
        "soon1@mail.example": DeliveryState.ACCEPTED,
        "soon2@mail.example": DeliveryState.ACCEPTED,
    }
