from caucusmail import clock
from caucusmail.accounts import letters as ours
from caucusmail.accounts import telling
from caucusmail.accounts.letters import Told
from caucusmail.accounts.models import SecondAddress
from caucusmail.database import transaction
from tests import letters, make


def test_every_address_that_was_verified_is_told_once():
    anna = make.person(address="anna@ngo.example")
    for address, verified in (
        ("a@home.example", clock.now()),
        ("b@home.example", None),
        ("ANNA@ngo.example", clock.now()),
    ):
        make.keep(SecondAddress(person_id=anna.id, address=address, address_key=address.lower(), verified_at=verified))
    with transaction():
        telling.everywhere(anna, ours.told(anna, Told.CODES_MADE))
    assert [len(letters.to(one)) for one in ("anna@ngo.example", "a@home.example", "b@home.example")] == [1, 1, 0]
