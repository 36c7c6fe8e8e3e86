"""What a receipt says of somebody of whom nothing has left yet."""

from caucusmail.privacy import receipts
from tests import make
from tests.privacy.protected import protect


def test_a_name_of_one_word_is_not_searched_for_and_that_is_said():
    found = receipts.of(protect(make.person("Ana")))
    assert found.name_not_searched
    assert (found.sent_to_them, found.sent_by_them, found.readers, found.lists_taken) == (0, 0, 0, 0)


def test_a_name_of_two_words_is():
    assert not receipts.of(protect(make.person("Ana Maria"))).name_not_searched
