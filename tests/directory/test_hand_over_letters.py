import pytest

from caucusmail import clock
from caucusmail.directory import hand_over_letters
from tests import make


@pytest.fixture
def holder():
    return make.representative(make.person("Rosa"), make.ngo("Haki"))


@pytest.fixture
def caucuses():
    return [make.caucus("water"), make.caucus("peace")]


def test_who_is_asked_reads_of_the_organisation_and_its_caucuses_and_nothing_that_was_typed(holder, caucuses):
    letter = hand_over_letters.offered(holder, "fr", caucuses, "abc", clock.now())
    assert (letter.language, "Haki" in letter.subject, "/fr/hand-over/abc" in letter.text) == ("fr", True, True)
    assert "Groupe water" in letter.text
    assert "Rosa" not in letter.text + letter.subject


@pytest.mark.parametrize(("ended", "said"), [(True, "your term has ended"), (False, "Your other seats stay yours")])
def test_who_held_the_seats_reads_whether_their_term_has_ended(holder, caucuses, ended, said):
    text = hand_over_letters.handed_over(holder, make.person("Amina"), caucuses, "abc", ended=ended).text
    assert (said in text, "/undo/abc" in text) == (True, True)


@pytest.mark.parametrize("admin", [True, False])
def test_a_successor_reads_whether_they_look_after_the_organisation(holder, caucuses, admin):
    text = hand_over_letters.taken_over(make.person("Amina"), holder, caucuses, "abc", admin=admin).text
    assert (("You look after Haki" in text), "/my/abc" in text) == (admin, True)


def test_the_others_read_what_concerns_them(holder, caucuses):
    amina, ben = make.person("Amina"), make.person("Ben", languages=["fr"])
    assert "Amina has declined" in hand_over_letters.declined(holder.person, holder, "Amina").text
    assert "The reason." in hand_over_letters.in_the_way(holder.person, holder, "Amina", "The reason.").text
    assert hand_over_letters.passed_on(ben, holder, amina, caucuses).language == "fr"
    own = [
        hand_over_letters.taken_back(one, holder, caucuses, own=one is holder.person) for one in (holder.person, amina)
    ]
    assert ["again, as before" in one.text for one in own] == [True, False]
