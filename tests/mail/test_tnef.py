"""What an Outlook has packed into winmail.dat: only what kind of message it is."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caucusmail.mail import tnef

BEGIN = "eJ8+Ii0PAQaQCAAEAAAAAAABAAEAAQeQBgAIAAAA5AQAAAAAAADoAAEIgAcAIAAAAElQTS5NaWNyb3NvZnQgU2NoZWR1bGUuTXRnUmVzcFAA"
"""How the winmail.dat of a real *Accepted* begins."""


def packed(message_class: bytes) -> bytes:
    """As MS-OXTNEF, 2.1.3 draws it: version, code page, message class."""
    octets = tnef.SIGNATURE + b"\x2d\x0f"
    for name, value in ((0x00089006, b"\0\0\1\0"), (0x00069007, b"\xe4\x04" + bytes(6)), (0x00078008, message_class)):
        octets += struct.pack("<BII", 1, name, len(value)) + value + struct.pack("<H", sum(value) % 65536)
    return octets


def test_a_real_one_says_that_somebody_comes():
    octets = base64.b64decode(BEGIN)
    assert tnef.message_class(octets) == "IPM.Microsoft Schedule.MtgRespP"
    assert tnef.partstat(octets) == "ACCEPTED"


@pytest.mark.parametrize(
    ("message_class", "partstat"),
    [
        (b"IPM.Microsoft Schedule.MtgRespN\0", "DECLINED"),
        (b"IPM.Microsoft Schedule.MtgRespA\0", "TENTATIVE"),
        (b"IPM.Schedule.Meeting.Resp.Pos\0", "ACCEPTED"),
        (b"IPM.Microsoft Mail.Note\0", ""),
        (b"", ""),
    ],
)
def test_what_is_answered_is_told_by_the_class(message_class, partstat):
    assert tnef.partstat(packed(message_class)) == partstat


@given(st.binary(max_size=200))
def test_nothing_that_comes_makes_it_fail(octets):
    assert isinstance(tnef.message_class(octets), str)
    assert isinstance(tnef.message_class(tnef.SIGNATURE + octets), str)
