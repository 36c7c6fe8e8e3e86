"""The numbers of an announcement that has been confirmed, as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from caucusmail.announcements import again, audience, dispatch, queries
from caucusmail.announcements import progress as reckoned
from caucusmail.announcements.again import Paused
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.audit import heartbeats
from caucusmail.delivery.again import Pending
from caucusmail.delivery.models import DeliveryState
from caucusmail.delivery.waves import Standing
from caucusmail.languages import _
from caucusmail.web import reader
from caucusmail.web.announcements import pace_words, telling

SLOWLY = 30  # seconds between looks at one that is scheduled


@dataclass(frozen=True)
class Seen:
    """Everything the page says of the copies."""

    sentence: str
    late: bool = False  # its time passed so long ago that a person must say whether it still leaves
    every: int = 0  # seconds between looks; 0: nothing moves any more
    left_s: int = 0  # of the undo window
    counts: dict[str, int] = field(default_factory=dict)
    total: int = 0
    done: int = 0
    rate: int = 0  # a minute, of late
    rate_in_all: int = 0  # a minute, since the beginning
    time_left: str = ""
    trouble: str = ""
    paused: Paused | None = None
    waves: Standing | None = None  # None: it leaves all at once
    waits: str = ""  # what waits because its readers want it so
    newcomers: int = 0  # who joined later and were sent it too
    asked: Sequence[tuple[Pending, str]] = ()  # what can be taken back, and who asked for it


def of(announcement: Announcement, zone: str) -> Seen:
    """As it is now, on the clock of ``zone``."""
    if announcement.state is AnnouncementState.CANCELLED:
        return Seen(
            _(
                "Nobody got it: it was taken off the list on %(time)s, as a draft.",
                time=telling.when(announcement, zone),
            )
        )
    sentence = telling.audience(audience.estimate(announcement), frozen=True)
    if announcement.state is AnnouncementState.CONFIRMED:
        left_s = dispatch.undo_left_s(announcement)
        late = dispatch.is_late(announcement)
        return Seen(sentence, late=late, every=SLOWLY if left_s > 300 or late else 3, left_s=left_s)
    numbers = reckoned.numbers(announcement)
    leaving = announcement.state is AnnouncementState.SENDING
    paused = again.paused(announcement, reader.viewer()) if leaving else None
    waves = again.waves_of(announcement) if leaving else None
    return Seen(
        sentence,
        every=_every(leaving and not paused, waves, waiting=not numbers.moving),
        counts={state.value: numbers.states.get(state, 0) for state in DeliveryState},
        total=numbers.total,
        done=numbers.total - numbers.open,
        rate=numbers.a_minute if leaving else 0,
        rate_in_all=numbers.a_minute_in_all,
        time_left=telling.time_left(numbers, zone) if leaving and not paused and not waves else "",
        trouble=_trouble(numbers) if leaving and not paused else "",
        paused=paused,
        waves=waves,
        waits=pace_words.waits(numbers, zone) if leaving and not waves else "",
        newcomers=queries.newcomers(announcement),
        asked=again.pending(announcement),
    )


def _every(moves: bool, waves: Standing | None, *, waiting: bool) -> int:
    """Seconds between looks; 0 while somebody types why it may go on: then nothing moves."""
    return (SLOWLY if waiting or (waves and waves.next_at) else 3) if moves else 0


def _trouble(numbers: reckoned.Numbers) -> str:
    """Why copies wait, if they wait for a reason that is ours."""
    if not numbers.moving:
        return ""
    idle = not numbers.settled_lately
    if numbers.unanswered or (idle and heartbeats.lately("relay")):
        return _(
            "The mail relay cannot be reached at the moment. Nothing is lost: the copies wait here and leave by themselves as soon as it answers."
        )
    if idle and heartbeats.trouble("jobs"):
        return _(
            "The part of the house that sends mail is not at work at the moment. Nothing is lost: the copies wait here until it is back."
        )
    return ""
