"""Addresses of members' mailboxes."""

import dataclasses

import pytest

from caucusmail import settings
from caucusmail.mail import mailboxes

TOKEN = "0123456789abcdef0123"


@pytest.mark.parametrize("slug", ["vrwg", "a" * 40, "x"])
def test_an_address_is_read_again_however_it_was_folded_on_the_way(slug):
    address = mailboxes.address(slug, TOKEN)
    assert len(address.partition("@")[0]) <= 64
    for written in (address, address.upper(), address.title()):
        assert mailboxes.token_of(written) == TOKEN


@pytest.mark.parametrize(
    "address",
    [
        f"vrwg-member+{TOKEN}@elsewhere.example",
        f"vrwg-member+{TOKEN[:-1]}@caucus.example",
        f"vrwg-member+{TOKEN}0@caucus.example",
        "vrwg-member+@caucus.example",
        f"vrwg-answer+{TOKEN}@caucus.example",
        "",
    ],
)
def test_what_is_none_has_no_token(address):
    assert mailboxes.token_of(address) == ""


def test_where_no_mail_comes_in_it_says_so(monkeypatch):
    assert mailboxes.open_here()
    shut = dataclasses.replace(settings.current(), embedded=False, mail_comes_in=False)
    monkeypatch.setattr(settings, "current", lambda: shut)
    assert not mailboxes.open_here()
