import pytest

from caucusmail.database import transaction
from caucusmail.directory import keeping
from caucusmail.directory.keeping import LastCoordinator, Unknown
from tests import letters, make


def appointed(caucus, address):
    with transaction():
        return keeping.appoint(caucus, address, by=make.secretary())


def subjects(person) -> list[str]:
    return [str(letter["Subject"]) for letter in letters.to(person.address)]


def test_who_keeps_a_caucus_is_told_when_it_begins_ends_and_goes_on():
    caucus, ilse, by = make.caucus("water"), make.person(), make.secretary()
    keeper = appointed(caucus, ilse.address)
    with transaction():
        keeping.end(keeper, by=by)
    with transaction():
        keeping.resume(keeper, by=by)
    now, no_longer = "You now keep water caucus", "You no longer keep water caucus"
    assert subjects(ilse) == [now, no_longer, now]


def test_an_address_that_nobody_has_is_not_counted_at_the_reader():
    with pytest.raises(Unknown, match="Nobody here has the address"):
        appointed(make.caucus(), "nobody@x.example")


def test_a_shared_address_names_nobody():
    make.person(address="two@x.example"), make.person(address="two@x.example")
    with pytest.raises(Unknown, match="Several people here share"):
        appointed(make.caucus(), "two@x.example")


def test_the_only_coordinator_is_named_and_one_of_two_is_not():
    caucus = make.caucus("water")
    first = make.coordinator(caucus)
    keeping.refuse_last(make.person(), [caucus])
    with pytest.raises(LastCoordinator, match="Ask the secretariat to name another one first"):
        keeping.refuse_last(first, [caucus])
    make.coordinator(caucus)
    keeping.refuse_last(first, [caucus])
