"""RFC 6238: its own examples, the skew that is allowed, and no code twice."""

import base64
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from caucusmail.accounts import totp

RFC = base64.b32encode(b"12345678901234567890").decode()  # RFC 6238, appendix B, SHA-1


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_the_standard(seconds, code):
    """Appendix B, the last six digits."""
    assert totp.step(RFC, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


NOW = datetime(2026, 11, 28, 12, 0, 10, tzinfo=UTC)
PRESENT = int(NOW.timestamp()) // 30


@pytest.mark.parametrize(("away", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_wrong(away, found):
    code = pyotp.TOTP(RFC).generate_otp(PRESENT + away)
    assert totp.step(RFC, code, NOW) == (PRESENT + away if found else None)


def test_no_code_is_good_after_it_or_a_later_one_was_used():
    code = pyotp.TOTP(RFC).generate_otp(PRESENT)
    assert totp.step(RFC, code, NOW, after=PRESENT - 1) == PRESENT
    assert totp.step(RFC, code, NOW, after=PRESENT) is None
    assert totp.step(RFC, code, NOW, after=PRESENT + 1) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000 or 1=1", "\x00", "é" * 40])
def test_what_is_no_code_is_none(code):
    assert totp.step(RFC, code, NOW) is None


def test_blanks_between_the_digits_do_not_count():
    code = pyotp.TOTP(RFC).generate_otp(PRESENT)
    assert totp.step(RFC, f" {code[:3]} {code[3:]} ", NOW) == PRESENT


@pytest.mark.parametrize(("minutes", "told"), [(5, 5), (-7, -7), (19, 19), (45, None)])
def test_a_clock_that_goes_wrong_is_recognised(minutes, told):
    code = pyotp.TOTP(RFC).at(NOW + timedelta(minutes=minutes))
    assert totp.step(RFC, code, NOW) is None
    assert totp.skewed_by(RFC, code, NOW) == told


def test_a_secret_holds_160_bits_and_is_another_each_time():
    one, other = totp.new_secret(), totp.new_secret()
    assert one != other
    assert len(base64.b32decode(one)) == 20
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", totp.grouped(one))
    assert totp.grouped(one).replace(" ", "") == one


def test_the_address_names_the_house_and_the_account():
    parts = urlsplit(totp.address(RFC, "anna+x@ngo.example"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parse_qs(parts.query) == {"secret": [RFC], "issuer": ["CaucusMail"]}
    assert "anna%2Bx%40ngo.example" in parts.path
