"""Read what mail systems write back: delivery reports, complaints, auto-replies; pure, bounded, never an error.

``read`` tells what kind of report a message is, and of each failed recipient whose fault it was. Whether the report is
true is not its business: only a signed return path (``mail.verp``) or our own Message-ID ties it to a copy of ours.
Sources: RFC 3464 (delivery reports), 3834 (auto-replies), 5965 (feedback); the prose of systems that follow none.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from caucusmail.mail import complaints, delivery_status, detectors, faults, parts, prose_reports, traces
from caucusmail.mail.delivery_status import Group
from caucusmail.mail.faults import Fault
from caucusmail.mail.parts import Part
from caucusmail.mail.traces import Traces

NO_TRACES = Traces()
LONGEST_WORDS = 500  # characters


class Kind(StrEnum):
    """What a message turned out to be."""

    BOUNCE = "bounce"
    DELAY = "delay"  # it is still being tried
    SUCCESS = "success"
    COMPLAINT = "complaint"
    AUTHENTICATION = "authentication"  # about our domain (RFC 6591, DMARC): nobody's complaint
    AUTO_REPLY = "auto-reply"
    NONE = "none"


@dataclass(frozen=True)
class Recipient:
    """One recipient that a report speaks of. ``address`` as we wrote to it, if the report says; ``final`` as refused."""

    address: str
    final: str
    fault: Fault
    status: str  # X.Y.Z (RFC 3463), or ""
    words: str  # the server's

    @property
    def addresses(self) -> tuple[str, ...]:
        """Both, each once."""
        return tuple(dict.fromkeys(one for one in (self.address, self.final) if one))


@dataclass(frozen=True)
class Report:
    """What was read. ``recipients`` of a complaint are those who complained, with no fault of theirs."""

    kind: Kind
    recipients: tuple[Recipient, ...] = ()
    traces: Traces = NO_TRACES
    feedback: str = ""  # kind of a complaint


_FAILED, _DELAYED = ("failed", "failure", "expired", "rejected"), ("delayed",)
_SUCCEEDED = ("delivered", "relayed", "expanded", "deliverable")
_FROM_A_SYSTEM = re.compile(
    r"mailer-?daemon|post[_-]?master|mail delivery|delivery (sub)?system|mail system|mdaemon|mail-?daemon|maild@|mail administrator"
    r"|bounce|no-?reply@|daemon@|system administrator|mail_?er|microsoft exchange|postoffice",
    re.IGNORECASE,
)
_ABOUT_FAILURE = re.compile(
    r"undeliver|delivery (status|fail|report|error|problem|notif|has)|fail(ed|ure) (notice|deliver)|returned mail|return(ed)? to sender"
    r"|mail(ing)? (delivery|system|error|fail)|could ?n[o']t be delivered|can(not|'t) be delivered|delayed|not delivered|\bbounced?\b"
    r"|non-?delivery|error (in )?(mail|sending)|message (status|not)|transmission|warning: (message|could)|message you sent|nondeliver"
    r"|are not member|error sending|fallo|no entregado|non remis|échec|unzustellbar|fehlgeschlagen|недоставлен|エラー|送信|配信",
    re.IGNORECASE,
)
_SAYS_FAILURE = re.compile(
    r"(could|can|was|were|been|is|did|has|have|be)( ?n[o']t|not| not)( yet)?( be| been| able)?( to)? (deliver|reach|sent)|unable to deliver|undeliverable"
    r"|deliver(y|ing)? .{0,80}(fail|error|problem|delayed)|failed (permanently|to deliver)|permanent(ly)? (fatal )?(error|fail)|following (address|recipient)"
    r"|returned (mail|message)|transcript of session|failure reasons|(mailbox|account) .{0,40}(full|disabled)|remote host said"
    r"|did not reach|rejected by|non remis|[45]\d\d[ -][45]\.\d\.\d|送信できません|не может быть доставлен|error delivering|is delayed|(not a|are not) member|error message",
    re.IGNORECASE,
)
_STILL_TRYING = re.compile(
    r"warning message only|not (yet )?been delivered|will (be|keep) (re)?tr(ied|ying)|has been delayed|is delayed|temporary failure report"
    r"|do not need to resend|still being tried|will continue (to )?try|delivery .{0,40}delayed",
    re.IGNORECASE,
)
_ARRIVED = re.compile(
    r"(successfully|been|was|were) (delivered|relayed) (to|successfully)|delivery .{0,20}succe(ss|eded)", re.IGNORECASE
)
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(auto(matic)?[ -]?(reply|response|antwort)?|out of (the )?office|réponse automatique)\s*:", re.IGNORECASE
)
_TO = re.compile(r"(?im)^[ \t]{0,4}(?:rcpt )?to:[ \t]*([^\n]{3,300})$")
_NOT = re.compile(r"\bnot\b|n't|unable|fail|error|undeliver|reject|permanent|[45]\d\d", re.IGNORECASE)
_AWAY = re.compile(
    r"out of (the )?office|auto-?(matic )?(reply|response|antwort)|away (from|until)|vacation|abwesen|absence|respuesta autom",
    re.I,
)


def read(raw: bytes) -> Report:
    """What ``raw`` is. Costs time in proportion to its size, of which the first ``parts.LARGEST`` bytes are read."""
    message = parts.read(raw)
    shown = traces.find(message, raw[: parts.LARGEST].decode("latin-1"))
    feedback = complaints.read(message)
    if feedback is not None:
        return _of_feedback(feedback, shown)
    notified = _of_notification(message, shown)
    if notified is not None:
        return notified
    groups = _groups(message)
    if groups:
        return _of_groups(groups, message, shown)
    if _written_by_a_mail_system(message):
        return _of_prose(message, raw, shown)
    return Report(Kind.AUTO_REPLY if _is_auto_reply(message) else Kind.NONE, (), shown)


def _of_feedback(feedback: complaints.Feedback, shown: Traces) -> Report:
    kind = Kind.COMPLAINT if feedback.kind in complaints.PUNISHES else Kind.AUTHENTICATION
    who = tuple(Recipient(one, one, Fault.TEMPORARY, "", "") for one in feedback.addresses)
    return Report(kind, who, shown, feedback.kind)


def _of_notification(message: Part, shown: Traces) -> Report | None:
    told = complaints.notification(message)
    bounce, delivery = told.get("bounce"), told.get("delivery")
    if isinstance(delivery, dict):
        good = complaints.mentioned(delivery, "recipients")
        return Report(Kind.SUCCESS, tuple(Recipient(one, one, Fault.TEMPORARY, "", "") for one in good), shown)
    if not isinstance(bounce, dict):
        return None
    listed = bounce.get("bouncedRecipients")
    found = []
    for one in listed[: delivery_status.MOST_RECIPIENTS] if isinstance(listed, list) else []:
        if isinstance(one, dict) and isinstance(one.get("emailAddress"), str):
            words = str(one.get("diagnosticCode") or f"{bounce.get('bounceType')} {bounce.get('bounceSubType')}")
            address = delivery_status.address_of(one["emailAddress"])
            found.append(_recipient(address, address, words, str(one.get("status") or "")))
    return Report(Kind.BOUNCE, tuple(found), shown)


def _groups(message: Part) -> list[Group]:
    """The groups of a delivery report, from its own part or, where the structure is lost, from a system's text."""
    found = [group for part in message.outside() if part.kind.endswith("delivery-status") for group in _in_part(part)]
    if not found and _written_by_a_mail_system(message):
        for part in message.outside():
            if not part.children and part.kind.startswith(("text/plain", "multipart/")):
                found += delivery_status.read(part.text())
    return found


def _in_part(part: Part) -> list[Group]:
    return delivery_status.read(part.text())


def _of_groups(groups: list[Group], message: Part, shown: Traces) -> Report:
    for kind, actions in ((Kind.BOUNCE, (*_FAILED, "")), (Kind.DELAY, _DELAYED), (Kind.SUCCESS, _SUCCEEDED)):
        meant = [group for group in groups if group.action in actions]
        if meant:
            return Report(kind, _recipients(meant, message), shown)
    return Report(Kind.NONE, (), shown)


def _recipients(groups: list[Group], message: Part) -> tuple[Recipient, ...]:
    """Of each group, once each address; what the report says in prose helps where its fields are silent."""
    prose = _own_words(message)
    found: dict[str, Recipient] = {}
    for group in groups:
        addresses = group.addresses or _addressed_to(message)
        if not addresses:
            continue
        said = group.fields.get("diagnostic-code", "")
        words = said.partition(";")[2] if ";" in said[:24] else said
        if len(groups) == 1 and faults.silent(words):
            words = f"{words} {prose}"
        final = group.addresses[-1] if group.addresses else addresses[0]
        original = prose_reports.linked(prose, final) if len(addresses) == len(groups) == 1 else addresses[0]
        stage = faults.stage(prose if len(groups) == 1 else "")
        found.setdefault(final.lower(), _recipient(original, final, words, group.fields.get("status", ""), stage))
    return tuple(found.values())


def _recipient(
    address: str, final: str, words: str, status: str, stage: faults.Stage = faults.Stage.UNKNOWN
) -> Recipient:
    code = faults.status(words, status)
    stage = stage or faults.stage(words)
    said = " ".join("".join(c if c.isprintable() else " " for c in words).split())[:LONGEST_WORDS]
    return Recipient(address, final, faults.fault(words, code, stage), code, said)


def _of_prose(message: Part, raw: bytes, shown: Traces) -> Report:
    text = _own_words(message)
    kind = Kind.DELAY if _STILL_TRYING.search(text) else Kind.BOUNCE
    kind = Kind.SUCCESS if _ARRIVED.search(text) and not _NOT.search(text) else kind
    others = {one.lower() for name in ("to", "from", "reply-to", "cc") for one in _addresses_in(message.get(name))}
    listed = _addresses_in(", ".join(message.all("x-failed-recipients")))
    told = prose_reports.read(text, others - {one.lower() for one in listed})
    if listed:
        told = _as_listed(listed, told, text)
    if not told:
        named = [prose_reports.Told(one, "", text) for one in detectors.recipients(raw, others)]
        told = named or prose_reports.read(text, set())
        told = told or [prose_reports.Told(one, "", text) for one in _addressed_to(message)]
    found = tuple(
        _recipient(one.original or one.address, one.address, _telling(one.words, text if len(told) == 1 else ""), "")
        for one in told
    )
    return Report(kind, found, shown)


def _telling(words: str, before: str) -> str:
    """The first paragraph of ``words`` if it tells why; else all of them; else, with what stands ``before`` them."""
    paragraph = re.split(r"\n[ \t]*\n", words.strip(), maxsplit=1)[0]
    if not faults.silent(paragraph):
        return paragraph
    return f"{words}\n{before}" if faults.silent(words) else words


def _as_listed(listed: list[str], told: list[prose_reports.Told], text: str) -> list[prose_reports.Told]:
    by_address = {one.address.lower(): one for one in told} | {one.original.lower(): one for one in told}
    return [by_address.get(one.lower()) or prose_reports.Told(one, "", text) for one in listed]


def _addressed_to(message: Part) -> list[str]:
    """The one address that the returned message went to, if it was one."""
    listed = [part.get("to") for part in traces.returned_messages(message)]
    listed += _TO.findall("\n".join(part.text() for part in message.outside() if not part.children))
    for value in listed:
        found = _addresses_in(value)
        if len(found) == 1:
            return found
    return []


def _own_words(message: Part) -> str:
    texts = [
        part.text() for part in message.outside() if not part.children and part.kind.startswith(("text/", "multipart/"))
    ]
    plain = [text for text in texts if text.strip()]
    return prose_reports.own_words(plain[0]) if plain else ""


def _addresses_in(value: str) -> list[str]:
    return list(dict.fromkeys(found.rstrip(".") for found in delivery_status.ADDRESS.findall(value[:4096])))[:50]


def _written_by_a_mail_system(message: Part) -> bool:
    """Two of: from a system; a subject or a return path like it; words that say so. Or a mark of a delivery report."""
    declared = message.parameters.get("report-type", "").lower() == "delivery-status"
    if declared or message.get("x-failed-recipients"):
        return True
    path = message.get("return-path").strip()
    from_system = bool(_FROM_A_SYSTEM.search(message.get("from"))) or (path in ("<>", "") and not message.get("from"))
    marks = (from_system, path == "<>", bool(_ABOUT_FAILURE.search(parts.words(message.get("subject")))))
    return sum(marks) >= 1 and bool(_SAYS_FAILURE.search(_own_words(message))) and (from_system or sum(marks) >= 2)


def _is_auto_reply(message: Part) -> bool:
    """RFC 3834, 5; and what was usual before it."""
    said = message.get("auto-submitted").partition(";")[0].strip().lower()
    subject = parts.words(message.get("subject"))
    marked = message.get("x-autoreply") or message.get("x-autorespond")
    away = message.get("x-apple-action").lower() == "vacation" or _AUTOMATIC_SUBJECT.match(subject)
    before = message.get("precedence").strip().lower() in ("auto_reply", "auto-reply")
    automatic = said not in ("", "no") or message.get("return-path").strip() == "<>"
    return bool(said.startswith("auto-replied") or marked or before or away or (automatic and _AWAY.search(subject)))
