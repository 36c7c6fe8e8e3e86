from caucusmail import clock
from caucusmail.directory import yearly_letters
from tests import make


def test_the_question_names_the_organisation_the_last_day_and_nobody():
    ngo, rosa = make.ngo("Haki"), make.person("Rosa")
    until = clock.now().replace(2030, 3, 1, 9, 0, 0, 0)
    first = yearly_letters.question(rosa, ngo, "TOKEN", until, again=False)
    assert first.subject == "Still true? The people and seats of Haki"
    assert all(words in first.text for words in ("/still-true/TOKEN", "Please answer by Fri 1 Mar 2030"))
    assert "We have asked before" not in first.text
    assert "We have asked before" in yearly_letters.question(rosa, ngo, "TOKEN", until, again=True).text


def test_what_was_answered_is_told_to_the_one_who_did_and_to_the_others():
    ngo, rosa, ben = make.ngo("Haki"), make.person("Rosa"), make.person("Ben")
    assert "You have confirmed" in yearly_letters.answered(rosa, ngo, rosa, [], "T", more=False).text
    told = yearly_letters.answered(ben, ngo, rosa, ["Luis"], "T", more=False).text
    assert "Rosa has said who no longer speaks for Haki" in told
    assert "- Luis" in told


def test_the_secretariat_reads_numbers_and_words():
    noor = make.secretary(languages=["fr"])
    report = yearly_letters.report(noor, 50, 31)
    assert report.language == "fr"
    assert "62" in report.subject
    assert all(number in report.text for number in ("50", "31", "19", "/staff/yearly"))
    assert yearly_letters.report(noor, 0, 0).subject
    assert "> We moved" in yearly_letters.said(noor, make.ngo(), "We moved\nto Accra").text
