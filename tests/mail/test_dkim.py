"""Our signatures, read by dkimpy; DNS is a dict."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import dkim as dkimpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caucusmail import settings as house_settings
from caucusmail import signing_keys
from caucusmail.mail import dkim
from caucusmail.signing_keys import SigningKey

DOMAIN = "caucus.example"
RSA = SigningKey("rsa-2027a", signing_keys.new_rsa())
ED25519 = SigningKey("ed-2027a", signing_keys.new_ed25519())
BOTH = dkim.Signer(DOMAIN, (RSA, ED25519))
DNS = {f"{dkim.place(key, DOMAIN)}.".encode(): dkim.record(key).encode() for key in (RSA, ED25519)}

HEADERS = {
    "From": "=?utf-8?b?RWF1IOKAkyBXYXRlcg==?= <water@caucus.example>",
    "To": '"Asha Juma" <asha@kituo.example>',
    "Cc": "other@kituo.example",
    "Sender": "water@caucus.example",
    "Date": "Wed, 25 Nov 2026 12:00:00 +0000",
    "Message-ID": "<1.2.3@caucus.example>",
    "In-Reply-To": "<0@caucus.example>",
    "References": "<0@caucus.example>\r\n <1@caucus.example>",
    "Subject": "Room  moved\tto\r\n  the second floor",
    "Reply-To": "water-owner@caucus.example",
    "List-Id": "Water <water.caucus.example>",
    "List-Help": "<https://caucus.example/help>",
    "List-Subscribe": "<https://caucus.example/caucuses/water>",
    "List-Unsubscribe": "<https://caucus.example/leave/abc.def.ghi>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "List-Owner": "<https://caucus.example/contact>",
    "List-Archive": "<https://caucus.example/caucuses/water>",
    "List-Post": "NO",
    "Feedback-ID": "12:caucus.example",
    "Auto-Submitted": "auto-generated",
    "Content-Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
}
BODY = b"One  line \t \r\n\r\n. \r\nand another\r\n\r\n\r\n"


def message(headers: dict[str, str] | None = None, body: bytes = BODY) -> bytes:
    fields = HEADERS if headers is None else headers
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n" + body


def answers(raw: bytes, dns: dict[bytes, bytes] = DNS) -> list[bool]:
    """Whether each signature, from the top, holds."""
    found = []
    for at in range(raw.count(b"DKIM-Signature: ")):
        reader = dkimpy.DKIM(raw)
        try:
            found.append(reader.verify(idx=at, dnsfunc=partial(lookup, dns)))
        except dkimpy.DKIMException:
            found.append(False)
    return found


def lookup(dns: dict[bytes, bytes], name: bytes, timeout: float = 5) -> bytes | None:
    return dns.get(name)


def fields(raw: bytes) -> list[bytes]:
    return re.split(rb"\r\n(?![ \t])", raw.partition(b"\r\n\r\n")[0])


def tags(field: bytes) -> dict[bytes, bytes]:
    pairs = (one.partition(b"=") for one in re.sub(rb"\s", b"", field.partition(b":")[2]).split(b";"))
    return {name: value for name, _equals, value in pairs}


@pytest.fixture
def keys() -> Iterator[None]:
    """The settings name both keys."""
    before = house_settings.current()
    house_settings.use(replace(before, signing_keys=(RSA, ED25519)))
    yield
    house_settings.use(before)


def test_without_keys_nobody_signs() -> None:
    assert dkim.signer() is None


def test_who_signs_is_made_once_from_the_settings(keys: None) -> None:
    ours = dkim.signer()
    assert ours is not None
    assert ours is dkim.signer()
    assert answers(ours.sign(message())) == [True, True]


SIGNED = BOTH.sign(message())
TOP = SIGNED[: -len(message())]


def test_both_signatures_hold_and_the_rsa_one_is_on_top() -> None:
    assert answers(SIGNED) == [True, True]
    assert [tags(field)[b"a"] for field in fields(SIGNED)[:2]] == [b"rsa-sha256", b"ed25519-sha256"]


def test_the_message_below_the_signatures_is_the_same_to_the_byte() -> None:
    assert SIGNED.endswith(b"\r\n" + message())


@pytest.mark.parametrize("gone", [0, 1])
def test_either_signature_holds_without_the_other(gone: int) -> None:
    signatures = fields(TOP)
    del signatures[gone]
    assert answers(signatures[0].rstrip() + b"\r\n" + message()) == [True]


def test_a_signature_holds_though_nobody_finds_the_other_ones_key() -> None:
    for key, expected in ((RSA, [True, False]), (ED25519, [False, True])):
        name = f"{dkim.place(key, DOMAIN)}.".encode()
        assert answers(SIGNED, {name: DNS[name]}) == expected


def test_without_a_second_key_there_is_one_signature() -> None:
    assert answers(dkim.Signer(DOMAIN, (RSA,)).sign(message())) == [True]


def test_tags_are_as_the_rules_ask() -> None:
    for field in fields(SIGNED)[:2]:
        found = tags(field)
        assert (found[b"v"], found[b"c"], found[b"d"]) == (b"1", b"relaxed/relaxed", DOMAIN.encode())
        assert not {b"l", b"x"} & set(found)


def test_the_same_message_gets_the_same_signatures_again() -> None:
    assert BOTH.sign(message()) == SIGNED


def test_our_lines_are_short_and_no_line_is_blank() -> None:
    long = dkim.Signer("a-rather-long-name.of-a-domain.with-many-parts.caucus.example", (RSA, ED25519))
    for line in long.sign(message())[: -len(message())].split(b"\r\n")[:-1]:
        assert 1 < len(line) <= 78
        assert line.strip()


def signed_names(raw: bytes) -> list[str]:
    return tags(fields(raw)[0])[b"h"].decode().split(":")


def test_every_header_of_a_reader_is_signed_and_the_dangerous_ones_once_more() -> None:
    names = signed_names(SIGNED)
    assert set(names) == {name.lower() for name in HEADERS}
    assert {name for name in names if names.count(name) == 2} == {
        "from", "to", "subject", "date", "reply-to", "message-id", "mime-version", "content-type",
        "list-unsubscribe", "list-unsubscribe-post",
    }  # fmt: skip


def test_a_letter_without_a_list_may_pass_a_list_that_adds_its_own_headers() -> None:
    plain = {name: value for name, value in HEADERS.items() if not name.startswith("List-")}
    raw = BOTH.sign(message(plain))
    assert "list-unsubscribe" not in signed_names(raw)
    assert answers(b"List-Unsubscribe: <https://forwarder.example/>\r\nList-Id: <all.ngo.example>\r\n" + raw) == [
        True,
        True,
    ]


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_a_changed_header_breaks_both(name: str) -> None:
    changed = message(HEADERS | {name: HEADERS[name] + "x"})
    assert answers(TOP + changed) == [False, False]


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_a_header_that_is_gone_breaks_both(name: str) -> None:
    changed = message({other: value for other, value in HEADERS.items() if other != name})
    assert answers(TOP + changed) == [False, False]


@pytest.mark.parametrize("name", [*dkim.ALWAYS_ONE_MORE, *dkim.ONE_MORE_IF_THERE])
@pytest.mark.parametrize("below", [False, True])
def test_a_second_one_on_top_or_below_breaks_both(name: bytes, below: bool) -> None:
    head, empty, body = SIGNED.partition(b"\r\n\r\n")
    added = name + b": something else"
    raw = head + b"\r\n" + added + empty + body if below else added + b"\r\n" + SIGNED
    assert answers(raw) == [False, False]


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.rstrip() + b"\r\nand more\r\n",
        lambda body: b"more\r\n" + body,
        lambda body: body.replace(b"One", b"Two"),
        lambda body: body.replace(b"One  line", b"Oneline"),
        lambda body: body[:0],
    ],
)
def test_a_changed_body_breaks_both(change: Callable[[bytes], bytes]) -> None:
    head, empty, body = SIGNED.partition(b"\r\n\r\n")
    assert answers(head + empty + change(body)) == [False, False]


def refolded(raw: bytes, width: int) -> bytes:
    """Every header field on new lines of at most ``width`` octets, broken at blanks, as some relays do."""
    head, empty, body = raw.partition(b"\r\n\r\n")
    made = []
    for field in fields(head):
        words, lines = field.replace(b"\r\n", b"").split(), [b""]
        for word in words:
            if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
                lines.append(b"\t" + word)
            else:
                lines[-1] += (b" " if lines[-1] else b"") + word
        made.append(b"\r\n".join(lines))
    return b"\r\n".join(made) + empty + body


@pytest.mark.parametrize("width", [40, 78, 998])
def test_both_hold_after_a_relay_has_folded_every_header_anew(width: int) -> None:
    changed = refolded(SIGNED, width)
    assert changed != SIGNED
    assert answers(changed) == [True, True]


def test_both_hold_after_blanks_at_line_ends_and_empty_lines_at_the_end_are_gone() -> None:
    head, empty, _body = SIGNED.partition(b"\r\n\r\n")
    assert answers(head + empty + b"One line\r\n\r\n.\r\nand another\r\n") == [True, True]


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n", b" \r\n", b"\t", b"a", b"a ", b"a\r\n \r\n", b"\r\n\r\na"])
def test_short_and_empty_bodies_hold(body: bytes) -> None:
    raw = BOTH.sign(message(body=body))
    assert answers(raw if body == b"" or raw.endswith(b"\r\n") else raw + b"\r\n") == [True, True]


def test_the_example_of_the_rfc_is_made_relaxed_as_it_says() -> None:
    # RFC 6376, 3.4.5
    assert dkim.relaxed_field(b"A: X")[1] + dkim.relaxed_field(b"B : Y\t\r\n\tZ  ")[1] == b"a:Xb:Y Z"
    assert dkim.relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"


NAMES = st.sampled_from([*HEADERS, "X-Odd", "from", "DATE", "Received"])
VALUES = st.lists(
    # no control character but the tab: `compiled.guard` lets none through, and dkimpy takes some of them for blanks
    st.text(st.one_of(st.just("\t"), st.characters(exclude_categories=["C"], max_codepoint=0x2FF)), max_size=30),
    min_size=1, max_size=3,
).map(lambda pieces: "\r\n ".join(["", *pieces]).strip("\r\n"))  # fmt: skip
LINES = st.lists(
    st.one_of(
        st.sampled_from([b"", b" ", b"\t", b" a  b\t", b".", b"From x"]),
        st.binary(max_size=40).map(lambda raw: re.sub(rb"[\r\n]", b"", raw)),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, VALUES), max_size=12), LINES)
def test_whatever_the_message_both_hold(more: list[tuple[str, str]], lines: list[bytes]) -> None:
    head = b"From: a@caucus.example\r\n" + "".join(f"{name}:{value}\r\n" for name, value in more).encode()
    head = b"".join(field + b"\r\n" for field in fields(head) if field.strip())
    raw = BOTH.sign(head + b"\r\n" + b"".join(line + b"\r\n" for line in lines))
    assert answers(raw) == [True, True]


@settings(max_examples=200, deadline=None)
@given(LINES)
def test_a_body_made_relaxed_stays_as_it_is(lines: list[bytes]) -> None:
    once = dkim.relaxed_body(b"\r\n".join(lines))
    assert dkim.relaxed_body(once) == once
