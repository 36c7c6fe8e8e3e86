"""The words for what a group is: a rule yields an enum member, this page of words says it."""

from caucusmail.directory.browsing import Place
from caucusmail.directory.lifecycle import Nature
from caucusmail.directory.models import Admits, Family
from caucusmail.languages import _, later, plural

STATUS = {
    Nature.OPEN: later("By approval, no coordinator yet"),
    Nature.BY_APPROVAL: later("By approval"),
    Nature.ELSEWHERE: later("Joins elsewhere"),
    Nature.GATHERING: later("Gathering interest"),
    Nature.DORMANT: later("Dormant"),
    Nature.ARCHIVED: later("Archived"),
}
TONE = {Nature.OPEN: "ok", Nature.BY_APPROVAL: "ok", Nature.GATHERING: "warn"}

MEANING = {
    Nature.OPEN: later(
        "It is at work and takes members, but nobody coordinates it at present: the secretariat looks at each request."
    ),
    Nature.BY_APPROVAL: later("It is at work and takes members. The secretariat looks at each request to join."),
    Nature.ELSEWHERE: later("It is an organisation of its own and takes members on its own site, not here."),
    Nature.GATHERING: later(
        "It is at rest, and members have asked to bring it back. Say that you are interested: you get at most two letters until it restarts."
    ),
    Nature.DORMANT: later(
        "It is asleep: nothing has been sent for a long time, and nothing is sent until it wakes. You can still ask to be in when it does."
    ),
    Nature.ARCHIVED: later("Its work is done and kept as a record. Nobody can join, and nothing is sent."),
}

ADMITS = {
    Admits.ORGANISATIONS: later("Organisations, through the people they name"),
    Admits.BOTH: later("Organisations, and experts in their own name"),
}

FAMILY = {
    Family.CAUCUS: later("Caucuses"),
    Family.TEAM: later("Teams"),
    Family.NETWORK: later("Regional networks"),
    Family.COALITION: later("National coalitions"),
}

FAMILY_ABOUT = {
    Family.CAUCUS: later(
        "For those who share a cause. Each of them lives differently; the word beside its name says how."
    ),
    Family.TEAM: later("For those who follow one subject at the Assembly of States Parties."),
    Family.NETWORK: later("For the member organisations of one region."),
    Family.COALITION: later("For organisations of one country that work together."),
}


def status(nature: Nature) -> str:
    """The status word."""
    return str(STATUS[nature])


def organisations(place: Place) -> str:
    """How many organisations a region has, rounded so that nobody is singled out."""
    if place.organisations is None:
        return _("fewer than five organisations")
    return plural("about %(number)s organisation", "about %(number)s organisations", place.organisations)


def coalitions(place: Place) -> str:
    """How many national coalitions a region has here."""
    if not place.coalitions:
        return _("no national coalition here yet")
    return plural("%(number)s national coalition", "%(number)s national coalitions", place.coalitions)


def letters(number: int) -> str:
    """How many announcements went out in twelve months."""
    return plural("%(number)s announcement", "%(number)s announcements", number) if number else _("No announcement")


def keeping(coordinators: int) -> str:
    """Who keeps it, by role: names and addresses are not for a public page."""
    if not coordinators:
        return _("The secretariat, until a coordinator is found")
    return plural(
        "%(number)s coordinator, with the secretariat", "%(number)s coordinators, with the secretariat", coordinators
    )
