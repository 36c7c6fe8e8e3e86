from caucusmail import clock
from caucusmail.directory import seat_letters
from caucusmail.directory.models import Seat
from tests import make


def seat(holder):
    return make.keep(
        Seat(
            ngo_id=make.ngo("Haki").id,
            caucus_id=make.caucus("water").id,
            holder_id=holder.id,
            held_until=clock.now().replace(2030, 3, 1, 21, 0, 0, 0),  # midnight in Nairobi
            since=clock.now(),
        )
    )


def test_the_last_day_is_the_one_before_the_end_in_the_readers_zone():
    rosa = make.person("Rosa")
    assert seat_letters.ends_soon(rosa, seat(rosa), rosa).subject == "A seat of Haki is held until Fri 1 Mar 2030"


def test_who_reads_french_is_written_to_in_french():
    rosa = make.person("Rosa", languages=["fr"])
    letter = seat_letters.vacant(rosa, seat(rosa), "Luis")
    assert letter.language == "fr"
    assert "Groupe water" in letter.text


def test_the_administrator_is_led_to_the_page_of_the_organisation():
    rosa, luis = make.person("Rosa"), make.person("Luis")
    one = seat(luis)
    for letter in (seat_letters.ends_soon(rosa, one, luis), seat_letters.vacant(rosa, one, "Luis")):
        assert f"/organisations/{one.ngo_id}" in letter.text
    for letter in (seat_letters.over(luis, one), seat_letters.runs_on(luis, one)):
        assert f"/organisations/{one.ngo_id}" not in letter.text
