import pytest
from hypothesis import given
from hypothesis import strategies as st

from caucusmail.mail import verp
from caucusmail.tokens import BadToken


@given(st.integers(min_value=1, max_value=2**40), st.text(alphabet="abcdefghij-", min_size=1, max_size=60))
def test_a_return_path_names_its_row_and_fits_the_envelope(row, sender):
    address = verp.return_path(sender, row)
    assert verp.read(address) == row
    assert verp.read(address.upper()) == row
    assert len(address.rpartition("@")[0]) <= 64


@pytest.mark.parametrize(
    "address", ["vrwg@caucus.example", "", "vrwg-bounce+@caucus.example", "vrwg-bounce+aaaa@caucus.example"]
)
def test_what_is_no_return_path_names_nothing(address):
    with pytest.raises(BadToken):
        verp.read(address)


def test_one_changed_letter_or_another_domain_is_forged():
    address = verp.return_path("vrwg", 7)
    local, _at, domain = address.partition("@")
    flipped = local[:-1] + ("a" if local[-1] != "a" else "b")
    for forged in (f"{flipped}@{domain}", f"{local}@elsewhere.example"):
        with pytest.raises(BadToken):
            verp.read(forged)
