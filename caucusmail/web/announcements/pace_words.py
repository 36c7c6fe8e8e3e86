"""Who gets an announcement otherwise than whole and at once, in sentences: by notices, in digests, in reading hours."""

from datetime import datetime

from caucusmail import zones
from caucusmail.announcements.audience import Estimate
from caucusmail.announcements.progress import Numbers
from caucusmail.languages import _, plural


def served(estimate: Estimate, zone: str) -> list[str]:
    """Of those who get it; nothing where all get it whole and at once."""
    found = []
    if estimate.later:
        found.append(
            plural(
                "%(number)s of them gets it later, in their reading hours.",
                "%(number)s of them get it later, in their reading hours.",
                estimate.later,
            )
        )
    if estimate.digests:
        found.append(
            plural(
                "%(number)s of them gets it in their digest.",
                "%(number)s of them get it in their digest.",
                estimate.digests,
            )
        )
    if estimate.last_at:
        last = zones.spoken(datetime.fromisoformat(estimate.last_at), zone)
        found.append(_("The last of these is sent at: %(time)s.", time=last))
    if estimate.notices:
        found.append(
            plural(
                "%(number)s of them is told by a notice and reads it on the site.",
                "%(number)s of them are told by a notice and read it on the site.",
                estimate.notices,
            )
        )
    return found


def waits(numbers: Numbers, zone: str) -> str:
    """What waits because its reader wants it so, and until when; "" where nothing does."""
    if numbers.last_later is None:
        return ""
    parts = []
    if numbers.later:
        parts.append(
            plural(
                "%(number)s copy waits for its reader’s hours.",
                "%(number)s copies wait for their readers’ hours.",
                numbers.later,
            )
        )
    if numbers.digests:
        parts.append(
            plural(
                "%(number)s copy waits for its reader’s digest.",
                "%(number)s copies wait for their readers’ digests.",
                numbers.digests,
            )
        )
    last = _("The last of these is sent at: %(time)s.", time=zones.spoken(numbers.last_later, zone))
    return " ".join([*parts, last])
