"""What DNS says about the domain that letters come from: SPF, DKIM, DMARC, MX; and about the host that sends them: PTR."""

from collections.abc import Sequence

from caucusmail.doctor import spf
from caucusmail.doctor.finding import Finding, not_used, ok, warning, wrong
from caucusmail.doctor.names import Names
from caucusmail.mail import dkim
from caucusmail.signing_keys import SigningKey

REFUSED = "Without it large providers refuse bulk mail."
DEEPEST = 8  # questions of a DMARC tree walk (RFC 9989)
GONE = {"pct", "rf", "ri"}  # tags that RFC 9989 did away with
POLICIES = ("none", "quarantine", "reject")


def tags(record: str) -> dict[str, str]:
    """``a=b; c=d`` as DKIM and DMARC write it (RFC 6376, 3.2)."""
    pairs = (one.partition("=") for one in record.split(";") if one.strip())
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs}


def sender_policy(names: Names, domain: str, senders: Sequence[str]) -> Finding:
    """SPF of the envelope's domain: one record, which lets our senders through."""
    found = spf.records(names, domain)
    publish = f'publish a TXT record at {domain}: "v=spf1 {_ip_terms(senders)}-all"'
    if not found:
        return wrong("SPF", f"{domain} has no SPF record. {REFUSED}", publish)
    if len(found) > 1:
        return wrong(
            "SPF", f"{domain} has {len(found)} SPF records, so none counts (RFC 7208, 4.5)", "leave one of them"
        )
    if not senders:
        return warning(
            "SPF", f"{found[0]} – which address sends is not known here", "tell us: flask doctor --sender 203.0.113.5"
        )
    for sender in senders:
        result = spf.judge(names, domain, sender)
        if result is spf.Result.BROKEN:
            return wrong("SPF", f"{found[0]} cannot be read, or asks DNS more than {spf.LOOKUPS} times", publish)
        if result is spf.Result.UNKNOWN:
            return warning("SPF", f"{found[0]} holds a macro, which we do not judge", "send yourself a letter and look")
        if result is not spf.Result.PASS:
            return wrong("SPF", f"{found[0]} does not let {sender} send ({result})", f"add {_ip_terms([sender])}to it")
    return _open_to_all(found[0]) or ok("SPF", f"{found[0]} lets {', '.join(senders)} send")


def _open_to_all(record: str) -> Finding | None:
    if {"+all", "all"} & set(record.lower().split()):
        return wrong("SPF", f"{record} lets the whole world send in our name", "end it with -all")
    return None


def _ip_terms(senders: Sequence[str]) -> str:
    return "".join(f"ip{6 if ':' in sender else 4}:{sender} " for sender in senders) or "ip4:… "


def signature(names: Names, domain: str, key: SigningKey) -> Finding:
    """DKIM: what DNS shows at the selector is the public half of the key in use."""
    check, place, ours = f"DKIM {key.selector}", dkim.place(key, domain), dkim.record(key)
    publish = "publish what `flask dkim records` prints"
    found = names.texts(place)
    if not found:
        return wrong(check, f"there is no record at {place}, so our signatures count for nothing", publish)
    if len(found) > 1:
        return wrong(check, f"there are {len(found)} records at {place}; readers may take any of them", "leave one")
    shown, wanted = tags(found[0]), tags(ours)
    if shown.get("p") == "":
        return wrong(check, f"the record at {place} says that the key is revoked", "make new keys: flask dkim new")
    if "".join(shown.get("p", "").split()) != wanted["p"] or shown.get("k", "rsa") != wanted["k"]:
        return wrong(check, f"the record at {place} shows another key than the one we sign with", publish)
    if "sha256" not in shown.get("h", "sha256").split(":"):
        return wrong(check, f"the record at {place} does not allow sha256 (h=)", publish)
    if "y" in shown.get("t", "").split(":"):
        return warning(check, f"the record at {place} says that we are only testing (t=y)", "take t=y out of it")
    return ok(check, f"{place} shows the key that we sign with")


def signatures(names: Names, domain: str, keys: Sequence[SigningKey]) -> list[Finding]:
    """DKIM of every key; where there is none the relay signs, which cannot be seen from here."""
    if not keys:
        words = (
            f"no key is set, so the relay must sign for {domain}. A letter to yourself shows it: dkim=pass, "
            f"header.d={domain}"
        )
        return [not_used("DKIM", words)]
    return [signature(names, domain, key) for key in keys]


def dmarc(names: Names, domain: str) -> Finding:
    """DMARC: one record, at the domain or at the next one above that has any (RFC 9989, tree walk)."""
    labels = domain.split(".")
    for above in range(len(labels[:-1])):
        if 0 < above <= len(labels) - DEEPEST:
            continue
        place = "_dmarc." + ".".join(labels[above:])
        found = [text for text in names.texts(place) if text.replace(" ", "").lower().startswith("v=dmarc1")]
        if found:
            return _dmarc_record(place, found, own=above == 0)
    return wrong(
        "DMARC", f"there is no record at _dmarc.{domain}. {REFUSED}",
        f'publish a TXT record at _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"',
    )  # fmt: skip


def _dmarc_record(place: str, found: list[str], *, own: bool) -> Finding:
    if len(found) > 1:
        return wrong("DMARC", f"there are {len(found)} records at {place}, so none counts", "leave one of them")
    shown = tags(found[0])
    policy = (shown.get("p", "") if own else shown.get("sp", shown.get("p", ""))).lower()
    if policy not in POLICIES:
        return wrong(
            "DMARC", f"{place} says {found[0]!r}: it asks for no policy", "give it p=none, quarantine or reject"
        )
    if "rua" not in shown:
        return warning(
            "DMARC", f"{place} names nobody to report to", "add rua=mailto:postmaster@… and read the reports"
        )
    if GONE & set(shown):
        gone = ", ".join(sorted(GONE & set(shown)))
        return warning("DMARC", f"{place} holds {gone}, which count no longer (RFC 9989)", f"take {gone} out of it")
    return ok("DMARC", f"{place} asks for p={policy}, and for reports")


def exchange(names: Names, domain: str) -> Finding:
    """MX: bounces, replies and complaints find a way to us."""
    found = names.exchanges(domain)
    if "" in found:
        return wrong(
            "MX", f"{domain} says that it takes no mail (RFC 7505): reports cannot come back, and many refuse its letters",
            "name a host that takes mail for it",
        )  # fmt: skip
    if not found:
        if names.addresses(domain):
            return warning(
                "MX", f"{domain} has no MX record; mail tries its own address", f"publish an MX for {domain}"
            )
        return wrong(
            "MX", f"{domain} has neither MX nor address: no report can come back", f"publish an MX for {domain}"
        )
    for host in found:
        if not names.addresses(host):
            return wrong("MX", f"{host}, which should take mail for {domain}, has no address", "mend its name in DNS")
    return ok("MX", f"{', '.join(found)} takes mail for {domain}")


def pointer(names: Names, sender: str) -> Finding:
    """PTR: the sending address has a name, and the name has that address (forward-confirmed)."""
    check = f"PTR {sender}"
    found = names.pointers(sender)
    if not found:
        return wrong(
            check, "the address that sends has no name. Large providers refuse it.",
            "ask whoever gave you the address for a PTR record",
        )  # fmt: skip
    for name in found:
        if sender in names.addresses(name):
            return ok(check, f"{name}, and that name leads back to it")
    return wrong(
        check, f"{', '.join(found)}, but no such name leads back to it",
        f"give {found[0]} the address {sender}, or the PTR another name",
    )  # fmt: skip
