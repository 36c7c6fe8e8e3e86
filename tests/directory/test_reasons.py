from caucusmail import languages
from caucusmail.directory.reasons import Reason, short, told


def test_every_reason_has_a_sentence_of_its_own_but_the_one_in_own_words():
    sentences = {reason: told(reason) for reason in Reason}
    assert sentences.pop(Reason.OTHER) == ""
    assert len(set(sentences.values())) == len(Reason) - 1
    assert all(one.endswith(".") for one in sentences.values())


def test_the_secretariat_chooses_among_as_many_words_as_there_are_reasons():
    assert len({short(reason) for reason in Reason}) == len(Reason)


def test_a_reason_is_told_in_the_language_of_the_moment():
    english = [told(reason) for reason in Reason if reason is not Reason.OTHER]
    with languages.use("fr"):
        french = [told(reason) for reason in Reason if reason is not Reason.OTHER]
    assert not set(english) & set(french)
