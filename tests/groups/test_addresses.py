import pytest

from caucusmail.groups import addresses
from caucusmail.inbound import routing
from caucusmail.mail import headers, verp
from tests import make


@pytest.mark.parametrize("name", ["", "Water", "wa ter", "a@b", "-a", "a-", "a--b", "a\n", "é", "x" * 41, "a.b", "a+b"])
def test_a_name_that_cannot_stand_before_the_at_is_refused(name):
    with pytest.raises(addresses.BadName, match="small letters"):
        addresses.check(make.caucus(), name)


@pytest.mark.parametrize(
    "name",
    [
        *("postmaster", "abuse", "hostmaster", "security", "noc", "info"),  # RFC 2142
        *("secretariat", "press", "legal", "dpo", "privacy", "owner"),
        *("bounce", "bounces", "fbl", "noreply", "notices", "leave"),
        *("water-owner", "water-request", "water-bounces", "water-bounce", "water-leave"),
    ],
)
def test_what_is_the_houses_own_or_would_be_taken_for_it_is_refused_as_that(name):
    with pytest.raises(addresses.Reserved, match="kept for the site itself") as refused:
        addresses.check(make.caucus("water"), name)
    assert refused.value.field == "local_part"
    assert "like water-" in str(refused.value)


def test_nothing_that_we_write_from_or_read_for_ourselves_is_to_be_had():
    ours = {*routing.ROLES, headers.NOTICES, headers.LEAVE.rstrip("+"), verp.INFIX.strip("-+")}
    assert ours <= addresses.RESERVED
    assert {*routing.SUFFIXES, verp.INFIX.rstrip("+")} <= set(addresses.ENDINGS)


def test_an_address_in_use_is_refused_and_the_own_name_of_a_caucus_is_its_own():
    water, peace = make.caucus("water"), make.caucus("peace")
    make.group(water, local_part="water-news")
    for name in ("water-news", "water"):
        with pytest.raises(addresses.Taken, match=f"{name} is in use already"):
            addresses.check(peace, name)
    addresses.check(peace, "peace")
    addresses.check(peace, "peace-press")
