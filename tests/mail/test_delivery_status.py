import pytest

from caucusmail.mail import delivery_status


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("rfc822; a@b.example", "a@b.example"),
        ("RFC822;<a@b.example>", "a@b.example"),
        ("<a@b.example>", "a@b.example"),
        (r"utf-8; am\x{ED}na@b.example", "amína@b.example"),
        (r"utf-8; \x{FFFFFFFF}a@b.example", "\ufffda@b.example"),
        ('rfc822; "a..b"@c.example', '"a..b"@c.example'),
        ("rfc822; |/usr/bin/filter", ""),
        ("", ""),
    ],
)
def test_a_typed_address_is_read(value: str, address: str):
    assert delivery_status.address_of(value) == address


def test_each_recipient_is_a_group_with_folded_values_unfolded():
    text = (
        "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: Failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550\n no such\n user\n\nFinal-Recipient: rfc822; c@d.example\nAction: delayed\n"
    )
    one, two = delivery_status.read(text)
    assert (one.action, one.addresses) == ("failed", ["a@b.example"])
    assert one.fields["diagnostic-code"] == "smtp; 550 no such user"
    assert (two.action, two.addresses) == ("delayed", ["c@d.example"])


def test_groups_without_a_line_between_them_are_told_apart():
    text = (
        "Final-Recipient: rfc822; a@b.example\nAction: failed\nFinal-Recipient: rfc822; c@d.example\nAction: failed\n"
    )
    assert [group.addresses for group in delivery_status.read(text)] == [["a@b.example"], ["c@d.example"]]


def test_the_address_we_wrote_to_comes_first():
    text = "Final-Recipient: rfc822; new@b.example\nOriginal-Recipient: rfc822; old@b.example\nAction: failed\n"
    assert delivery_status.read(text)[0].addresses == ["old@b.example", "new@b.example"]


def test_a_report_names_no_more_than_a_hundred():
    text = "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 500
    assert len(delivery_status.read(text)) == delivery_status.MOST_RECIPIENTS


def test_text_that_only_looks_alike_is_no_group():
    assert delivery_status.read("Status: fine\n\nAction: none\n") == []
