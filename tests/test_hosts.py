import pytest

from caucusmail import hosts
from caucusmail.hosts import BadLimit, BadRelay, Relay


def test_further_relays_are_read_in_their_order_with_the_ports_of_their_kind():
    assert hosts.relays("smtp://a.example  smtps://b.example\nsmtp+starttls://c.example:2587 smtp+starttls://d") == (
        Relay("a.example", 25),
        Relay("b.example", 465, tls=True),
        Relay("c.example", 2587, starttls=True),
        Relay("d", 587, starttls=True),
    )
    assert hosts.relays("") == ()


def test_a_password_may_hold_anything_and_is_not_shown():
    [relay] = hosts.relays("smtps://caucus%40mail:p%40ss%2Fw%3Ard@[2001:db8::25]:465")
    assert (relay.username, relay.password, relay.name) == ("caucus@mail", "p@ss/w:rd", "2001:db8::25:465")
    assert "p@ss" not in repr(relay)


@pytest.mark.parametrize(
    "told", ["smtp://a:hush@", "ftp://a:hush@h", "smtp://:hush@h", "smtp://a:hush@h?x", "a b c d e f"]
)
def test_what_is_no_relay_is_refused_by_its_place_alone(told):
    with pytest.raises(BadRelay) as bad:
        hosts.relays(told)
    assert "hush" not in str(bad.value)


def test_a_relay_may_carry_limits_of_its_own():
    [relay] = hosts.relays("smtp://a:b@c.example:587?per_minute=600&connections=2")
    assert (relay.per_minute, relay.connections, relay.port) == (600, 2, 587)


def test_domains_have_limits_by_the_name_that_stands_in_an_address():
    found = hosts.domain_limits("Mail.Example=120\nxn--bcher-kva.example=60 BÜCHER.test=7 mine.example=0 *=600")
    assert found == {"mail.example": 120, "bücher.example": 60, "bücher.test": 7, "mine.example": 0, "*": 600}
    assert hosts.domain_limits("") == {}


@pytest.mark.parametrize("told", ["a", "a=", "=5", "a=x", "a=-1", "a=5 A=6", "*=1 *=2", "192.0.2.1=5", "a=٣"])
def test_what_is_no_limit_is_refused(told):
    with pytest.raises(BadLimit):
        hosts.domain_limits(told)


@pytest.mark.parametrize("name", ["a b", "-a", "", "x" * 64, "a..b"])
def test_what_is_no_host(name):
    assert not hosts.is_host(name)
