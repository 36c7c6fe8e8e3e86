import pytest

from caucusmail.doctor import names as asked_names
from caucusmail.doctor.names import Names, Unanswered
from tests.name_server import Zone


def test_a_text_is_joined_from_its_strings(zone: Zone, names: Names) -> None:
    zone.text("a.example", "x" * 300, "second")
    assert sorted(names.texts("a.example")) == ["second", "x" * 300]


def test_a_name_without_such_a_record_and_a_name_that_is_none_have_none(zone: Zone, names: Names) -> None:
    zone.put("a.example", "A", "192.0.2.1")
    assert names.texts("a.example") == []
    assert names.texts("b.example") == []


def test_exchanges_come_in_their_order_and_a_null_mx_is_empty(zone: Zone, names: Names) -> None:
    zone.put("a.example", "MX", "20 second.example.", "10 first.example.")
    zone.put("none.example", "MX", "0 .")
    assert names.exchanges("a.example") == ["first.example", "second.example"]
    assert names.exchanges("none.example") == [""]


def test_addresses_are_of_both_kinds(zone: Zone, names: Names) -> None:
    zone.put("a.example", "A", "192.0.2.1")
    zone.put("a.example", "AAAA", "2001:db8:0:0::1")
    assert names.addresses("a.example") == ["192.0.2.1", "2001:db8::1"]


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_pointers_are_found(zone: Zone, names: Names, address: str) -> None:
    zone.pointer(address, "mail.a.example")
    assert names.pointers(address) == ["mail.a.example"]


def test_what_dns_does_not_answer_is_unknown(monkeypatch: pytest.MonkeyPatch, zone: Zone, names: Names) -> None:
    monkeypatch.setattr(asked_names, "SECONDS", 0.3)
    zone.silent.add("silent.example")
    zone.lost.add("lost.example")
    for name in ("silent.example", "lost.example"):
        with pytest.raises(Unanswered, match=name):
            names.texts(name)


def test_a_name_that_cannot_be_asked_for_is_unknown(names: Names) -> None:
    with pytest.raises(Unanswered):
        names.texts("x" * 64 + ".example")
