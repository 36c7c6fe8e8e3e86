from caucusmail.database import transaction
from caucusmail.inbound import intake, processing, queries
from caucusmail.inbound.models import Fate
from tests.delivery.owed import copy
from tests.inbound.mails import letter, return_path, take


def test_what_waits_is_counted_until_it_is_judged() -> None:
    with transaction():
        intake.store("", "postmaster@caucus.example", letter())
    assert queries.waiting() == 1
    processing.turn()
    assert queries.waiting() == 0


def test_what_lies_aside_is_shown_with_the_newest_first() -> None:
    row = copy()
    first, second = (take(text, return_path(row)) for text in (b"odd", b"odder"))
    assert first.fate is second.fate is Fate.ASIDE
    assert queries.aside() == [second, first]
    assert queries.aside(1) == [second]
    assert queries.received(first.id) is first
    assert queries.received(0) is None
