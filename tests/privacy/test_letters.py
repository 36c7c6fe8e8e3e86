"""The letters of privacy: in their reader's language, naming nobody where nobody is to be named."""

import pytest

from caucusmail import clock
from caucusmail.privacy import letters
from caucusmail.privacy.models import Erasure
from tests import make


@pytest.mark.parametrize(("code", "said"), [("en", "You are erased"), ("fr", "effacé")])
def test_the_last_letter_is_in_their_language_and_names_nobody(code, said):
    person = make.person("Zuleikha", languages=[code])
    for remembered in (True, False):
        for by_secretariat in (True, False):
            letter = letters.erased(person, remembered=remembered, by_secretariat=by_secretariat)
            assert said in letter.subject
            assert "Zuleikha" not in letter.text + letter.html


def test_it_says_whether_a_mark_stays():
    person = make.person()
    assert "scrambled mark" in letters.erased(person, remembered=True, by_secretariat=False).text
    assert "We keep nothing" in letters.erased(person, remembered=False, by_secretariat=False).text
    assert "Two people looked at it" in letters.erased(person, remembered=True, by_secretariat=True).text


def test_the_letter_that_it_was_asked_for_has_the_day_and_the_way_back():
    person = make.person("Ada", zone="UTC")
    waiting = Erasure(person=person, asked_at=clock.now(), due_at=clock.now().replace(2027, 3, 1), remember=True)
    letter = letters.asked(waiting, "abc")
    assert "1 Mar 2027" in letter.subject
    assert "/erasure/abc" in letter.text
