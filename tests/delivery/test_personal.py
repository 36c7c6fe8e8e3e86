import json

from caucusmail.accounts.models import Person
from caucusmail.database import transaction
from caucusmail.delivery import ledger, personal, suppression
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingText, Suppression
from tests import make
from tests.delivery.due import LETTER


def owe_to(person: Person) -> Delivery:
    with transaction():
        return ledger.enqueue(LETTER, To(person.address, person.name, person.id))


def test_the_export_names_each_copy_of_this_person_and_of_nobody_else():
    anna, ben = make.person(address="anna@ngo.example"), make.person(address="ben@ngo.example")
    owe_to(anna)
    owe_to(ben)
    told = personal.export(anna.id)
    assert [(one["kind"], one["address"], one["state"]) for one in told["letters"]] == [
        ("test/letter", "anna@ngo.example", "queued")
    ]
    assert told["not_written_to"] == []
    assert "ben@ngo.example" not in json.dumps(told)


def test_the_export_says_that_we_stopped_writing_and_why():
    anna = make.person(address="anna@ngo.example")
    with transaction():
        suppression.suppress(anna.address, "bounced", words="550 no", person_id=anna.id)
    [stopped] = personal.export(anna.id)["not_written_to"]
    assert (stopped["reason"], stopped["words"]) == ("bounced", "550 no")


def test_after_erasing_the_row_stays_without_a_word_of_the_person():
    anna = make.person(address="anna@ngo.example")
    owe_to(anna)
    with transaction():
        personal.erase(anna.id)
    [row] = make.rows(Delivery)
    assert (row.person_id, row.name, row.address, row.address_key) == (None, "", "", "")
    assert (row.state, row.note) == (DeliveryState.WITHDRAWN, "forgotten")
    assert [text.raw for text in make.rows(OutgoingText)] == [b""]


def test_who_asked_not_to_be_written_to_is_not_written_to_after_erasing_either():
    anna, ben = make.person(address="anna@ngo.example"), make.person(address="ben@ngo.example")
    with transaction():
        suppression.suppress(anna.address, "asked", person_id=anna.id)
        suppression.suppress(ben.address, "bounced", person_id=ben.id)
    with transaction():
        personal.erase(anna.id)
        personal.erase(ben.id)
    [kept] = make.rows_by(Suppression, Suppression.since)
    assert (kept.reason, kept.person_id, kept.shown, kept.words) == ("asked", None, "", "")
    assert suppression.suppressed(["anna@ngo.example"]) == {"anna@ngo.example"}
