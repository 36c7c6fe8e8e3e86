from caucusmail.groups import personal, queries
from tests import make


def test_what_is_kept_is_exported_and_erased():
    caucus = make.caucus("water")
    person = make.member(caucus, group=make.group(caucus))
    (place,) = personal.export(person)["subscriptions"]
    assert (place["caucus"], place["group"], place["served"]) == ("water", "water", "every")
    personal.erase(person)
    assert queries.subscriptions(person) == []
