from caucusmail.directory import moving_letters
from tests import make


def test_the_receipt_says_what_is_left_what_stays_and_how_to_take_it_back():
    rosa, ngo = make.person("Rosa"), make.ngo("Andina")
    letter = moving_letters.moved(rosa, ngo, ["FENICC"], ["Water"], "TOKEN", asked="Red")
    for words in ("You no longer represent Andina", "- FENICC", "- Water", "If “Red” is a member here", "/undo/TOKEN"):
        assert words in letter.text
    assert "member here" not in moving_letters.moved(rosa, ngo, [], [], "TOKEN", asked="").text


def test_the_organisation_is_asked_who_follows_in_the_language_of_its_administrator():
    ana, rosa, ngo, water = make.person("Ana", languages=["fr"]), make.person("Rosa"), make.ngo(), make.caucus("water")
    letter = moving_letters.who_follows(ana, ngo, rosa, [water])
    assert letter.language == "fr"
    assert "Groupe water" in letter.text
    assert f"/organisations/{ngo.id}" in letter.text
    assert "Rosa" in moving_letters.stays(ana, ngo, rosa).subject
    for one in (moving_letters.asks(ana, rosa, ngo, [water]), moving_letters.given(ana, ngo, [water])):
        assert "Groupe water" in one.text
    assert ngo.name in moving_letters.not_given(rosa, ngo).text
