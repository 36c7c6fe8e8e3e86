from caucusmail.groups import deputy_letters
from tests import letters, make
from tests.announcements.rooms import Room
from tests.groups.absent import Seated, asked, away, sits


def test_who_is_asked_reads_where_and_until_when_in_their_language_and_zone():
    haki = Seated(Room(), languages=["fr"], zone="Africa/Nairobi")
    asked(haki.holder, haki.amina)
    (letter,) = letters.to(haki.amina.address)
    told = letters.text(letter)
    assert letter["Subject"] == "On vous demande un remplacement au siège de Haki"
    assert ("Nairobi" in told, "/deputy/" in told) == (True, True)


def test_each_letter_names_holder_deputy_and_organisation():
    haki = Seated(Room())
    made = haki.away()
    for letter in (
        deputy_letters.named(made),
        deputy_letters.accepted(made),
        deputy_letters.declined(made),
        deputy_letters.ended(made, haki.rosa),
        deputy_letters.ended(made, haki.amina),
        deputy_letters.runs_on(made, haki.rosa),
        deputy_letters.runs_on(made, haki.amina),
    ):
        assert "Haki" in letter.text


def test_a_caucus_that_does_not_pass_is_not_named():
    room = Room(sensitivity="confidential")
    haki = Seated(Room())
    make.member(room.caucus, haki.rosa, room.group)
    asked(haki.holder, haki.amina)
    (letter,) = letters.to(haki.amina.address)
    assert room.caucus.names["en"] not in letters.text(letter)
    bo, term, _seat = sits(haki.room, haki.ngo, "Bo")
    assert away(term, haki.amina).deputy_id == haki.amina.id != bo.id
