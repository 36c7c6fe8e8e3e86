from caucusmail import languages
from caucusmail.database import transaction
from caucusmail.directory import consent
from caucusmail.directory.models import ConsentText, JoinMode, RosterPolicy, Sensitivity
from tests import make


def test_the_text_names_the_caucus_in_the_readers_language():
    caucus = make.caucus("vrwg")
    with languages.use("fr"):
        assert "Groupe vrwg" in consent.shown(caucus).text


def test_interest_promises_two_letters_at_most():
    assert "at most twice" in consent.shown(make.caucus(join_mode=JoinMode.INTEREST)).text


def test_it_is_true_whoever_may_see_the_roster():
    for policy, others in ((RosterPolicy.HIDDEN, "do not see it"), (RosterPolicy.MEMBERS, "unless I choose")):
        text = consent.shown(make.caucus(roster=policy)).text
        assert "Its coordinators, the secretariat and, if I speak for an organisation, its administrators" in text
        assert others in text


def test_a_confidential_caucus_says_what_being_in_may_tell():
    assert "beliefs" in consent.shown(make.caucus(sensitivity=Sensitivity.CONFIDENTIAL)).text


def test_the_same_words_in_another_language_are_another_text():
    caucus = make.caucus()
    english = consent.shown(caucus)
    assert english.fingerprint != consent.Shown(english.text, "fr").fingerprint


def test_a_text_is_kept_once_and_word_for_word():
    text = consent.shown(make.caucus())
    with transaction():
        assert consent.keep(text) == consent.keep(text) == text.fingerprint
    (kept,) = make.rows_by(ConsentText, ConsentText.fingerprint)
    assert (kept.text, kept.version, kept.language) == (text.text, consent.VERSION, "en")
