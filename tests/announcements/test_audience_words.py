from datetime import UTC, datetime

from caucusmail.announcements.audience_words import HOW, why_not
from caucusmail.announcements.models import LeftOut


def test_a_pause_ends_on_a_day_of_their_own_zone():
    until = datetime(2026, 12, 31, 22, tzinfo=UTC)
    assert why_not(LeftOut.PAUSED, until, "Africa/Nairobi") == "paused until Fri 1 Jan 2027, sees it on the site"


def test_every_reason_and_every_way_has_its_words():
    assert len({why_not(reason) for reason in LeftOut}) == len(LeftOut)
    assert {name: say() for name, say in HOW.items()}["digest"] == "in their digest"
