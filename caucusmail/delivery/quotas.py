"""What one turn may claim, and begin, within the limits that are set: for all letters, each relay, each recipient domain.

Rows of a domain at its limit are passed over by the claim and stay due as they are: nothing is written to them, those of other
domains go on, and whoever has waited longest comes first when there is room. A turn looks through them once, not at each of its claims. Letters
that somebody waits for never wait.
"""

import time
from collections import Counter, deque
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from caucusmail import database, settings
from caucusmail.database import transaction
from caucusmail.delivery import claims, limits, pacing
from caucusmail.delivery.models import Delivery, Lane

LOOK_S = 1.0  # from a claim that found nothing to the next of the same turn, which waits for a silent server meanwhile
SHUT_S = 5.0  # from a relay that had no room to the next question; a burst is that of a longer time


class Quota:
    """Of one turn of the lane ``last`` and those before it."""

    def __init__(self, last: Lane) -> None:
        self._last = last
        told = settings.current()
        self._domains, self._relays = told.mail_domain_limits, told.relay_limits
        self._dry_until = 0.0  # monotonic seconds; 0: the last claim found something
        self._spent = False  # no more letters may begin this minute at all
        self._reserved = self._begun = 0  # letters
        self._claimed: Counter[str] = Counter()  # letters of limited domains that count and have not begun
        self._in_hand: Counter[str] = Counter()  # letters that may begin at a relay, and have not
        self._full: set[str] = set()  # domains at their limit
        self._after: dict[Lane, Any] = {}  # the row that the last claim came to: the next begins behind it
        self._shut: dict[str, float] = {}  # relays at theirs: until when (monotonic seconds) none asks for room again

    @property
    def dry(self) -> bool:
        """A claim found nothing more just now."""
        return time.monotonic() < self._dry_until

    def claim(self, holder: str, wanted: int) -> list[Delivery]:
        """At most so many rows. A unit of work of its own, two where there is a limit for all."""
        found = self._claim(holder, wanted) if not self._dry_until or self._anything_new() else []
        self._dry_until = 0.0 if found else time.monotonic() + LOOK_S
        return found

    def _anything_new(self) -> bool:
        with database.reading():
            return claims.anything_due(self._last, limits.full_domains(self._domains) if self._domains else ())

    def _claim(self, holder: str, wanted: int) -> list[Delivery]:
        free = pacing.reserve(wanted, self._last)
        self._spent = not free
        found = claims.claim(holder, self._last, free, self._choose if self._domains else None) if free else []
        if len(found) < free and settings.current().mail_per_minute:
            with transaction():
                pacing.give_back(free - len(found))
        self._reserved += len(found)
        return found

    def _choose(self, now: datetime, limit: int) -> list[int]:
        """The rows of a claim, within the limits of domains."""
        limits.alone()
        self._full = limits.full_domains(self._domains)
        chosen: list[int] = []
        for lane in claims.up_to(self._last):
            after = None if lane is Lane.TRANSACTIONAL else self._after.pop(lane, None)
            while len(chosen) < limit:
                asked = limit - len(chosen)
                found = claims.candidates(now, lane, asked, self._full, after)
                chosen += self._within(lane, [(row.id, pacing.domain(row)) for row in found])
                if len(found) < asked:
                    self._after.pop(lane, None)  # the next begins in front
                    break
                self._after[lane] = after = found[-1]
        return chosen

    def _within(self, lane: Lane, found: list[tuple[int, str]]) -> list[int]:
        """Those of these rows that their domains may still get; the first first."""
        number = Counter(name for _row, name in found)
        waits = lane is not Lane.TRANSACTIONAL
        asked = {
            limits.domain(name): limits.Ask(most, count if waits else 0, 0 if waits else count)
            for name, count in number.items()
            if (most := limits.of_domain(name, self._domains))
        }
        left = limits.take(asked) if asked else {}
        chosen = []
        for row, name in found:
            key = limits.domain(name)
            if key in left and waits:
                if not left[key]:
                    self._full.add(name)
                    continue
                left[key] -= 1
            self._claimed[name] += key in left
            chosen.append(row)
        return chosen

    def next(self, backlog: deque[Delivery], relay: str) -> Delivery | None:
        """The first of these that may begin at this relay, taken out of them; None: none may for now."""
        if relay not in self._relays:
            return backlog.popleft()
        awaited = next((row for row in backlog if row.lane is Lane.TRANSACTIONAL), None)
        if awaited is None and not self._in_hand[relay] and not self._is_shut(relay):
            wanted = min(len(backlog), limits.burst(self._relays[relay]))
            self._in_hand[relay] = self._take(relay, wanted)
            self._shut.pop(relay, None)
        if awaited is not None:
            backlog.remove(awaited)
            self._take(relay, anyway=1)
        elif self._in_hand[relay]:
            self._in_hand[relay] -= 1
            awaited = backlog.popleft()
        elif not self._is_shut(relay):
            self._shut[relay] = time.monotonic() + SHUT_S
        return awaited

    def _is_shut(self, relay: str) -> bool:
        return self._shut.get(relay, 0.0) > time.monotonic()

    def _take(self, relay: str, wanted: int = 0, anyway: int = 0) -> int:
        name = limits.relay(relay)
        with transaction():
            limits.alone()
            return limits.take({name: limits.Ask(self._relays[relay], wanted, anyway)})[name]

    def begins(self, row: Delivery) -> None:
        """This one is offered to a line."""
        self._begun += 1
        self._claimed[pacing.domain(row)] -= 1

    def held_back(self, backlog: Iterable[Delivery], relays: Collection[str]) -> bool:
        """None of these may begin at any of these relays, until later."""
        shut = bool(self._shut) and bool(relays) and all(self._is_shut(one) for one in relays)
        return shut and not any(row.lane is Lane.TRANSACTIONAL for row in backlog)

    def let_go(self, rows: Collection[Delivery]) -> None:
        """These were claimed, and whoever claims them next counts them; in the caller's transaction."""
        self._after.clear()
        self._reserved -= len(rows)
        pacing.give_back(len(rows))
        unused = Counter(pacing.domain(row) for row in rows) & self._claimed
        self._claimed -= unused
        limits.give_back(self._of_domains(unused))

    def _of_domains(self, letters: Counter[str]) -> dict[str, tuple[int, int]]:
        told = self._domains
        return {limits.domain(name): (number, limits.of_domain(name, told)) for name, number in letters.items()}

    def give_back(self) -> None:
        """What has not begun counts no longer; in the caller's transaction."""
        pacing.give_back(self._reserved - self._begun)
        told = {limits.relay(name): (number, self._relays[name]) for name, number in self._in_hand.items() if number}
        limits.give_back(told | self._of_domains(+self._claimed))

    def more_due(self) -> bool:
        """Whether another turn had something to do at once; what a limit keeps is found by the sweep. Needs a unit of work."""
        return not (self._spent or self._shut) and claims.anything_due(self._last, self._full)
