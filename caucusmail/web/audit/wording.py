"""What the journal’s verbs are called, and in which kinds one can look for them."""

from collections.abc import Collection
from typing import Any

from caucusmail.audit.queries import TAKEN_BACK
from caucusmail.directory.journal import Line
from caucusmail.languages import _, later

KINDS: dict[str, Any] = {
    "sign-up": later("Sign-up and queue"),
    "organisations": later("Organisations"),
    "members": later("Members"),
    "caucuses": later("Caucuses and email groups"),
    "announcements": later("Announcements and meetings"),
    "mail": later("Mail that came back"),
    "signing-in": later("Signing in and addresses"),
}
"""The kinds of entries, in the order of the page."""

VERBS: dict[str, dict[str, Any]] = {
    "sign-up": {
        "application.received": later("An application came in"),
        "application.approved": later("Approved an application"),
        "application.asked": later("Asked an applicant"),
        "application.answered": later("Answered the secretariat’s question"),
        "application.declined": later("Declined an application"),
        "application.held": later("Put an application aside"),
        "application.released": later("Took an application back into the queue"),
        "application.reopened": later("Took a decision back"),
        "applicant.confirmed": later("Confirmed to be in"),
        "applicant.refused": later("Said no to being signed up"),
        "applicant.withdrawn": later("Is off an application"),
        "applicant.came-back": later("Came back to an application"),
        "invitation.recalled": later("Withdrew an invitation"),
        "invitation.put-back": later("Let an invitation stand again"),
        "window.added": later("Set a review window"),
        "window.closed": later("Closed a review window"),
        "window.reopened": later("Opened a review window again"),
        "window.removed": later("Removed a review window"),
        "window.put-back": later("Set a removed review window again"),
    },
    "organisations": {
        "ngo.invited": later("Invited a colleague"),
        "ngo.lapsed": later("A membership lapsed"),
        "ngo.places": later("Changed how many representatives it may have"),
        "ngo.renewed": later("Renewed a membership"),
        "ngo.renewal-taken-back": later("Took a renewal back"),
        "representative.appointed": later("Made somebody a representative"),
        "term.ended": later("Ended a representative’s term"),
        "hand-over.offered": later("Offered seats to a successor"),
        "hand-over.accepted": later("Said yes to taking over seats"),
        "hand-over.declined": later("Declined to take over seats"),
        "hand-over.withdrawn": later("Withdrew an offer of seats"),
        "hand-over.done": later("Handed seats over"),
        "administrator.changed": later("Changed who is an administrator"),
        "seat.term-set": later("Set until when somebody holds a seat"),
        "seat.term-ended": later("Ended somebody’s term on a seat"),
        "seat.made-first": later("Made an alternate the representative"),
    },
    "members": {
        "affiliation.waiting": later("Asked to be in a caucus"),
        "affiliation.interest": later("Noted an interest in a caucus"),
        "affiliation.active": later("Let somebody into a caucus"),
        "affiliation.declined": later("Did not let somebody into a caucus"),
        "affiliation.ended": later("Ended a membership"),
        "affiliation.restored": later("Restored a membership"),
        "affiliation.addressed": later("Chose an address for the letters of a group"),
        "affiliation.shown": later("Chose what other members see"),
        "groups.joined": later("Gave somebody a place on email groups"),
        "places.left": later("Left"),
        "places.paused": later("Paused"),
        "places.resumed": later("Ended a pause"),
        "places.served": later("Chose how letters come"),
        "preferences.changed": later("Changed language, time zone or reminders"),
        "data.asked": later("Asked for their data as a file"),
        "data.taken": later("Took their data as a file"),
        "erasure.asked": later("Asked to be erased"),
        "erasure.called-back": later("Called their erasure back"),
        "erasure.asked-for": later("Asked for somebody’s erasure"),
        "erasure.dropped": later("Withdrew a request to erase somebody"),
        "person.erased": later("Somebody was erased"),
        "calendar.renewed": later("Made a new address for their calendar"),
    },
    "caucuses": {
        "caucus.moved": later("Changed the status of a caucus"),
        "caucus.described": later("Changed the words of a caucus"),
        "caucus.asked": later("Somebody wrote to those who keep a caucus"),
        "keeper.appointed": later("Let somebody keep a caucus"),
        "keeper.ended": later("Ended a keeper’s term"),
        "keeper.resumed": later("Let a keeper’s term run on"),
        "group.opened": later("Opened an email group"),
        "group.closed": later("Closed an email group"),
        "group.reopened": later("Opened an email group again"),
    },
    "announcements": {
        "announcement.drafted": later("Drafted an announcement"),
        "announcement.discarded": later("Discarded a draft"),
        "announcement.restored": later("Restored a draft"),
        "announcement.tested": later("Asked for a test letter"),
        "announcement.confirmed": later("Confirmed an announcement"),
        "announcement.undone": later("Took an announcement back before it left"),
        "announcement.rescheduled": later("Gave an announcement another time"),
        "announcement.newcomers-invited": later("Those who joined later were invited"),
        "meeting.newcomers": later("Said whether who joins later is invited"),
        "meeting.reminder-paused": later("The reminder of a meeting paused"),
        "meeting.reminder-let-go-on": later("Let the reminder of a meeting go on"),
        "meeting.clock-asked": later("Asked what stays of a meeting whose clock has other rules"),
        "meeting.farewells": later("Taken out of the calendars of those who left"),
        "announcement.stopped": later("Stopped an announcement"),
        "announcement.paused": later("Paused an announcement"),
        "announcement.let-go-on": later("Let an announcement go on"),
        "announcement.report-taken": later("Took a report as a file"),
        "announcement.copies-tried-now": later("Had copies tried at once"),
        "announcement.copies-sent-again": later("Had copies sent again"),
        "announcement.copies-said-to-have-arrived": later("Said that copies arrived"),
        "announcement.copies-said-not-to-have-arrived": later("Said that copies did not arrive"),
        "announcement.copies-taken-back": later("Took back what was asked for copies"),
        "announcement.followed": later("Told a change or a correction"),
        "meeting.called": later("Called a meeting"),
        "meeting.room-changed": later("Changed the room of a meeting"),
        "meeting.time-changed": later("Changed the time of a meeting"),
        "meeting.access-changed": later("Changed how to get into a meeting"),
        "meeting.door-list-made": later("Made the list for the door of a meeting"),
        "meeting.door-list-opened": later("Opened the list for the door of a meeting"),
        "meeting.door-list-erased": later("Erased the list for the door of a meeting"),
        "meeting.questions-changed": later("Changed the questions of a meeting"),
        "meeting.link-set": later("Gave a meeting a private link"),
        "meeting.link-changed": later("Changed the private link of a meeting"),
        "meeting.link-removed": later("Took the private link of a meeting away"),
        "meeting.agenda-changed": later("Changed the agenda of a meeting"),
        "meeting.hosts-changed": later("Corrected who hosts a meeting"),
        "meeting.places-changed": later("Changed how many places a meeting has"),
        "meeting.deadline-changed": later("Changed the reply deadline of a meeting"),
        "meeting.languages-changed": later("Changed the languages of a meeting"),
        "paper.added": later("Added a paper to a meeting"),
        "paper.replaced": later("Replaced a paper of a meeting"),
        "paper.removed": later("Took a paper of a meeting off"),
        "paper.sent-along": later("Had a paper of a meeting sent along with letters"),
        "paper.not-sent-along": later("Had a paper of a meeting sent along no longer"),
        "paper.put-back": later("Put a paper of a meeting back"),
        "meeting.cancelled": later("Cancelled a meeting"),
        "meeting.reinstated": later("Let a cancelled meeting take place"),
        "meeting.clock-changed": later("Settled a meeting's time after the clocks changed"),
        "meeting.door-link-made": later("Made a link for the door of a meeting"),
        "meeting.door-link-ended": later("Ended a link for the door of a meeting"),
        "meeting.door-link-resumed": later("Let a link for the door of a meeting work again"),
        "meeting.attendance-taken": later("Took the numbers of who came as a file"),
        "meeting.minutes-published": later("Published the minutes of a meeting"),
        "meeting.minutes-corrected": later("Corrected the minutes of a meeting"),
        "meeting.minutes-withdrawn": later("Withdrew the minutes of a meeting"),
        "meeting.minutes-put-back": later("Published withdrawn minutes again"),
        "session.added": later("Added a session"),
        "session.changed": later("Changed a session"),
        "session.change-taken-back": later("Took a change of a session back"),
        "session.removed": later("Removed a session"),
        "session.put-back": later("Put a removed session back"),
    },
    "mail": {
        "copy.bounced": later("A letter came back"),
        "copy.unwanted": later("A reader did not want a letter"),
        "received.seen": later("Looked at a message that nobody could read"),
        "received.unseen": later("Laid a message out again"),
        "address.lifted": later("Let an address be written to again"),
    },
    "signing-in": {
        "signed-in": later("Signed in"),
        "signed-out-everywhere": later("Signed somebody out everywhere"),
        "password.set": later("Set a password"),
        "password.changed": later("Changed the password"),
        "password.removed": later("Removed the password"),
        "signed-out-elsewhere": later("Signed out on another device"),
        "factor.added": later("Added a way to sign in"),
        "factor.removed": later("Removed a way to sign in"),
        "recovery-codes.made": later("Made new recovery codes"),
        "recovery-code.used": later("Used a recovery code"),
        "second-step.removal-asked": later("Asked to remove somebody’s second step"),
        "second-step.removal-dropped": later("Withdrew a request to remove a second step"),
        "second-step.removed": later("Removed somebody’s second step"),
        "links.revoked": later("Made old links invalid"),
        "address.asked": later("Gave a new address"),
        "address.withdrawn": later("Did without a new address"),
        "address.replaced": later("Changed their address"),
        "address.main": later("Made another of their addresses the main one"),
        "address.added": later("Added an address"),
        "address.removed": later("Removed an address"),
        "address.taken-back": later("Took a change of their address back"),
        "address.shown": later("Looked at an address"),
        "person.joined-secretariat": later("Joined the secretariat"),
        "person.left-secretariat": later("Left the secretariat"),
    },
}
"""For each kind, what was done, in words."""

_ALL = {verb: words for kind in VERBS.values() for verb, words in kind.items()}


def verbs(kind: str) -> Collection[str]:
    """The verbs of a kind; none for all of them."""
    return tuple(VERBS.get(kind, ()))


def named(verb: str) -> str:
    """What a verb is called; one that has no words yet stands for itself."""
    return str(_ALL.get(verb, verb))


def did(line: Line) -> str:
    """What was done, as it begins a line; a verb that has no words yet stands for itself."""
    if line.verb == TAKEN_BACK:
        return _("Took back: %(what)s", what=_ALL.get(line.undone, line.undone))
    return str(_ALL.get(line.verb, line.verb))
