import pytest

from caucusmail.doctor import spf
from caucusmail.doctor.names import Names
from caucusmail.doctor.spf import Result
from tests.name_server import Zone

HERE, SIX = "203.0.113.5", "2001:db8::5"


@pytest.mark.parametrize(
    ("record", "sender", "result"),
    [
        ("v=spf1 ip4:203.0.113.5 -all", HERE, Result.PASS),
        ("v=spf1 ip4:203.0.113.0/24 -all", HERE, Result.PASS),
        ("v=spf1 ip4:203.0.113.0/30 -all", HERE, Result.FAIL),
        ("v=spf1 ip6:2001:db8::/32 ~all", SIX, Result.PASS),
        ("v=spf1 ip6:2001:db8::/32 ~all", HERE, Result.SOFTFAIL),
        ("v=spf1 IP4:203.0.113.5 -ALL", HERE, Result.PASS),
        ("v=spf1 a -all", HERE, Result.PASS),
        ("v=spf1 a -all", SIX, Result.PASS),
        ("v=spf1 a:other.example/24 -all", HERE, Result.PASS),
        ("v=spf1 a:other.example -all", HERE, Result.FAIL),
        ("v=spf1 a/24//64 -all", "2001:db8::9", Result.PASS),
        ("v=spf1 a//64 -all", "2001:db8::9", Result.PASS),
        ("v=spf1 a//64 -all", "203.0.113.6", Result.FAIL),
        ("v=spf1 mx -all", HERE, Result.PASS),
        ("v=spf1 mx:nowhere.example -all", HERE, Result.FAIL),
        ("v=spf1 include:good.example -all", HERE, Result.PASS),
        ("v=spf1 include:bad.example -all", HERE, Result.FAIL),
        ("v=spf1 include:nowhere.example -all", HERE, Result.BROKEN),
        ("v=spf1 redirect=good.example", HERE, Result.PASS),
        ("v=spf1 redirect=nowhere.example", HERE, Result.BROKEN),
        ("v=spf1 exp=x.example -all", HERE, Result.FAIL),
        ("v=spf1 -ip4:203.0.113.5 +all", HERE, Result.FAIL),
        ("v=spf1 ?all", HERE, Result.NEUTRAL),
        ("v=spf1", HERE, Result.NEUTRAL),
        ("v=spf1 exists:there.example -all", HERE, Result.PASS),
        ("v=spf1 exists:nowhere.example -all", HERE, Result.FAIL),
        ("v=spf1 exists:%{i}.x.example -all", HERE, Result.UNKNOWN),
        ("v=spf1 ptr -all", HERE, Result.PASS),
        ("v=spf1 ptr:other.example -all", HERE, Result.FAIL),
        ("v=spf1 ipv4:203.0.113.5 -all", HERE, Result.BROKEN),
        ("v=spf1 ip4:203.0.113 -all", HERE, Result.BROKEN),
        ("v=spf2 ip4:203.0.113.5", HERE, Result.NONE),
        ("v=spf1x -all", HERE, Result.NONE),
        ("v=spf1 include:loop.example -all", HERE, Result.BROKEN),
        ("v=spf1 " + "a:nowhere.example " * 10 + "-all", HERE, Result.FAIL),
        ("v=spf1 " + "a:nowhere.example " * 11 + "-all", HERE, Result.BROKEN),
    ],
)
def test_a_record_is_judged_as_the_rfc_says(zone: Zone, names: Names, record: str, sender: str, result: Result) -> None:
    zone.text("a.example", record)
    zone.put("a.example", "A", HERE)
    zone.put("a.example", "AAAA", SIX)
    zone.put("a.example", "MX", "10 mx.a.example.")
    zone.put("mx.a.example", "A", HERE)
    zone.put("other.example", "A", "203.0.113.77")
    zone.put("there.example", "A", "127.0.0.2")
    zone.text("good.example", "v=spf1 ip4:203.0.113.0/24 -all")
    zone.text("bad.example", "v=spf1 -all")
    zone.text("loop.example", "v=spf1 include:loop.example -all")
    zone.pointer(HERE, "host.a.example")
    assert spf.judge(names, "a.example", sender) is result


def test_two_records_are_an_error_and_other_texts_do_not_matter(zone: Zone, names: Names) -> None:
    zone.text("a.example", "v=spf1 -all", "v=spf1 +all")
    assert spf.judge(names, "a.example", HERE) is Result.BROKEN
    zone.text("a.example", "v=spf1 +all", "some-site-verification=1")
    assert spf.judge(names, "a.example", HERE) is Result.PASS
