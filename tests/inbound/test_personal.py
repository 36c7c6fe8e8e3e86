from caucusmail import clock
from caucusmail.accounts.models import SecondAddress
from caucusmail.database import transaction
from caucusmail.inbound import personal
from caucusmail.inbound.models import Received
from caucusmail.mail import organizers
from tests import make
from tests.delivery.owed import copy
from tests.inbound.mails import letter, report, return_path, take
from tests.meetings.test_queries import meeting


def test_what_came_from_a_person_or_back_from_them_is_shown_and_deleted_and_nothing_else() -> None:
    her, other = make.person(address="Ada@mail.example"), make.person(address="bea@mail.example")
    make.keep(
        SecondAddress(person_id=her.id, address="a@home.example", address_key="a@home.example", verified_at=clock.now())
    )
    row, others = copy(her.address, person_id=her.id), copy(other.address, person_id=other.id)
    take(report(row), return_path(row))
    take(letter(text="one"), "postmaster@caucus.example", "ADA@mail.example")
    take(letter(text="two"), "postmaster@caucus.example", "a@home.example")
    one = meeting(make.caucus())
    take(letter(text="three"), organizers.mailbox("vrwg", one.id, her.id), "alias@x.example")
    theirs = organizers.mailbox("vrwg", one.id, other.id)
    take(letter(text="four"), theirs, "alias@x.example")
    take(report(others), return_path(others))
    shown = personal.export(her)["received"]
    assert [(one["from"], one["outcome"]) for one in shown] == [
        ("", "bounce"),
        ("ADA@mail.example", "undeliverable"),
        ("a@home.example", "undeliverable"),
        ("alias@x.example", "undeliverable"),
    ]
    with transaction():
        personal.erase(her)
    assert [row.recipient for row in make.rows(Received)] == [theirs, return_path(others)]
    assert personal.export(her) == {"received": []}
