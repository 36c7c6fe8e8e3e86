"""DKIM and its kin (standards, 1.5): the rows S-D."""

import re
import smtplib
from pathlib import Path

import pytest

from caucusmail import settings
from caucusmail.doctor import domain
from caucusmail.mail import dkim
from tests.golden import capture, postfix, reading
from tests.golden.capture import KEYS, Golden
from tests.journeys.processes import until
from tests.sink import Sink

SIGNED = {
    "from", "to", "cc", "subject", "date", "message-id", "reply-to", "in-reply-to", "references", "mime-version",
    "content-type", "content-transfer-encoding", "sender", "auto-submitted",
}  # fmt: skip
ONCE_MORE = ("from", "subject", "to", "date", "reply-to")
DOCS = Path(__file__).parent.parent.parent / "docs"


def signatures(raw: bytes) -> list[dict[str, str]]:
    return [reading.tags(value) for name, value in reading.fields(raw) if name == "DKIM-Signature"]


def test_s_d1_each_signature_is_as_the_rules_ask(golden: Golden) -> None:
    for caught in golden.all:
        there = [name.lower() for name, _value in reading.fields(caught.raw)]
        for found in signatures(caught.raw):
            assert found["c"] == "relaxed/relaxed"
            assert not {"l", "x"} & set(found)
            names = found["h"].split(":")
            for name in {one for one in there if one in SIGNED or one.startswith("list-")}:
                assert names.count(name) >= there.count(name), name
            assert all(names.count(name) == there.count(name) + 1 for name in ONCE_MORE)


def test_s_d1_the_rsa_key_has_2048_bits_at_least() -> None:
    assert KEYS[0].key.key_size >= 2048


def test_s_d1_whatever_is_added_to_the_body_breaks_both(golden: Golden) -> None:
    for caught in golden.all:
        assert reading.holds(caught.raw) == [True, True]
        assert reading.holds(caught.raw + b"more\r\n") == [False, False]


def test_s_d1_every_changed_header_breaks_both(golden: Golden) -> None:
    caught = golden.notices[0]
    names = {name for name, _value in reading.fields(caught.raw)} - {"DKIM-Signature", "Precedence"}
    for name in names:
        assert reading.holds(reading.with_header(caught.raw, name, "something else")) == [False, False], name


def test_s_d2_each_signature_holds_without_the_other(golden: Golden) -> None:
    for caught in golden.all:
        assert [found["a"] for found in signatures(caught.raw)] == ["rsa-sha256", "ed25519-sha256"]
        first, second, rest = re.split(rb"\r\n(?=DKIM-Signature:|From:)", caught.raw, maxsplit=2)
        assert reading.holds(first + b"\r\n" + rest) == [True]
        assert reading.holds(second + b"\r\n" + rest) == [True]


@pytest.mark.services
def test_s_d3_both_signatures_hold_after_a_real_postfix(golden: Golden, tmp_path: Path) -> None:
    sink = Sink()
    sink.start()
    try:
        with postfix.relaying(tmp_path, sink.port) as port:
            with smtplib.SMTP("127.0.0.1", port) as relay:
                for caught in golden.all:
                    relay.sendmail(caught.sender, caught.recipients, caught.raw)
            until(lambda: len(sink.caught) == len(golden.all), "every letter came through Postfix", 30)
    finally:
        sink.stop()
    for caught in sink.caught:
        assert caught.raw.startswith(b"Received: ")
        assert reading.holds(caught.raw) == [True, True]


def test_s_d4_two_selectors_are_live_and_no_signature_ends(golden: Golden, identity: None) -> None:
    assert [key.selector for key in settings.current().signing_keys] == ["rsa-2027a", "ed-2027a"]
    assert len({dkim.place(key, capture.DOMAIN) for key in KEYS}) == 2
    for caught in golden.all:
        assert [found["s"] for found in signatures(caught.raw)] == ["rsa-2027a", "ed-2027a"]
        assert all("x" not in found for found in signatures(caught.raw))


def test_s_d5_our_words_and_our_doctor_know_the_dmarc_of_today() -> None:
    assert {"pct", "rf", "ri"} == domain.GONE
    told = (DOCS / "operating.md").read_text()
    assert "RFC 9989" in told
    assert "RFC 7489" not in told
