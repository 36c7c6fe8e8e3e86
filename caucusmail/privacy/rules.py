"""How long everything is kept: one table, from which the job forgets (``privacy.retention``) and the public page prints.

A table that knows people stands in a rule, or in ``KEPT`` with the reason why none is needed; a house test counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from caucusmail.accounts import addressing, recovery_course, signing_in
from caucusmail.audit import forgetting as journal
from caucusmail.delivery import bounces, scoring, wearing
from caucusmail.delivery import forgetting as ledger
from caucusmail.directory import asking, ending_offers, reminders
from caucusmail.directory import forgetting as directory
from caucusmail.groups import deputies
from caucusmail.inbound import processing
from caucusmail.languages import later
from caucusmail.meetings import forgetting as meetings
from caucusmail.meetings import guests
from caucusmail.privacy import answered, departed, erasing, protecting
from caucusmail.privacy import asking as asking_two
from caucusmail.throttle import limits

SOON, HOURLY, DAILY = timedelta(minutes=5), timedelta(hours=1), timedelta(hours=23)  # a job looks every ten minutes
SIGN_INS = timedelta(days=2)
DEFENCE, LIMITATION, PROOF = (
    later("to slow down misuse (GDPR, Article 6(1)(f))"),
    later("nothing is kept longer than it is needed (Article 5(1)(e))"),
    later("to be able to show what was done (Article 5(2))"),
)


@dataclass(frozen=True)
class Rule:
    """What is forgotten, how long after what, and why. ``verb`` does one bounded step and says how many it forgot; 0: no more."""

    name: str
    what: Any
    kept: timedelta  # 0: as soon as it has happened
    since: Any
    why: Any
    verb: Callable[[], int]
    every: timedelta
    tables: tuple[str, ...]
    alone: bool = False  # the verb holds its transactions itself


def _sign_ins() -> int:
    return signing_in.forget_before(SIGN_INS)


RULES = (
    Rule(
        "unconfirmed",
        later("Names and addresses that nobody confirmed"),
        asking.CONFIRM_WITHIN,
        later("the form was sent"),
        LIMITATION,
        reminders.expire_due,
        HOURLY,
        ("applicants", "applications"),
    ),
    Rule(
        "declined",
        later("Applications that were declined or withdrawn, with all that was written"),
        directory.KEPT,
        later("the decision"),
        LIMITATION,
        directory.forget_declined,
        DAILY,
        ("applicants", "applications", "evidence"),
    ),
    Rule(
        "offers",
        later("Successors who were named for a seat and did not answer"),
        ending_offers.ANSWER_WITHIN,
        later("the letter to them"),
        LIMITATION,
        ending_offers.lapse_due,
        HOURLY,
        ("hand_overs",),
    ),
    Rule(
        "absences",
        later("Who was away, and who stood in for them"),
        deputies.KEPT,
        later("they were back"),
        LIMITATION,
        deputies.forget,
        DAILY,
        ("absences",),
    ),
    Rule(
        "erasures",
        later("People who asked to be erased"),
        erasing.THINK_AGAIN,
        later("they asked; or at once, if they wish"),
        later("the right to be erased (Article 17)"),
        erasing.turn,
        SOON,
        ("erasures", "people"),
        alone=True,
    ),
    Rule(
        "protections",
        later("That somebody was protected; what was sealed is gone as soon as it is lifted"),
        protecting.KEPT,
        later("it was lifted"),
        LIMITATION,
        protecting.forget,
        DAILY,
        ("protections", "sealed_values"),
    ),
    Rule(
        "protections-asked",
        later("That a coordinator asked to have a member protected"),
        asking_two.KEPT,
        later("it was asked"),
        PROOF,
        asking_two.forget,
        DAILY,
        ("protection_askings",),
    ),
    Rule(
        "last-letters",
        later("The address of the last letter to somebody who was erased"),
        timedelta(),
        later("it has left"),
        LIMITATION,
        ledger.forget_left,
        SOON,
        ("deliveries", "outgoing_texts"),
    ),
    Rule(
        "departed",
        later("Whoever has left everything; a scrambled mark of the address stays, so that no list brings it back"),
        departed.KEPT,
        later("they left"),
        LIMITATION,
        departed.erase_departed,
        DAILY,
        ("people", "second_addresses", "affiliations", "consents", "representatives", "seats", "keepers"),
    ),
    Rule(
        "letters",
        later("What letters to one person said, and what mail servers answered"),
        wearing.KEPT,
        later("the letter was written"),
        LIMITATION,
        wearing.wear,
        DAILY,
        ("deliveries", "outgoing_texts", "interventions"),
    ),
    Rule(
        "received",
        later("Mail that came in: reports, complaints, letters to our roles"),
        processing.KEPT,
        later("it came"),
        LIMITATION,
        processing.forget,
        DAILY,
        ("received",),
    ),
    Rule(
        "troubles",
        later("What is held against an address whose letters come back"),
        scoring.FORGOTTEN_AFTER,
        later("the last letter came back"),
        LIMITATION,
        bounces.relax,
        HOURLY,
        ("suppressions",),
    ),
    Rule(
        "door-lists",
        later("Names on the list for a building’s door"),
        timedelta(),
        later("the day of the meeting is over"),
        LIMITATION,
        guests.erase_due,
        SOON,
        ("door_names", "door_lists"),
    ),
    Rule(
        "answers",
        later("Answers to invitations, needs, who said to be there, and what was pressed at the door"),
        meetings.KEPT,
        later("the meeting, or the session it belongs to"),
        LIMITATION,
        meetings.forget,
        DAILY,
        ("meeting_answers", "meeting_check_ins", "meeting_door_links", "meeting_taps", "door_lists"),
    ),
    Rule(
        "addresses-given",
        later("An address that was given later and not confirmed"),
        addressing.VALID,
        later("it was given; what addresses were before a change, after 14 days"),
        LIMITATION,
        addressing.forget,
        DAILY,
        ("asked_addresses", "address_changes", "second_addresses"),
    ),
    Rule(
        "recoveries",
        later("What was typed and written for somebody who could not read their mailbox"),
        recovery_course.KEPT,
        later("the last step"),
        LIMITATION,
        recovery_course.forget,
        DAILY,
        ("recoveries",),
    ),
    Rule(
        "sign-ins",
        later("Sign-in letters, and sign-ins that have ended"),
        SIGN_INS,
        later("the letter, or the end"),
        LIMITATION,
        _sign_ins,
        DAILY,
        ("sign_in_letters", "sign_ins"),
    ),
    Rule(
        "tries",
        later("Counted tries (scrambled marks of addresses and networks)"),
        limits.KEPT,
        later("the first of them"),
        DEFENCE,
        limits.forget,
        DAILY,
        (),
    ),
    Rule(
        "requests",
        later("Requests about data, without who asked"),
        answered.KEPT,
        later("the answer"),
        PROOF,
        answered.forget,
        DAILY,
        ("data_requests",),
    ),
    Rule(
        "journal",
        later("The journal of who did what"),
        journal.KEPT,
        later("the entry"),
        PROOF,
        journal.forget,
        DAILY,
        ("audit_entries",),
    ),
)

_WITH_THE_PERSON = "lives as long as the person, and goes with them"
KEPT = {
    "announcements": "what a caucus said; who wrote it goes with the person",
    "audience_gaps": _WITH_THE_PERSON,
    "covers": _WITH_THE_PERSON,
    "credentials": _WITH_THE_PERSON,
    "meeting_changes": "a meeting's history; who made a change goes with the person",
    "meeting_farewells": _WITH_THE_PERSON,
    "meeting_minutes_editions": "minutes are the caucus's; who published them goes with the person",
    "meeting_reminders": _WITH_THE_PERSON,
    "ngos": "an organisation; who verified it goes with the person",
    "pseudonyms": _WITH_THE_PERSON,
    "seat_requests": _WITH_THE_PERSON,
    "subscriptions": _WITH_THE_PERSON,
    "yearly_answers": "what an organisation answered; who gave the answer goes with the person",
    "yearly_rounds": "that all organisations were asked; who began it goes with the person",
}
"""Tables that know people and need no rule of their own, and why."""
