from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.lmtp import LMTP

from caucusmail.app import House
from caucusmail.database import Model, db
from caucusmail.doctor import incoming
from caucusmail.inbound.models import Received
from tests import another, make, settings_for
from tests.doctor.receiving import receiving
from tests.journeys import processes
from tests.sink import AnyPort, Sink

pytestmark = pytest.mark.journey
DOMAIN = "caucus.example"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with another.house(settings_for.testing(f"sqlite:///{tmp_path}/a.sqlite3", tmp_path)) as house:
        yield house


def test_a_server_of_ours_is_well_and_is_handed_nothing(house: House) -> None:
    with receiving(house) as port:
        found = incoming.look("127.0.0.1", port, DOMAIN)
    assert (found.verdict, found.todo) == ("ok", "")
    with house.app_context():
        assert make.rows(Received) == []


def test_roles_that_are_refused_are_wrong(house: House) -> None:
    with receiving(house) as port:
        found = incoming.look("127.0.0.1", port, "other.example")
    assert found.verdict == "wrong"
    assert "postmaster@other.example, abuse@other.example, notices@other.example" in found.words


def test_a_server_that_cannot_look_anybody_up_is_wrong(house: House) -> None:
    with house.app_context():
        Model.metadata.drop_all(db.engine)
    with receiving(house) as port:
        found = incoming.look("127.0.0.1", port, DOMAIN)
    assert (found.verdict, "cannot say now who is here (451)" in found.words) == ("wrong", True)


def test_nobody_at_the_door_is_wrong() -> None:
    found = incoming.look("127.0.0.1", processes.free_port(), DOMAIN)
    assert (found.verdict, "Connection refused" in found.words) == ("wrong", True)
    assert "flask lmtp" in found.todo


class Lmtp(AnyPort):
    def factory(self) -> LMTP:
        return LMTP(self.handler)


@pytest.mark.parametrize(("kind", "words"), [(AnyPort, "speaks no LMTP"), (Lmtp, "takes mail for anybody")])
def test_another_mail_server_at_our_door_is_wrong(kind: type[AnyPort], words: str) -> None:
    controller = kind(Sink(), hostname="127.0.0.1", port=0)
    controller.start()
    try:
        found = incoming.look("127.0.0.1", controller.port, DOMAIN)
        assert (found.verdict, words in found.words) == ("wrong", True)
    finally:
        controller.stop()
