"""Replies of one person about one meeting are judged in the order in which they came, however many workers judge."""

from datetime import timedelta

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.inbound import intake, processing
from caucusmail.inbound.models import Fate, Received
from tests import make
from tests.announcements.rooms import copies
from tests.inbound.test_answering import ada, organizer, reply, room, said, sent

__all__ = ["ada", "room", "sent"]


def came(raw: bytes, mailbox: str) -> int:
    with transaction():
        intake.store("", mailbox, raw)
    return make.rows(Received)[-1].id


def fates() -> list[Fate]:
    db.session.expire_all()
    return [one.fate for one in make.rows(Received)]


def judged_by_another(received_id: int, seconds: int = 300) -> None:
    """Another worker has claimed it, for so long."""
    with transaction():
        one = db.session.get(Received, received_id)
        one.attempts, one.lease_until = one.attempts + 1, clock.now() + timedelta(seconds=seconds)


def let_go(received_id: int) -> None:
    """That worker is gone."""
    with transaction():
        db.session.get(Received, received_id).lease_until = None


def test_the_later_of_two_replies_of_one_second_waits_while_the_earlier_one_is_judged_and_counts(sent, ada):
    first = came(reply(sent, ada.address, "DECLINED"), organizer(sent, ada))
    came(reply(sent, ada.address, "ACCEPTED"), organizer(sent, ada))
    judged_by_another(first)
    assert processing.turn() == 0
    let_go(first)
    with transaction():
        db.session.get(Received, first).attempts = 0
    assert processing.turn() == 2
    assert said() == [(ada.id, "coming", "calendar")]


def test_nobody_elses_reply_waits_for_it_and_one_that_fails_holds_up_nothing(sent, ada):
    other = db.session.get(make.Person, copies(sent)[1].person_id)
    first = came(reply(sent, ada.address, "DECLINED"), organizer(sent, ada))
    came(reply(sent, ada.address, "ACCEPTED"), organizer(sent, ada))
    came(reply(sent, other.address), organizer(sent, other))
    judged_by_another(first)
    assert processing.turn() == 1
    assert fates() == [Fate.WAITING, Fate.WAITING, Fate.DONE]
    judged_by_another(first, seconds=-1)
    assert processing.turn() == 2
    assert fates() == [Fate.DONE] * 3
