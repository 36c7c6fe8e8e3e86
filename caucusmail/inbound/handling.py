"""handle(): what one message that came in means, and the one verb that follows from it.

Nothing here writes to whoever wrote: an automatic message is never answered, and a person's goes to people (RFC 3834, 2).
"""

from enum import StrEnum

from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import bounces, tracing
from caucusmail.delivery.bounces import Effect
from caucusmail.delivery.models import Delivery
from caucusmail.directory import contact
from caucusmail.directory.contact import NobodyThere, Question
from caucusmail.directory.models import Caucus, RosterPolicy
from caucusmail.errors import TooMany
from caucusmail.groups import membership
from caucusmail.inbound import answering, corresponding, notices, routing
from caucusmail.inbound.answering import Taken
from caucusmail.inbound.models import Received
from caucusmail.inbound.routing import Destination
from caucusmail.mail import parts, reports
from caucusmail.mail.addresses import BadAddress
from caucusmail.mail.faults import Fault
from caucusmail.mail.parts import Part
from caucusmail.mail.reports import Kind, Recipient, Report
from caucusmail.meetings import places, replies
from caucusmail.meetings.models import Meeting
from caucusmail.meetings.replies import Reply


class Outcome(StrEnum):
    """What was done."""

    BOUNCE = "bounce"
    ARRIVED = "arrived"
    DELAY = "delay"
    LEFT = "left"  # somebody complained, or asked to leave
    NOTHING_TO_LEAVE = "nothing-to-leave"
    AUTOMATIC = "automatic"  # an auto-reply, or other mail that no person wrote: kept, and that is all
    DOMAIN = "domain"  # a report about our domain: nobody's complaint
    ANSWERED = "answered"  # somebody's calendar said whether they come
    STALE_ANSWER = "stale-answer"  # something newer is known
    CLOSED_ANSWER = "closed-answer"  # to a meeting that takes none any more
    REFUSED_ANSWER = "refused-answer"  # it proves nothing: about another meeting, or for another member
    PASSED_ON = "passed-on"
    HELD = "held"  # to a member: it waits until its writer has seen what would be passed on
    NOT_A_MEMBER = "not-a-member"  # to a member, by nobody who may write to them
    TOO_MANY = "too-many"  # to members, by one address
    NOT_OURS = "not-ours"  # a report that proves nothing about a copy of ours
    NOT_UNDERSTOOD = "not-understood"
    UNDELIVERABLE = "undeliverable"  # a person's mail that nobody could be given


ASIDE = (Outcome.NOT_UNDERSTOOD, Outcome.UNDELIVERABLE, Outcome.NOT_OURS, Outcome.REFUSED_ANSWER)
"""What a person should look at."""

OF_AN_ANSWER = {
    Taken.STORED: Outcome.ANSWERED,
    Taken.STALE: Outcome.STALE_ANSWER,
    Taken.CLOSED: Outcome.CLOSED_ANSWER,
    Taken.REFUSED: Outcome.REFUSED_ANSWER,
}

OF_A_LETTER = {
    corresponding.Taken.HELD: (Outcome.HELD, corresponding.WAITS),
    corresponding.Taken.AUTOMATIC: (Outcome.AUTOMATIC, ""),
    corresponding.Taken.NOT_A_MEMBER: (Outcome.NOT_A_MEMBER, ""),
    corresponding.Taken.TOO_MANY: (Outcome.TOO_MANY, ""),
}

LONGEST_PASSED_ON = 4000  # characters


def handle(received: Received, destination: Destination) -> tuple[Outcome, str]:
    """Do what ``received`` asks for, in the caller's transaction; the outcome and a few words about it."""
    report = reports.read(received.raw)
    row = _copy(destination, report)
    done = _act(received, destination, report, row)
    if row is not None and _answers(destination, report):
        bounces.arrived(row)
    return done


def _act(received: Received, destination: Destination, report: Report, row: Delivery | None) -> tuple[Outcome, str]:
    if destination.kind is routing.Kind.MEMBER:
        return _to_a_member(received, destination, report)
    if destination.kind is routing.Kind.ORGANIZER and (done := _answered(received, destination)) is not None:
        return done
    if report.kind is Kind.AUTHENTICATION:
        return Outcome.DOMAIN, report.feedback
    if report.kind is Kind.AUTO_REPLY:
        return Outcome.AUTOMATIC, ""
    if destination.kind is routing.Kind.ONE_CLICK and row is not None:
        return _leave(row, "asked by mail")
    if report.kind is not Kind.NONE:
        return _about(row, report) if row is not None else (Outcome.NOT_OURS, report.kind.value)
    if destination.kind is routing.Kind.RETURN_PATH:
        return Outcome.NOT_UNDERSTOOD, "no report that we could read came back to a return path"
    return _pass_on(received, destination)


def _copy(destination: Destination, report: Report) -> Delivery | None:
    """The copy that it is about: proven by the address it came to, or by what the report shows of it."""
    if destination.kind in (routing.Kind.RETURN_PATH, routing.Kind.ONE_CLICK):
        return db.session.get(Delivery, destination.id)
    return tracing.by_traces(report.traces)


def _answers(destination: Destination, report: Report) -> bool:
    """Whether only what has arrived can be answered like this: what was *uncertain* is not any more.

    A report that is still being tried was taken over by the relay, too. Whatever else stands at a return path may be a
    report of failure that we could not read.
    """
    if report.kind is Kind.NONE:
        return destination.kind is not routing.Kind.RETURN_PATH
    return report.kind in (Kind.SUCCESS, Kind.DELAY, Kind.COMPLAINT, Kind.AUTO_REPLY)


def _about(row: Delivery, report: Report) -> tuple[Outcome, str]:
    if report.kind is Kind.COMPLAINT:
        return _leave(row, f"complaint: {report.feedback}")
    if report.kind is Kind.SUCCESS:
        return Outcome.ARRIVED, ""
    if report.kind is Kind.DELAY:
        return Outcome.DELAY, ""
    said = _of(row, report)
    if said is None:
        return Outcome.NOT_UNDERSTOOD, "a report that names no recipient"
    effect = bounces.charge(row, said.fault, said.words)
    if effect is not Effect.NOTHING:
        journal.record("copy.bounced", row, None, fault=said.fault.value, status=said.status, effect=effect.value)
    if effect is Effect.SUPPRESSED:
        notices.paused(row)
    if said.fault is Fault.POLICY:
        notices.blamed()
    return Outcome.BOUNCE, f"{said.fault.value} {said.status} {effect.value}"


def _of(row: Delivery, report: Report) -> Recipient | None:
    """What a report says of the copy's own recipient; the only or first one's, where addresses were changed on the way."""
    own = row.address.lower()
    named = (one for one in report.recipients if own in (address.lower() for address in one.addresses))
    return next(named, report.recipients[0] if report.recipients else None)


def _leave(row: Delivery, why: str) -> tuple[Outcome, str]:
    bounces.complained(row)
    step = membership.leave_by_copy(row)
    journal.record("copy.unwanted", row, None, why=why, left=step is not None)
    return (Outcome.LEFT, why) if step else (Outcome.NOTHING_TO_LEAVE, why)


def _answered(received: Received, destination: Destination) -> tuple[Outcome, str] | None:
    """Programs send these for people, so whether it was sent automatically is not asked. Nobody is ever answered by mail.
    None if it is no reply of a calendar.
    """
    meeting, person = (db.session.get_one(Meeting, destination.id), db.session.get_one(Person, destination.person_id))
    message = parts.read(received.raw)
    reply = replies.read(message, meeting.uid)
    if reply is None:
        return None
    taken, words = answering.take(reply, meeting, person, received.at, parts.address(message.get("from")))
    if taken is Taken.FOR_PEOPLE:
        return _pass_on(received, destination, reply)
    if taken is Taken.STORED:
        received.raw = b""  # what it said is kept as long as answers are, and no longer
    return OF_AN_ANSWER[taken], words


def _to_a_member(received: Received, destination: Destination, report: Report) -> tuple[Outcome, str]:
    by_machine = report.kind is not Kind.NONE or automatic(parts.read(received.raw), received.sender)
    assert destination.id is not None
    return OF_A_LETTER[corresponding.take(received, destination.id, automatic=by_machine)]


def _pass_on(received: Received, destination: Destination, reply: Reply | None = None) -> tuple[Outcome, str]:
    """A person wrote to a role: those who have it get it, as they get what is written through the form on the site."""
    message = parts.read(received.raw)
    if reply is None and automatic(message, received.sender):
        return Outcome.AUTOMATIC, ""
    sender = parts.address(message.get("from")) or received.sender
    caucus = _caucus(destination)
    if reply is not None and caucus is not None and caucus.roster is RosterPolicy.HIDDEN:
        said = [_title(destination), _typed(reply)]
    else:
        written = next(
            (part.text() for part in message.outside() if part.kind == "text/plain" and not part.children), ""
        )
        said = [parts.words(message.get("subject")), written.strip(), _typed(reply)]
    text = "\n\n".join(one for one in said if one)[:LONGEST_PASSED_ON]
    question = Question("", sender, text, submission=f"mail-{received.id}")
    try:
        contact.ask(question, caucus, network=f"mail:{sender.lower()}", by_mail=True)
    except (BadAddress, TooMany, NobodyThere) as problem:
        return Outcome.UNDELIVERABLE, type(problem).__name__
    return Outcome.PASSED_ON, ""


def _typed(reply: Reply | None) -> str:
    """What kind of reply it is, and what was typed into the calendar; "" for none."""
    if reply is None:
        return ""
    return f"[{reply.method}] {reply.comment or next((one.comment for one in reply.attendees), '')}".strip()


def _title(destination: Destination) -> str:
    """What the meeting is called. Of a hidden group this stands for subject and text: programs write the answer into both."""
    return places.title(db.session.get_one(Meeting, destination.id))


def _caucus(destination: Destination) -> Caucus | None:
    """Whose keepers read it; None: the secretariat."""
    if destination.kind is routing.Kind.ORGANIZER:
        return db.session.get_one(Meeting, destination.id).caucus
    return db.session.get(Caucus, destination.id) if destination.id is not None else None


def automatic(message: Part, sender: str) -> bool:
    """Whether no person wrote ``message`` to us: what is not to be answered (RFC 3834, 2), and not to be passed on."""
    said = message.get("auto-submitted").partition(";")[0].strip().lower()
    local = sender.rpartition("@")[0].lower()
    return (
        not sender
        or said not in ("", "no")
        or bool(message.get("list-id") or message.get("list-unsubscribe"))
        or message.get("precedence").strip().lower() in ("bulk", "junk", "list")
        or local.endswith(("-request", "-owner", "-bounces"))
        or local.startswith(("mailer-daemon", "noreply", "no-reply", "bounce"))
    )
