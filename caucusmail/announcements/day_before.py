"""When a reminder of a meeting leaves: a day before it, by day where its reader lives. Pure."""

from datetime import UTC, datetime, time, timedelta

from caucusmail import zones

AHEAD = timedelta(hours=24)
MORNING, EVENING = 8, 20  # hours of the reader's own clock between which we write
SHORTEST = timedelta(hours=1)  # before the start: later, a reminder in the morning is of no use


def moment(starts_at: datetime, zone_name: str) -> datetime:
    """24 hours before the start; at 08:00 of the reader's next morning where that falls into their night."""
    return _by_day(starts_at - AHEAD, zone_name)


def due(starts_at: datetime, zone_name: str, now: datetime) -> bool:
    """Whether it leaves now. One that is late (after an outage) waits for the morning too, unless the meeting does not."""
    if not moment(starts_at, zone_name) <= now < starts_at:
        return False
    by_day = _by_day(now, zone_name)
    return by_day == now or by_day > starts_at - SHORTEST


def _by_day(at: datetime, zone_name: str) -> datetime:
    local = at.astimezone(zones.zone(zone_name))
    if MORNING <= local.hour < EVENING:
        return at
    day = local.date() if local.hour < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, time(MORNING), tzinfo=local.tzinfo).astimezone(UTC)
