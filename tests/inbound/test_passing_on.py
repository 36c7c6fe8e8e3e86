"""What of a mail would be passed on: words and pictures, as mail programs write them."""

import json
from dataclasses import replace

import pytest
from PIL import Image

from caucusmail.inbound import passing_on
from caucusmail.inbound.passing_on import Draft, Offered
from caucusmail.mail import parts
from tests import photos

ADA = "ada@zenith.example"
UPRIGHT = ["red", "green", "blue", "yellow"]


def drafted(raw: bytes) -> Draft:
    return passing_on.draft(parts.read(raw, len(raw)), [ADA])


def test_words_before_and_after_a_picture_are_one_letter():
    found = drafted(photos.as_apple(ADA, photos.part(photos.photo(orientation=6))))
    assert found.text == "This is the room.\n\nSee you there."
    assert (found.subject, found.left_out, len(found.pictures)) == ("The room", 0, 1)
    (one,) = found.pictures
    assert (one.width, one.height, one.ticked) == (1200, 900, True)
    assert photos.corners(photos.opened(one.content)) == UPRIGHT


def test_of_gmail_too_without_what_stands_for_the_picture():
    within = photos.part(photos.photo(800, 600), more="Content-ID: <ii_1>\r\n")
    found = drafted(photos.as_gmail(ADA, within, photos.part(photos.photo(), how="attachment")))
    assert found.text == "This is the room."
    assert [one.width for one in found.pictures] == [800, 1200]
    assert "Canary" not in str(found)


def test_a_logo_of_a_signature_is_not_ticked():
    logo = photos.part(photos.photo(200, 80), more="Content-ID: <logo>\r\n")
    small = photos.part(photos.photo(200, 80), how="attachment", more="Content-ID: <f_1>\r\n")
    found = drafted(photos.as_gmail(ADA, logo, small))
    assert [one.ticked for one in found.pictures] == [False, True]


def test_of_many_the_three_largest_go_along_in_their_order():
    sides = [200, 1000, 240, 900, 800]
    found = drafted(photos.as_apple(ADA, *(photos.part(photos.photo(side, side, quality=95)) for side in sides)))
    assert [one.width for one in found.pictures] == [1000, 900, 800]
    assert found.left_out == 2


def test_after_so_many_that_cannot_be_read_no_other_is_tried():
    broken, good = [photos.part(photos.photo()[:-500])], photos.part(photos.photo(90, 90))
    assert len(drafted(photos.as_apple(ADA, *broken * (passing_on.MOST_TRIED - 1), good)).pictures) == 1
    assert drafted(photos.as_apple(ADA, *broken * passing_on.MOST_TRIED, good)).pictures == ()


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (b"%PDF-1.7 Canary", "image/jpeg", "IMG.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "logo.svg"),
        (b"Canary", "text/plain", "notes.txt"),
        (b"<p>Canary", "text/html", "report.html"),
        (b"Subject: x\r\n\r\nCanary", "message/rfc822", "forwarded.eml"),
        (photos.photo()[:-500], "image/jpeg", "cut.jpg"),
    ],
)
def test_any_other_file_is_left_out_and_counted(content: bytes, kind: str, name: str):
    found = drafted(photos.as_apple(ADA, photos.part(content, kind, name, "attachment")))
    assert (found.left_out, found.pictures, found.of_phones) == (1, (), 0)
    assert "Canary" not in str(found)


def test_what_a_phone_keeps_to_itself_is_said_to_be_so():
    heic = photos.part(b"\0\0\0\x18ftypheic" + bytes(999), "image/heic", "IMG.HEIC")
    found = drafted(photos.as_apple(ADA, heic, photos.part(photos.photo())))
    assert (found.left_out, found.of_phones, len(found.pictures)) == (1, 1, 1)


def test_a_picture_is_one_whatever_its_part_says_that_it_is():
    raw = photos.octets(photos.seen(), "PNG")
    found = drafted(photos.as_apple(ADA, photos.part(raw, "application/octet-stream", "x.bin", "attachment")))
    assert [one.media_type for one in found.pictures] == ["image/jpeg"]


def test_what_is_kept_comes_back_the_same():
    found = drafted(photos.as_apple(ADA, photos.part(photos.photo(90, 90)), subject="Room"))
    found = replace(found, text="José, <Vega>")
    assert passing_on.unpacked(passing_on.packed(found)) == found
    assert passing_on.words(passing_on.packed(found)) == "Room\nJosé, <Vega>"
    older = json.dumps({"subject": "Room", "text": "Which?", "left_out": 2}).encode()
    assert passing_on.unpacked(older) == Draft("Room", "Which?", 2)


def test_half_a_character_is_kept_as_none():
    raw = b"Subject: x\r\nContent-Type: text/plain; charset=raw-unicode-escape\r\n\r\nOne \\ud800 two\r\n"
    assert passing_on.unpacked(passing_on.packed(drafted(raw))).text == "One ? two"


def test_files_are_numbered_so_that_what_was_not_chosen_leaves_no_gap():
    offered = tuple(Offered(bytes([number]), "image/png", 1, 1) for number in range(3))
    made = passing_on.attachments(Draft("", "", 0, 0, offered), [3, 1, 9, 0, -1])
    assert [(one.name, one.content) for one in made] == [("picture-1.png", b"\0"), ("picture-2.png", b"\2")]


def test_the_largest_that_can_wait_is_bounded():
    noise = photos.octets(Image.effect_noise((1600, 1600), 90), quality=90)
    found = drafted(photos.as_apple(ADA, *[photos.part(noise)] * 4))
    assert (len(found.pictures), found.left_out) == (3, 1)
    assert len(passing_on.packed(found)) < 3_000_000
