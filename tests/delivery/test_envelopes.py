import pytest

from caucusmail.delivery.envelopes import speakable
from tests.delivery.talks import Copy, letter

ADA = letter("ada")


@pytest.mark.parametrize(
    "address",
    ["a>\r\nRCPT TO:<b@mail.example", "a b@mail.example", "a@mail.example>", "", "a\0@mail.example", "a@mail\x85"],
)
def test_an_address_that_could_end_a_command_cannot_be_said(address):
    assert speakable(ADA)
    assert not speakable(Copy("ada", recipient=address or "\n"))
    assert not speakable(Copy("ada", sender=address or "\n"))
