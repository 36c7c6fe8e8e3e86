"""What a bounce counts, and from when on an address is asked and paused; pure.

At most one charge a day, however many copies came back. What is not the address's fault counts nothing. When enough has
come together, one letter asks whether it arrives (a probe); only if that comes back too, nothing more is sent there.
"""

from datetime import UTC, datetime, timedelta

from caucusmail.mail.faults import Fault

POINTS = {Fault.GONE: 2, Fault.FULL: 1}
PROBE_AT = 4  # points: two days on which it was gone, or four on which it was full
FORGOTTEN_AFTER = timedelta(days=45)  # without another charge
PROBE_WAITS = timedelta(days=7)  # a probe that has not come back by then has arrived


def charged(score: int, last: datetime | None, fault: Fault, now: datetime) -> int | None:
    """The new score of an address whose ``last`` charge was then; None: nothing changes."""
    points = POINTS.get(fault, 0)
    if not points or (last is not None and last.astimezone(UTC).date() == now.astimezone(UTC).date()):
        return None
    return points if last is None or now - last > FORGOTTEN_AFTER else score + points
