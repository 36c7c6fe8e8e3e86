import pytest

from caucusmail.database import transaction
from caucusmail.delivery import handing_on, ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingText
from tests import make
from tests.groups.leaving import copy


@pytest.fixture
def row():
    """A copy for Rosa, of a message in English and French."""
    made = copy(make.person("Rosa"), make.group(make.caucus()))
    with transaction():
        for code in ("en", "fr"):
            ledger.add_text(made.message, code, b"Subject: News\r\n\r\nNews\r\n", {"frame": code})
    return made


def handed(row, person) -> list[Delivery]:
    with transaction():
        ids = handing_on.hand_on(
            {row.id: row.why}, To(person.address, person.name, person.id, person.zone), person.languages
        )
    return [one for one in make.rows(Delivery) if one.id in ids]


def test_the_new_reader_gets_one_at_the_same_time_in_their_language(row):
    amina = make.person("Amina", languages=["es", "fr"])
    [made] = handed(row, amina)
    assert (made.person_id, made.language, made.due_at, made.why) == (amina.id, "fr", row.due_at, row.why)
    assert (made.lane, made.state, made.settings_version) == (
        Lane.ANNOUNCE,
        DeliveryState.QUEUED,
        amina.settings_version,
    )
    assert handed(row, amina) == []


def test_who_reads_none_of_its_languages_gets_the_same_version(row):
    [made] = handed(row, make.person(languages=["ar"]))
    assert made.language == "en"


def test_who_asked_for_discreet_letters_gets_a_discreet_one(row):
    [made] = handed(row, make.person(languages=["fr"], discreet=True))
    assert made.language == "fr!"
    [text] = [one for one in make.rows(OutgoingText) if one.language == "fr!"]
    assert b"News" not in text.raw


def test_nothing_of_a_message_that_was_stopped_is_handed_on(row):
    with transaction():
        ledger.stop(row.message)
    assert handed(row, make.person()) == []


def test_of_which_copies_somebody_has_none(row):
    amina = make.person("Amina")
    assert handing_on.without_one([row.id], amina.id) == [row.id]
    [made] = handed(row, amina)
    assert handing_on.without_one([row.id], amina.id) == []
    with transaction():
        made.state = DeliveryState.WITHDRAWN
    assert handing_on.without_one([row.id], amina.id) == [row.id]


def test_a_notice_stays_one_where_there_is_one(row):
    with transaction():
        row.language = "en~"
        for code in ("en~", "fr~"):
            ledger.add_text(row.message, code, b"Subject: News\r\n\r\nRead it there\r\n", {"frame": code[:2]})
    [made] = handed(row, make.person(languages=["fr"]))
    assert made.language == "fr~"
