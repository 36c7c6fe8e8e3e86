"""The form of a message and of its transport (standards, 1.2): the rows S-M."""

import json
import re
from datetime import timedelta
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caucusmail import clock
from caucusmail.delivery import filling
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.mail import compiled, verp
from tests import make
from tests.golden import capture, reading
from tests.golden.capture import DOMAIN, Golden
from tests.sink import AnyPort, Sink

ONCE = ("Sender", "Reply-To", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References")
WORD = re.compile(r"=\?[^?\s]+\?[bqBQ]\?[^?\s]*\?=")


def test_s_m1_no_header_is_there_twice_that_may_be_there_once(golden: Golden) -> None:
    for caught in golden.all:
        assert [len(reading.values(caught, name)) for name in ("From", "Date")] == [1, 1]
        assert all(len(reading.values(caught, name)) <= 1 for name in ONCE)


def test_s_m2_every_message_id_is_ours_and_its_own(golden: Golden) -> None:
    found = [reading.value(caught, "Message-ID") for caught in golden.all]
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(rf"<[A-Za-z0-9.]+@{re.escape(DOMAIN)}>", one) for one in found)


def test_s_m2_a_copy_made_again_has_the_same_id_and_two_copies_never_share_one() -> None:
    rows = [Delivery(id=number % 1000, message_id=number // 1000) for number in range(1000, 11_000)]
    found = {filling.message_id(row) for row in rows}
    assert len(found) == len(rows)
    assert found == {filling.message_id(row) for row in rows}


def test_s_m3_lines_end_with_crlf_alone_and_are_short(golden: Golden) -> None:
    for caught in golden.all:
        assert b"\0" not in caught.raw
        assert not re.search(rb"\r(?!\n)|(?<!\r)\n", caught.raw)
        head, _empty, body = caught.raw.partition(b"\r\n\r\n")
        assert max(map(len, body.split(b"\r\n"))) <= 78
        long = [line for line in head.split(b"\r\n") if len(line) > 78]
        assert all(b" " not in line.strip().split(b": ", 1)[-1] and len(line) <= 998 for line in long)


def test_s_m4_encoded_words_are_short_and_stand_where_they_may(golden: Golden) -> None:
    seen = 0
    for caught in golden.all:
        for name, value in reading.fields(caught.raw):
            for line in f"{name}:{value}".split("\r\n"):
                words = WORD.findall(line)
                seen += len(words)
                assert all(len(word) <= 75 for word in words)
                assert not words or len(line) <= 76
            for quoted in re.findall(r'"[^"]*"|<[^>]*>', value):
                assert not WORD.search(quoted)
    assert seen > 5


def test_s_m4_subjects_and_names_are_read_as_they_were_written(golden: Golden) -> None:
    names = {one.recipients[0]: reading.mailbox(one, "To").display_name for one in golden.notices}
    assert set(names.values()) == set(capture.READERS)
    for caught in golden.notices:
        subject = str(make_header(decode_header(reading.value(caught, "Subject"))))
        assert subject == "[VRWG] The room has changed – café, 2nd floor"
        assert reading.mailbox(caught, "From").display_name == "Victims' Rights – Working Group (CaucusMail)"


def test_s_m4_naughty_strings_are_read_as_they_were_written(corpora: Path) -> None:
    for text in json.loads((corpora / "strings" / "naughty-strings.json").read_text()):
        plain = "".join(" " if c < " " or c in "\x7f\x85\u2028\u2029" else c for c in text).strip()
        if not plain:
            continue
        encoded = compiled.header_text(plain).decode()
        assert all(len(word) <= 75 for word in WORD.findall(encoded))
        assert str(make_header(decode_header(encoded.replace("\r\n", "")))) == plain, text


def test_s_m5_dates_have_a_numeric_zone_and_are_of_now(golden: Golden) -> None:
    for announcement in (golden.notices, golden.invitations):
        dates = [parsedate_to_datetime(reading.value(caught, "Date")) for caught in announcement]
        assert all(abs(clock.now() - date) < timedelta(minutes=5) for date in dates)
        assert dates == sorted(dates)
    assert all(re.search(r" [+-]\d{4}$", reading.value(caught, "Date")) for caught in golden.all)


def test_s_m6_text_comes_before_html_and_holds_every_link_and_date_of_it(golden: Golden) -> None:
    for caught in golden.all:
        kinds = [one.get_content_type() for one in caught.message.walk() if not one.is_multipart()]
        assert kinds[:2] == ["text/plain", "text/html"]
        text, html = reading.part(caught, "text/plain"), reading.part(caught, "text/html")
        links = {one.replace("&amp;", "&").replace("=\r\n", "") for one in re.findall(r'href="([^"]+)"', html)}
        assert links
        assert {one for one in links if one not in text} == set()
        dates = set(re.findall(r"\d{1,2} \w+ 20\d\d|\d\d:\d\d", re.sub(r"<[^>]*>", " ", html)))
        assert {one for one in dates if one not in text} == set()


def test_s_m7_letters_are_seven_bit_whatever_stands_in_them(golden: Golden) -> None:
    assert all(caught.raw.isascii() for caught in golden.all)


@pytest.mark.parametrize("offered", [True, False])
def test_s_m7_an_address_that_needs_smtputf8_fails_alone_where_the_relay_lacks_it(app, offered: bool) -> None:
    sink = Sink()
    controller = AnyPort(sink, hostname="127.0.0.1", port=0, enable_SMTPUTF8=offered)
    controller.start()
    relay = app.extensions["mail"]
    before, relay.port = relay.port, controller.port
    try:
        made = capture.room()
        make.member(made.caucus, make.person("Élodie", "élodie@kituo.example"), made.group)
        capture.sent(capture.ready(made), made)
        capture.drain()
    finally:
        relay.port = before
        controller.stop()
    found = {row.address: row for row in make.rows(Delivery) if row.why != "t"}
    special = found.pop("élodie@kituo.example")
    assert {row.state for row in found.values()} == {DeliveryState.ACCEPTED}
    if offered:
        assert special.state is DeliveryState.ACCEPTED
    else:
        assert (special.state, special.note) == (DeliveryState.FAILED, Fault.NEEDS_SMTPUTF8)


@given(st.text(alphabet="abcdefghij0123456789-", min_size=1, max_size=40), st.integers(1, 2**40))
def test_s_m8_the_envelope_fits_for_the_longest_list(name: str, row: int) -> None:
    local, _at, domain = verp.return_path(name, row).partition("@")
    assert len(local) <= 64
    assert len(domain) <= 255
    assert len(f"<{local}@{domain}>") <= 256


def test_s_m8_every_envelope_fits(golden: Golden) -> None:
    for caught in golden.all:
        for address in (caught.sender, *caught.recipients):
            local, _at, domain = address.rpartition("@")
            assert (len(local) <= 64, len(domain) <= 255, len(address) + 2 <= 256) == (True, True, True)
