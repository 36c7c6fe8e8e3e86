"""Why somebody gets no copy, and how who gets one does who is not sent the whole letter at once: as parts of sentences."""

from collections.abc import Callable, Mapping
from datetime import datetime

from caucusmail import zones
from caucusmail.announcements.models import LeftOut
from caucusmail.languages import _

HOW: Mapping[str, Callable[[], str]] = {
    "notice": lambda: _("told by a notice, reads on the site"),
    "digest": lambda: _("in their digest"),
    "later": lambda: _("in their reading hours"),
}
"""How somebody gets it who does not get the whole letter at once."""


def why_not(reason: LeftOut, until: datetime | None = None, zone: str = "UTC") -> str:
    """Why somebody gets no copy, as a sentence part; a pause ends on a day of their own ``zone``."""
    if reason is LeftOut.PAUSED and until is not None:
        return _("paused until %(day)s, sees it on the site", day=zones.clock(until, zone).short_date)
    words = {
        LeftOut.PAUSED: _("paused, sees it on the site"),
        LeftOut.READS_ON_SITE: _("reads on the site, wants no mail"),
        LeftOut.AWAY: _("away: their deputy gets it"),
        LeftOut.PROTECTED: _("gets nothing for now"),
        LeftOut.SUPPRESSED: _("mail to the address came back"),
        LeftOut.NO_CONSENT: _("took back their consent"),
        LeftOut.EXCLUDED: _("excluded by you"),
        LeftOut.DECLINED: _("said that they do not come"),
        LeftOut.LEFT: _("left the email group"),
        LeftOut.LAPSED: _("the membership of their organisation has lapsed"),
        LeftOut.OTHER_LANGUAGE: _("reads none of the chosen languages"),
        LeftOut.NO_REGION: _("has no region that is known"),
        LeftOut.OTHER_REGION: _("is not in a chosen region"),
        LeftOut.OTHER_ROLE: _("has none of the chosen roles"),
        LeftOut.NOT_SENT: _("never got the announcement that this is about"),
    }
    return words[reason]
