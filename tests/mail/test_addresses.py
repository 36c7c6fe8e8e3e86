import pytest

from caucusmail.mail import addresses
from caucusmail.mail.addresses import BadAddress


@pytest.mark.parametrize(
    ("key", "mailbox"),
    [
        ("par3@mhi.example", "par3@mhi.example"),
        ("par3+1@mhi.example", "par3@mhi.example"),
        ("a+b+c@mhi.example", "a@mhi.example"),
        ("+a@mhi.example", "+a@mhi.example"),
    ],
)
def test_a_subaddress_lies_in_the_mailbox_before_its_plus(key: str, mailbox: str):
    assert addresses.mailbox(key) == mailbox


@pytest.mark.parametrize(
    ("typed", "text", "key"),
    [
        ("  Amina@Mail.EXAMPLE ", "Amina@mail.example", "amina@mail.example"),
        ("zoe\u0308@bu\u0308cher.example", "zoë@bücher.example", "zoë@bücher.example"),
        ("a.b+c@mail.example", "a.b+c@mail.example", "a.b+c@mail.example"),
        ("o'brien@mail.example", "o'brien@mail.example", "o'brien@mail.example"),
        ("أمينة@mail.example", "أمينة@mail.example", "أمينة@mail.example"),
    ],
)
def test_an_address_is_written_as_typed_and_compared_without_case(typed: str, text: str, key: str):
    found = addresses.parse(typed)
    assert (found.text, found.key) == (text, key)
    assert found.domain == text.partition("@")[2]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "amina",
        "amina@",
        "@mail.example",
        "a b@mail.example",
        "a@b@mail.example",
        "Amina <amina@mail.example>",
        "a@mail.example, b@mail.example",
        "a@mail.example\r\nBcc: b@mail.example",
        "a@mail..example",
        "a@[192.0.2.1]",
        '"a b"@mail.example',
        "a@mail.example\x00",
    ],
)
def test_what_is_no_address_is_refused_beside_its_field_with_what_was_read(typed: str):
    with pytest.raises(BadAddress, match="not a complete email address") as refused:
        addresses.parse(typed, "contact")
    assert refused.value.field == "contact"
    assert typed.strip()[:80] in str(refused.value)


def test_the_refusal_of_something_endless_is_short():
    with pytest.raises(BadAddress) as refused:
        addresses.parse("x" * 100_000)
    assert len(str(refused.value)) < 200


def test_two_people_of_one_name_in_two_spellings_are_not_made_one():
    assert addresses.key("straße@mail.example") != addresses.key("strasse@mail.example")
    assert addresses.key("a.b@mail.example") != addresses.key("ab@mail.example")


@pytest.mark.parametrize(
    ("text", "masked"),
    [("amina@mail.example", "a***@mail.example"), ("é@x.example", "é***@x.example"), ("", "***@"), ("@x", "***@x")],
)
def test_a_masked_address_shows_its_first_letter_and_its_domain(text: str, masked: str):
    assert addresses.masked(text) == masked


def test_a_local_part_longer_than_mail_takes_is_refused_in_words():
    assert addresses.parse("x" * 64 + "@mail.example").text
    for local in ("x" * 65, "é" * 33):
        with pytest.raises(addresses.BadAddress, match="longer than any mail server takes"):
            addresses.parse(f"{local}@mail.example")
