from urllib.parse import unquote

import pytest

from caucusmail.delivery import filling
from caucusmail.delivery.models import Delivery
from caucusmail.mail import addresses, organizers
from caucusmail.meetings import icalendar

DAYS = {
    "clock": {
        "starts": "2027-11-30T08:00:00+00:00",
        "ends": "2027-12-02T16:00:00+00:00",
        "zone": "Europe/Amsterdam",
        "shown": ["Europe/Amsterdam"],
    }
}


def attendee(address: str) -> str:
    line = filling.attendee(Delivery(address=address))
    assert all(len(piece.encode()) <= 75 for piece in line.split("\r\n"))
    whole = line.replace("\r\n ", "")
    assert "\r" not in whole
    assert "\n" not in whole
    return whole.partition(":mailto:")[2]


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("o'brien+x@mail.example", "o'brien+x@mail.example"),
        ("who?cc=%41@x.example", "who%3Fcc%3D%2541@x.example"),
        ("a/b#c&d@x.example", "a%2Fb%23c%26d@x.example"),
        ("почта@пример.example", "%D0%BF%D0%BE%D1%87%D1%82%D0%B0@xn--e1afmkfd.example"),
        ("a" * 64 + "@" + "b" * 60 + ".example", "a" * 64 + "@" + "b" * 60 + ".example"),
    ],
)
def test_the_attendee_is_a_uri_that_names_the_address_and_nothing_more(address, uri):
    assert attendee(address) == uri
    assert unquote(uri) == filling.on_the_wire(address)
    assert attendee(addresses.masked(address)).partition("@")[0].endswith("***")


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nX-EVIL:1", "a b@c.example", 'a";x@c.example', "a\x00@c.example", "a\u2028@c.example"]
)
def test_an_address_cannot_end_its_line(address):
    assert attendee(address).isascii()
    assert attendee(address).isprintable()


def test_a_meeting_of_several_days_ends_on_its_last_day_on_the_readers_clock_too():
    line = filling.clock(Delivery(zone="Africa/Nairobi"), DAYS)
    assert line == "Tue 11:00 – Thu 19:00 in Nairobi (your time), Tue 30 Nov 2027"


@pytest.mark.parametrize(
    "name", ["VRWG", "Groupe de travail sur les droits des victimes et de leurs proches, à travers le monde"]
)
def test_the_organizer_is_the_readers_own_mailbox_on_lines_that_calendars_take(name):
    start = icalendar.organizer(name, sent_by="vrwg@caucus.example")
    words = {"organizer": {"line": start, "sender": "vrwg", "meeting": 7}}
    for person_id in (9, 10):
        line = filling.organizer(Delivery(person_id=person_id), words)
        assert all(len(piece.encode()) <= 75 for piece in line.split("\r\n"))
        whole = line.replace("\r\n ", "")
        assert whole == f"{start}{organizers.mailbox('vrwg', 7, person_id)}"
    assert filling.organizer(Delivery(), {}) == ""


def test_a_line_is_cut_alike_whether_it_is_plain_or_not():
    for length in (0, 1, 74, 75, 76, 149, 150, 300):
        plain, other = filling.folded("x" * length), filling.folded("x" * length + "é")
        assert plain.replace("\r\n ", "") == "x" * length
        assert other.replace("\r\n ", "") == "x" * length + "é"
        assert all(len(piece.encode()) <= 75 for piece in (plain + "\r\n" + other).split("\r\n"))
