import pytest

from caucusmail import signing_keys
from caucusmail.doctor import domain
from caucusmail.doctor.finding import Finding, Verdict
from caucusmail.doctor.names import Names
from caucusmail.mail import dkim
from caucusmail.signing_keys import SigningKey
from tests.name_server import Zone

OURS, SENDER = "mail.caucus.example", "203.0.113.5"
RSA = SigningKey("rsa-a", signing_keys.new_rsa())
OTHER = SigningKey("rsa-a", signing_keys.new_rsa())
ED25519 = SigningKey("ed-a", signing_keys.new_ed25519())


def seen(finding: Finding) -> tuple[str, str]:
    return str(finding.verdict), finding.words


@pytest.mark.parametrize(
    ("records", "verdict", "words"),
    [
        (["v=spf1 ip4:203.0.113.5 -all"], Verdict.OK, "lets 203.0.113.5 send"),
        ([], Verdict.WRONG, "has no SPF record"),
        (["v=spf1 -all", "v=spf1 a -all"], Verdict.WRONG, "has 2 SPF records"),
        (["v=spf1 ip4:192.0.2.1 -all"], Verdict.WRONG, "does not let 203.0.113.5 send (fail)"),
        (["v=spf1 ~all"], Verdict.WRONG, "(softfail)"),
        (["v=spf1 +all"], Verdict.WRONG, "lets the whole world send"),
        (["v=spf1 nonsense -all"], Verdict.WRONG, "cannot be read"),
        (["v=spf1 exists:%{i}.example -all"], Verdict.WARNING, "holds a macro"),
    ],
)
def test_spf(zone: Zone, names: Names, records: list[str], verdict: Verdict, words: str) -> None:
    zone.text(OURS, *records)
    found = domain.sender_policy(names, OURS, [SENDER])
    assert found.verdict is verdict
    assert words in found.words
    assert bool(found.todo) == (verdict is not Verdict.OK)


def test_spf_is_not_judged_where_nobody_knows_who_sends(zone: Zone, names: Names) -> None:
    zone.text(OURS, "v=spf1 a -all")
    found = domain.sender_policy(names, OURS, [])
    assert (found.verdict, "--sender" in found.todo) == (Verdict.WARNING, True)


def test_the_record_to_publish_names_our_addresses(names: Names) -> None:
    todo = domain.sender_policy(names, OURS, [SENDER, "2001:db8::5"]).todo
    assert '"v=spf1 ip4:203.0.113.5 ip6:2001:db8::5 -all"' in todo


@pytest.mark.parametrize("key", [RSA, ED25519])
def test_dkim_is_well_if_dns_shows_our_key(zone: Zone, names: Names, key: SigningKey) -> None:
    zone.text(dkim.place(key, OURS), dkim.record(key))
    assert domain.signature(names, OURS, key).verdict is Verdict.OK


OTHERS_RECORD, RECORD = dkim.record(OTHER), dkim.record(RSA)


@pytest.mark.parametrize(
    ("records", "verdict", "words"),
    [
        ([], Verdict.WRONG, "there is no record at rsa-a._domainkey."),
        ([OTHERS_RECORD], Verdict.WRONG, "another key"),
        ([RECORD.replace("k=rsa", "k=ed25519")], Verdict.WRONG, "another key"),
        ([RECORD.partition("p=")[0] + "p="], Verdict.WRONG, "revoked"),
        ([RECORD, OTHERS_RECORD], Verdict.WRONG, "2 records"),
        ([RECORD + "; h=sha1"], Verdict.WRONG, "sha256"),
        ([RECORD + "; h=sha1:sha256; t=s"], Verdict.OK, "shows the key"),
        ([RECORD + "; t=y:s"], Verdict.WARNING, "only testing"),
        ([RECORD.removeprefix("v=DKIM1; k=rsa; ")], Verdict.OK, "shows the key"),
        (["nonsense"], Verdict.WRONG, "another key"),
    ],
)
def test_dkim(zone: Zone, names: Names, records: list[str], verdict: Verdict, words: str) -> None:
    zone.text(dkim.place(RSA, OURS), *records)
    found = domain.signature(names, OURS, RSA)
    assert found.verdict is verdict
    assert words in found.words


def test_dkim_without_keys_is_left_to_the_relay(names: Names) -> None:
    (found,) = domain.signatures(names, OURS, ())
    assert found.verdict is Verdict.NOT_USED
    assert "the relay must sign" in found.words


@pytest.mark.parametrize(
    ("records", "verdict", "words"),
    [
        ({"_dmarc.mail.caucus.example": ["v=DMARC1; p=none; rua=mailto:a@caucus.example"]}, Verdict.OK, "p=none"),
        ({"_dmarc.caucus.example": ["v=DMARC1; p=none; sp=reject; rua=mailto:a@b.example"]}, Verdict.OK, "p=reject"),
        ({"_dmarc.caucus.example": ["v=DMARC1; p=quarantine; rua=mailto:a@b.example"]}, Verdict.OK, "p=quarantine"),
        ({}, Verdict.WRONG, "there is no record at _dmarc.mail.caucus.example"),
        ({"_dmarc.example": ["v=DMARC1; p=reject"]}, Verdict.WRONG, "there is no record"),
        ({"_dmarc.mail.caucus.example": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}, Verdict.WRONG, "2 records"),
        ({"_dmarc.mail.caucus.example": ["v=DMARC1; rua=mailto:a@b.example"]}, Verdict.WRONG, "asks for no policy"),
        ({"_dmarc.mail.caucus.example": ["v=DMARC1; p=all"]}, Verdict.WRONG, "asks for no policy"),
        ({"_dmarc.mail.caucus.example": ["v=DMARC1; p=none"]}, Verdict.WARNING, "nobody to report to"),
        (
            {"_dmarc.mail.caucus.example": ["v=DMARC1; p=none; pct=50; rua=mailto:a@b.example"]},
            Verdict.WARNING,
            "holds pct",
        ),
    ],
)
def test_dmarc(zone: Zone, names: Names, records: dict[str, list[str]], verdict: Verdict, words: str) -> None:
    for name, texts in records.items():
        zone.text(name, *texts)
    found = domain.dmarc(names, OURS)
    assert found.verdict is verdict
    assert words in found.words


def test_a_deep_domain_costs_eight_questions_at_most(zone: Zone, names: Names) -> None:
    domain.dmarc(names, "a.b.c.d.e.f.g.h.i.j.k.caucus.example")
    assert len(zone.asked) <= domain.DEEPEST
    assert zone.asked[1][0] == "_dmarc.g.h.i.j.k.caucus.example"


def test_mx(zone: Zone, names: Names) -> None:
    assert seen(domain.exchange(names, OURS))[0] == "wrong"
    zone.put(OURS, "A", SENDER)
    assert seen(domain.exchange(names, OURS))[0] == "warning"
    zone.put(OURS, "MX", "10 mx.caucus.example.")
    assert seen(domain.exchange(names, OURS)) == (
        "wrong",
        "mx.caucus.example, which should take mail for mail.caucus.example, has no address",
    )
    zone.put("mx.caucus.example", "A", SENDER)
    assert seen(domain.exchange(names, OURS)) == ("ok", "mx.caucus.example takes mail for mail.caucus.example")
    zone.put(OURS, "MX", "0 .")
    assert "takes no mail" in seen(domain.exchange(names, OURS))[1]


@pytest.mark.parametrize("sender", [SENDER, "2001:db8::5"])
def test_ptr_leads_there_and_back(zone: Zone, names: Names, sender: str) -> None:
    assert seen(domain.pointer(names, sender))[0] == "wrong"
    zone.pointer(sender, "mx.caucus.example")
    assert "no such name leads back" in seen(domain.pointer(names, sender))[1]
    zone.put("mx.caucus.example", "AAAA" if ":" in sender else "A", sender)
    assert seen(domain.pointer(names, sender))[0] == "ok"
