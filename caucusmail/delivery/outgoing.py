"""claim, send, settle: one turn of the outgoing queue.

A turn claims due rows with a lease (``claims``), then talks to the relay over several ``lines``, outside any transaction.
When the server is ready for a letter's content, the row is committed *in flight* (``marks``); only then its content
and its final dot leave. So after a killed worker at most one row of each line may have left unknown, and becomes *uncertain*;
all others are simply due again when the lease lapses. What became of the letters of one round is written together with
what begins in the next.

A turn is short whatever the relay does: after ``AT_MOST`` it begins no further letter, lets its rows go and wakes the
next turn. So no letter waits long behind others. While one line waits for a silent server, the others go on.
"""

import logging
import math
import secrets
import time
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from caucusmail import clock, database, failpoints, settings
from caucusmail.database import db, transaction
from caucusmail.delivery import ahead, claims, locking, outcome, pacing, stopping, transport, units, waves
from caucusmail.delivery.ledger import DELIVER
from caucusmail.delivery.lines import BROKEN_OFF, SILENT_S, Lines, Relays
from caucusmail.delivery.making import Maker
from caucusmail.delivery.marks import Marks, Settled
from caucusmail.delivery.models import Delivery, Lane
from caucusmail.delivery.outcome import Outcome, Phase
from caucusmail.delivery.pacing import Pace
from caucusmail.delivery.pausing import Blame
from caucusmail.delivery.quotas import Quota
from caucusmail.delivery.retry import Fault
from caucusmail.delivery.transport import Line, Timeouts
from caucusmail.delivery.turns import Turn

logger = logging.getLogger(__name__)

AT_MOST = timedelta(seconds=10)
CHUNK = 500  # rows claimed at once
FOR_A_LINE = 8  # rows that are worth one more line
BREAKS = 10  # in a row: then the relay is left alone for a while
HEAR_OUT_S = 10.0  # for answers to final dots, when something went wrong with us


def turn(
    worker: str,
    up_to: Lane = Lane.BULK,
    *,
    limit: int = 1_000_000,
    at_most: timedelta = AT_MOST,
    timeouts: Timeouts | None = None,
    connections: int | None = None,
) -> Turn:
    """Send due rows of the lane ``up_to`` and of those before it; the earliest lane first.

    It ends after ``limit`` rows, or with the letters during which ``at_most`` is over, and wakes the lane's queue again
    if more is due. Call it outside any transaction.
    """
    with database.reading():
        if stopping.ordered() or not claims.anything_due(up_to):
            return Turn(0)
        holder = f"{worker[:40]}/{secrets.token_hex(4)}/{claims.since_start()}"
    with transaction():
        waves.keep_apart()
    most = min(connections or settings.current().mail_connections, limit)
    return _Shift(holder, up_to, timeouts, most).work(limit, at_most)


def recover() -> int:
    """Rows whose worker has died: what may have left is uncertain, the rest due again; how many there were."""
    ahead.bring_back()
    return claims.recover()


class _Shift:
    """One turn: its rows, its lines, and what has not been written yet."""

    def __init__(self, holder: str, up_to: Lane, timeouts: Timeouts | None, most: int) -> None:
        self._holder, self._up_to = holder, up_to
        self._relays = Relays(transport.doors(timeouts))
        self._lines = Lines(self._relays, most)
        self._marks = Marks(holder)
        self._maker = Maker()
        self._blame, self._pace = Blame(), Pace()
        self._rows: dict[int, Delivery] = {}  # claimed and not settled
        self._backlog: deque[Delivery] = deque()  # of these, not offered to a line
        self._ended: list[Settled] = []  # not written yet
        self._kept: list[int] = []  # rows that stay as they are, and are let go
        self._settled = self._begun = self._breaks = 0
        self._quota = Quota(up_to)
        self._relay: str | None = None  # as ``Turn.relay``
        self._shut = ""  # why the relay is left alone for a while
        self._renewed = time.monotonic()

    def work(self, limit: int, at_most: timedelta) -> Turn:
        self._left, self._ends = limit, time.monotonic() + at_most.total_seconds()
        self._anew = self._ends + SILENT_S
        try:
            with units.unflushed() as unit:
                while self._more():
                    self._lines.wait(0 if self._ended else 1.0)
                    self._gather()
                    self._mark(unit)
                # The relay may have taken these: heard out as long as SMTP asks.
                while self._lines.after_dot and not stopping.over():
                    self._let_wait()
                    self._mark(unit)
                    self._renew()
                    self._lines.wait(1.0)
        finally:
            try:
                self._hear_out()
                self._lines.close()
            finally:
                self._end()
        done = Turn(self._settled)
        done.relay, done.relays = self._relay, self._relays.met
        return done

    def _more(self) -> bool:
        """Claim and feed; whether there is anything to wait for."""
        if stopping.ordered():  # what waits for a silent server is let go, but for what may have left
            return False
        self._pause()
        away = self._lines.unreachable and f"cannot be reached: {self._lines.unreachable}"
        self._shut = BROKEN_OFF if self._breaks >= BREAKS else away
        if self._shut:
            self._relay = self._shut
            logger.warning("the relay %s", self._relay)
            return False
        if time.monotonic() > self._anew:  # kept by a silent server: what is urgent by now comes first
            self._anew = time.monotonic() + AT_MOST.total_seconds()
            self._let_go()
        if not self._over:
            self._claim()
            self._lines.want(math.ceil(len(self._backlog) / FOR_A_LINE))
            for line in self._lines.open:
                self._feed(line)
        self._renew()
        return bool((self._backlog and not self._over) or self._ended or self._lines.busy)

    @property
    def _over(self) -> bool:
        """No further letter is begun; but where one line waits for a silent server, the others go on meanwhile."""
        if self._quota.held_back(self._backlog, {line.relay for line in self._lines.open}):
            return True
        late_s = time.monotonic() - self._ends
        return self._begun > 0 and (0 <= late_s < SILENT_S or (late_s >= SILENT_S and not self._lines.busy))

    def _claim(self) -> None:
        """Some more rows, before the lines run out of them."""
        enough = self._quota.dry or self._left <= 0 or len(self._backlog) > 2 * len(self._lines.open)
        if enough or not self._lines.take_more:  # others may have a line for it
            return
        found = self._quota.claim(self._holder, min(CHUNK, self._left))
        failpoints.reach("after_claim")
        if found:
            self._marks.flushed()
        self._left -= len(found)
        self._backlog.extend(found)
        self._rows |= {row.id: row for row in found}
        self._maker.read(found)

    def _pause(self) -> None:
        """Leave alone what servers refuse because of us, and those that ask for patience."""
        if self._blame.due or self._pace.slow:
            paused, slow = self._blame.pause(), self._pace.apply()
            left = (row for row in self._backlog if row.message_id not in paused)
            self._backlog = deque(
                row for row in left if row.lane is Lane.TRANSACTIONAL or pacing.domain(row) not in slow
            )

    def _feed(self, line: Line) -> None:
        """The next letter for a line that can begin it: none waits behind one that a silent server leaves unanswered."""
        talk = line.talk
        while self._backlog and talk.room and (talk.quiet or talk.asking is not None) and not self._over:
            if (row := self._quota.next(self._backlog, line.relay)) is None:
                return
            made = self._maker.made(row, talk.extensions)
            if isinstance(made, Outcome):
                self._settle(row, made, clock.now())
                continue
            self._begun += 1
            self._quota.begins(row)
            line.offer(made)
            self._lines.attend(line)

    def _hear_out(self) -> None:
        """Something went wrong with us: nothing more is permitted, but what has left may still be answered."""
        ends = time.monotonic() + HEAR_OUT_S
        while self._lines.after_dot and time.monotonic() < ends and not stopping.over():
            self._lines.wait(0.5)
            self._gather()
        self._lines.give_up()
        self._gather()

    def _let_wait(self) -> None:
        """The relay is left alone, or we are to end: what has not left waits elsewhere than behind what is heard out."""
        self._lines.give_up(but_after_dot=True)
        self._gather()
        self._let_go()

    def _let_go(self) -> None:
        """What was offered to no line is anybody's, and claimed again in its order."""
        if self._backlog:
            with transaction():
                self._free([row.id for row in self._backlog])
                self._quota.let_go(self._backlog)
            for row in self._backlog:
                del self._rows[row.id]
            self._left += len(self._backlog)
            self._backlog.clear()

    def _free(self, ours: Iterable[int]) -> None:
        """Let go of these, if they have not begun: due when the relay is asked again."""
        values = outcome.waiting_for_relay(self._shut, clock.now()) if self._shut else {}
        rows = claims.held(self._holder).where(Delivery.id.in_(ours))
        claims.count(rows.values(lease_until=None, lease_by="", **values))

    def _gather(self) -> None:
        """What has ended since; broken lines go, and what they had not begun is due again."""
        now = clock.now()
        for line in list(self._lines.open):
            if line.talk.broken:
                for left in reversed(line.talk.lost(line.talk.broken)):
                    self._backlog.appendleft(self._rows[left.row])
                self._lines.remove(line)
            while line.talk.done:
                copy, end = line.talk.done.pop(0)
                failpoints.reach("after_250")
                self._relays.learn(line.relay, end)
                self._settle(self._rows[copy.row], end, now)
                transport.dispatched(copy, end)

    def _settle(self, row: Delivery, end: Outcome, now: datetime) -> None:
        """Note what became of ``row``; it is written with the next round."""
        if end.refused is None:
            broke = end.fault or end.uncertain
            self._relay = BROKEN_OFF if broke else ""
            self._breaks = self._breaks + 1 if broke else 0
        self._blame.note(row, end)
        self._pace.note(row, end)
        waits = end.refused is Fault.TAKEN_BACK and self._shut
        values = outcome.waiting_for_relay(self._shut, now) if waits else outcome.settled(row, end, now)
        del self._rows[row.id]
        if values is None:
            self._kept.append(row.id)
        else:
            self._ended.append((row.id, values))

    def _mark(self, unit: units.Units) -> None:
        """Write what ended and what begins, then let it leave."""
        asking = {line.talk.asking.row: line for line in self._lines.open if line.talk.asking is not None}
        if not asking and not self._ended:
            return
        for line in asking.values():
            self._feed(line)  # so that the next envelope can leave with the content
        ended, self._ended = self._ended, []
        try:
            begun = self._marks.write(unit, ended, asking)
        except BaseException:
            self._ended = ended + self._ended
            raise
        failpoints.reach("after_mark")
        self._settled += len(ended)
        for row_id, line in asking.items():
            if begun.get(row_id) == self._rows[row_id].address:
                line.permit()
                failpoints.reach("after_permit")
            else:
                line.talk.refuse(Outcome(Phase.DATA, refused=Fault.MOVED if row_id in begun else Fault.WITHDRAWN))
            self._lines.attend(line)

    def _renew(self) -> None:
        if time.monotonic() - self._renewed > claims.RENEW.total_seconds():
            if claims.renew(self._holder):
                self._marks.flushed()
            self._renewed = time.monotonic()

    def _end(self) -> None:
        """Write the last outcomes, let go of what was not begun, and wake the next turn if it has anything to do."""
        units.outlast(self._write_last)
        self._settled += len(self._ended)
        database.read_again(Delivery)

    def _write_last(self) -> None:
        failpoints.reach("before_last_write")
        with transaction():
            locking.give_way()
            cursor = db.session.connection().connection.cursor()
            self._marks.again(cursor)
            self._marks.settle(cursor, self._ended)
            self._free([*self._rows, *self._kept])  # of what we settled a mark may be lost: not freed
            self._quota.give_back()
            pacing.speed_up(self._pace.well)
            waves.check()
            self._blame.weigh()
            if not self._shut and self._quota.more_due():
                database.wake(DELIVER[self._up_to])
