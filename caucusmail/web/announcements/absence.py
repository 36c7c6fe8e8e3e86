"""Who of the chosen groups gets no copy, in words: how many for each reason, and in a sentence."""

from collections.abc import Callable

from caucusmail.announcements.estimate import Estimate
from caucusmail.announcements.models import LeftOut
from caucusmail.languages import _, plural


def left_out(reason: LeftOut, number: int) -> str:
    """How many are left out for one reason: ``14 are paused``."""
    return (_not_reached(number) | _not_meant(number))[reason]()


def _not_reached(number: int) -> dict[LeftOut, Callable[[], str]]:
    return {
        LeftOut.PAUSED: lambda: plural("%(number)s is paused", "%(number)s are paused", number),
        LeftOut.READS_ON_SITE: lambda: plural(
            "%(number)s reads on the site only", "%(number)s read on the site only", number
        ),
        LeftOut.SUPPRESSED: lambda: plural(
            "%(number)s cannot be reached: the address bounces",
            "%(number)s cannot be reached: their addresses bounce",
            number,
        ),
        LeftOut.AWAY: lambda: plural(
            "%(number)s is away: a deputy gets it", "%(number)s are away: their deputies get it", number
        ),
        LeftOut.PROTECTED: lambda: plural("%(number)s gets nothing for now", "%(number)s get nothing for now", number),
        LeftOut.NO_CONSENT: lambda: plural(
            "%(number)s has not agreed to be written to", "%(number)s have not agreed to be written to", number
        ),
        LeftOut.EXCLUDED: lambda: plural(
            "%(number)s is left out by your own choice", "%(number)s are left out by your own choice", number
        ),
        LeftOut.LAPSED: lambda: plural(
            "%(number)s is of an organisation whose membership has lapsed",
            "%(number)s are of organisations whose membership has lapsed",
            number,
        ),
        LeftOut.DECLINED: lambda: plural("%(number)s does not come", "%(number)s do not come", number),
        LeftOut.LEFT: lambda: plural("%(number)s has left", "%(number)s have left", number),
    }


def _not_meant(number: int) -> dict[LeftOut, Callable[[], str]]:
    return {
        LeftOut.OTHER_LANGUAGE: lambda: plural(
            "%(number)s reads other languages", "%(number)s read other languages", number
        ),
        LeftOut.NO_REGION: lambda: plural(
            "of %(number)s no region is known", "of %(number)s no region is known", number
        ),
        LeftOut.OTHER_REGION: lambda: plural(
            "%(number)s is in another region", "%(number)s are in other regions", number
        ),
        LeftOut.OTHER_ROLE: lambda: plural("%(number)s has another role", "%(number)s have other roles", number),
        LeftOut.NOT_SENT: lambda: plural(
            "%(number)s never got the announcement that this is about",
            "%(number)s never got the announcement that this is about",
            number,
        ),
    }


def absent(estimate: Estimate) -> str:
    """Who of the chosen groups gets nothing, in a sentence or two; "" if everybody gets it. Whom it does not concern is not left out."""
    numbers = dict(estimate.left_out)
    never = numbers.pop(LeftOut.NOT_SENT, 0)
    parts = [left_out(reason, number) for reason, number in numbers.items()]
    found = [_("Left out: %(parts)s.", parts=_("; ").join(parts))] if parts else []
    if never:
        found.append(
            plural(
                "%(number)s person of the group never got the announcement that this is about, so it does not concern them.",
                "%(number)s people of the group never got the announcement that this is about, so it does not concern them.",
                never,
            )
        )
    return " ".join(found)
