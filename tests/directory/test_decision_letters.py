import pytest

from caucusmail import languages
from caucusmail.database import transaction
from caucusmail.directory import asking, decision_letters
from caucusmail.directory.reasons import Reason, told
from caucusmail.mail import rendering
from tests import letters, make
from tests.directory.deciding import approved, person
from tests.directory.joiners import applicants


def test_each_is_told_in_their_own_language_where_they_are_in(staff):
    vrwg = make.caucus("vrwg")
    application = make.application("Haki", [vrwg], ["achieng@mhi.example"])
    with transaction():
        person("achieng@mhi.example").languages = ["fr"]
    approved(application, staff)
    (letter,) = letters.to("achieng@mhi.example")
    assert "Groupe vrwg" in letters.text(letter)
    assert "/fr/my/" in letters.text(letter)


def words(letter: rendering.Letter) -> str:
    return f"{letter.subject}\n{letter.text}"


def test_a_question_is_told_word_for_word_with_the_way_to_answer():
    application = make.application(people=["a@x.example"])
    (one,) = applicants(application)
    who = person("a@x.example")
    letter = words(decision_letters.question(who, one, "Who knows <you> & yours?"))
    assert "Who knows <you> & yours?" in letter
    assert f"/en/join/status/{asking.status_token(one, who)}" in letter


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.OTHER])
def test_a_refusal_gives_its_reason_in_the_language_of_its_reader_beside_the_words(reason):
    who = make.person(languages=["fr"])
    letter = decision_letters.declined(who, reason, "  En mai. ", "Haki")
    with languages.use("fr"):
        why = told(reason)
    told_so = " ".join(words(letter).split())
    assert why in told_so
    assert "En mai." in told_so
    assert "Haki" in letter.subject


def test_a_refusal_in_own_words_says_these_alone():
    letter = " ".join(words(decision_letters.declined(make.person(), Reason.OTHER, "Ask us in May.", "")).split())
    assert "Ask us in May." in letter
    assert not any(told(reason) in letter for reason in Reason if reason is not Reason.OTHER)


def test_only_an_administrator_is_shown_where_the_people_of_the_organisation_are_changed():
    who, ngo = make.person(), make.ngo()
    for administrator in (True, False):
        letter = words(decision_letters.joined_by(who, ngo, ["Ada", "Ben"], administrator=administrator))
        assert (f"/organisations/{ngo.id}" in letter) is administrator
        assert "Ada" in letter
        assert "Ben" in letter


@pytest.mark.parametrize("write", [decision_letters.you_keep, decision_letters.no_longer_keep])
def test_who_keeps_a_caucus_reads_its_name_in_their_language(write):
    caucus = make.caucus("water")
    assert "water caucus" in words(write(make.person(), caucus))
    assert "Groupe water" in words(write(make.person(languages=["fr"]), caucus))


def test_who_waits_again_is_told_where():
    letter = words(decision_letters.waits_again(make.person(), make.caucus("water"), make.ngo("Haki")))
    assert "water caucus" in letter
    assert "Haki" in letter


def test_who_is_let_in_reads_why_they_get_the_letter():
    letter = decision_letters.you_are_in(make.person("Rosa"), [make.caucus()], "")
    assert "You get this letter because this address was given to us at" in letter.text
