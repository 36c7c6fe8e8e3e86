from caucusmail.meetings import letters
from tests import make
from tests.meetings.test_queries import meeting


def test_the_letter_names_the_meeting_its_day_and_where_to_give_the_place_up():
    one, who = meeting(make.caucus()), make.person("Rosa", languages=["fr"])
    letter = letters.place(who, one)
    assert letter.language == "fr"
    assert f"http://localhost/fr/meetings/{one.reference}" in letter.text
    assert "In 1" in letter.subject
    assert letters.to(who).person_id == who.id
