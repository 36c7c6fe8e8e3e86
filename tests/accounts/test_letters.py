import pytest

from caucusmail import languages
from caucusmail.accounts import letters
from tests import make


@pytest.mark.parametrize(
    ("reads", "language", "subject"),
    [
        (["fr", "en"], "fr", "Se connecter à CaucusMail"),
        (["ar", "fr"], "fr", "Se connecter à CaucusMail"),
        (["ar"], "en", "Sign in to CaucusMail"),
    ],
)
def test_a_sign_in_letter_speaks_the_first_language_of_its_reader_that_the_house_speaks(reads, language, subject):
    letter = letters.sign_in([make.person(languages=reads)], "abc", "123-456")
    assert (letter.language, letter.subject) == (language, subject)
    assert f"/{language}/sign-in/abc" in letter.text
    assert f"/{language}/sign-in/abc" in letter.html
    assert "123-456" in letter.text


def test_whoever_asked_the_letter_speaks_its_readers_language_and_ours_is_as_it_was(french: None):
    assert letters.sign_in([make.person(languages=["en"])], "abc", "123-456").language == "en"
    assert languages.current() == "fr"


def test_a_letter_to_a_shared_mailbox_names_nobody():
    ada, ben = make.person("Ada", "office@x.example"), make.person("Ben", "office@x.example")
    assert (letters.to([ada], ada.address).name, letters.to([ada], ada.address).person_id) == ("Ada", ada.id)
    shared = letters.to([ada, ben], ada.address)
    assert (shared.address, shared.name, shared.person_id) == ("office@x.example", "", None)


@pytest.mark.parametrize(("removed", "words"), [(False, "was changed"), (True, "was removed")])
def test_word_of_a_password_says_what_was_done_by_name_and_holds_no_link_that_signs_in(removed, words):
    letter = letters.password_changed(make.person("<b>Ada</b>"), removed=removed)
    assert words in letter.subject
    assert "<b>Ada</b>" in letter.text
    assert "<b>Ada</b>" not in letter.html
    assert "/sign-in/" not in letter.text
