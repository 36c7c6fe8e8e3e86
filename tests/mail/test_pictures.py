"""Pictures made anew: what is seen stays, what the file told does not; and files that mean harm."""

import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from caucusmail.mail import pictures
from caucusmail.mail.pictures import JPEG, PNG, Picture
from tests import photos

UPRIGHT = ["red", "green", "blue", "yellow"]


def remade(octets: bytes) -> Picture:
    found = pictures.remade(octets)
    assert found is not None
    assert [one for one in photos.TELLING if one in found.content] == []
    assert photos.opened(found.content).size == (found.width, found.height)
    return found


def segments(jpeg: bytes) -> set[int]:
    """The markers of a JPEG's head."""
    found, place = set(), 2
    while jpeg[place + 1] != 0xDA:
        found.add(jpeg[place + 1])
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4])
    return found


def test_the_photo_that_the_others_are_made_from_tells_a_lot():
    raw = photos.photo()
    assert [one for one in (b"Exif", b"Canary", b"ICC_PROFILE", b"ns.adobe.com") if one not in raw] == []
    assert photos.opened(raw).getexif().get_ifd(0x8825)[1] == "S"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_of_a_photo_the_pixels_are_left_upright(orientation: int):
    made = remade(photos.photo(orientation=orientation))
    assert (made.media_type, made.width, made.height) == (JPEG, 1200, 900)
    assert photos.corners(photos.opened(made.content)) == UPRIGHT
    assert dict(photos.opened(made.content).getexif()) == {}
    assert segments(made.content) <= {0xE0, 0xDB, 0xC0, 0xC4}  # JFIF, tables and a frame


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_other_kinds_come_out_as_jpeg(kind: str):
    more: dict[str, Any] = {"exif": photos.told()} if kind != "GIF" else {"comment": b"Canary"}
    made = remade(photos.octets(photos.seen(), kind, **more))
    assert made.media_type == JPEG
    assert photos.corners(photos.opened(made.content)) == UPRIGHT


def test_text_in_a_png_stays_behind():
    words = PngInfo()
    words.add_text("Author", "Canary")
    words.add_itxt("Comment", "Canary", zip=True)
    image = photos.seen(mode="RGBA")
    image.putpixel((0, 0), (0, 0, 0, 0))
    made = remade(photos.octets(image, "PNG", pnginfo=words, icc_profile=b"Canary" * 40))
    assert (made.media_type, photos.opened(made.content).info) == (PNG, {})


def test_what_can_be_seen_through_stays_so_and_what_stood_there_does_not():
    image = photos.seen(40, 30, "RGBA")
    for place in range(20):
        image.putpixel((place, 0), (200, 100, 50, 0))
    made = remade(photos.octets(image, "PNG"))
    assert made.media_type == PNG
    assert photos.opened(made.content).getpixel((3, 0)) == (0, 0, 0, 0)


def test_one_that_hides_nothing_is_jpeg_though_it_could():
    assert remade(photos.octets(photos.seen(40, 30, "RGBA"), "PNG")).media_type == JPEG


def test_of_what_moves_the_first_is_left():
    second = Image.new("RGB", (40, 30), "black")
    for kind in ("GIF", "WEBP"):
        raw = photos.octets(photos.seen(40, 30), kind, save_all=True, append_images=[second], quality=95)
        made = remade(raw)
        assert getattr(photos.opened(made.content), "n_frames", 1) == 1
        assert photos.corners(photos.opened(made.content)) == UPRIGHT


def test_colours_of_print_and_shades_of_grey_are_read():
    assert photos.opened(remade(photos.octets(Image.new("CMYK", (9, 9), (0, 255, 255, 0)))).content).getpixel(
        (4, 4)
    ) == (254, 0, 0)
    assert photos.opened(remade(photos.octets(Image.new("L", (9, 9), 77))).content).getpixel((4, 4)) == (77, 77, 77)


def test_a_large_one_is_made_small_enough_for_a_letter():
    made = remade(photos.photo(4032, 3024, orientation=6))
    assert max(made.width, made.height) == pictures.SIDE
    noise = Image.effect_noise((1700, 1700), 90)
    for raw in (photos.octets(noise, quality=95), photos.octets(Image.merge("RGBA", [noise] * 4), "PNG")):
        made = remade(raw)
        assert made.media_type == JPEG
        assert len(made.content) <= pictures.LARGEST


def test_one_of_a_good_camera_is_read_at_a_part_of_its_size():
    assert remade(photos.octets(Image.new("RGB", (8064, 6048), "red"))).width == pictures.SIDE


def claims(width: int, height: int) -> bytes:
    """A PNG that is said to be so large, in a few bytes."""
    raw = photos.octets(Image.new("L", (1, 1)), "PNG")
    head = b"IHDR" + struct.pack(">II", width, height) + raw[24:29]
    return raw[:12] + head + struct.pack(">I", zlib.crc32(head)) + raw[33:]


def scans(number: int) -> bytes:
    """A JPEG in so many scans, each over the whole picture."""
    raw = photos.octets(Image.new("L", (800, 800)), progressive=True)
    last = raw[raw.rfind(b"\xff\xda") : -2]
    return raw[:-2] + last * number + b"\xff\xd9"


HARM = {
    "large": claims(5000, 5000),
    "larger": claims(10_000, 10_000),
    "largest": claims(2**31 - 1, 2**31 - 1),
    "no side": claims(0, 10),
    "large, of a camera": photos.octets(Image.new("L", (9000, 6000))),
    "large, in several scans": photos.octets(Image.new("L", (5000, 4000)), progressive=True),
    "many scans": scans(pictures.MOST_SCANS),
    "cut": photos.photo()[:-400],
    "cut in its head": photos.photo()[:30],
    "png cut": photos.octets(photos.seen(), "PNG")[:-60],
    "gif cut": photos.octets(photos.seen(), "GIF")[:800],
    "webp cut": photos.octets(photos.seen(), "WEBP")[:100],
    "webp without a picture": b"RIFF\x04\x00\x00\x00WEBP",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "pdf": b"%PDF-1.7\n" + bytes(99),
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(99),
    "tiff": photos.octets(photos.seen(), "TIFF"),
    "bmp": photos.octets(photos.seen(), "BMP"),
    "postscript": photos.octets(photos.seen(), "EPS"),
    "only its first bytes": b"\xff\xd8\xff",
    "a web page that begins as a picture": b"GIF89a<script>alert(1)</script>",
    "deep shades of grey": photos.octets(Image.new("I;16", (9, 9)), "PNG"),
    "nothing": b"",
}


@pytest.mark.parametrize("harm", HARM)
def test_what_is_no_picture_that_we_read_is_none(harm: str):
    assert pictures.remade(HARM[harm]) is None


def test_broken_words_in_a_photo_do_not_break_the_photo():
    raw = photos.photo()
    place = raw.find(b"Exif\0\0") + 6
    for broken in (b"\xff" * 8, b"II*\0\xff\xff\xff\x7f", b"MM\0*\0\0\0\x08"):
        made = pictures.remade(raw[:place] + broken + raw[place + 8 :])
        assert made is None or photos.corners(photos.opened(made.content)) == UPRIGHT
    spoiled = 0
    for at in range(0, len(raw), 97):
        made = pictures.remade(raw[:at] + bytes((raw[at] ^ 0x55,)) + raw[at + 1 :])
        spoiled += made is not None and any(one in made.content for one in photos.TELLING)
    assert spoiled == 0


def test_pictures_are_known_by_their_bytes_and_not_by_their_names():
    assert pictures.seems(photos.photo())
    assert not pictures.seems(b"%PDF-1.7")
    for brand in (b"heic", b"heix", b"mif1", b"avif"):
        assert pictures.of_a_phone(b"\x00\x00\x00\x18ftyp" + brand)
    assert not pictures.of_a_phone(photos.photo())
    assert not pictures.of_a_phone(b"\x00\x00\x00\x18ftypmp42")


def test_its_name_is_ours():
    assert [pictures.name(1, JPEG), pictures.name(2, PNG)] == ["picture-1.jpg", "picture-2.png"]
