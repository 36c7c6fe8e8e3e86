"""Several lines to the relay at once: opened beside each other, waited for together, replaced when they break.

Opening takes time (a greeting, TLS, a password), so each line is opened by a thread of its own; everything after that
happens in one thread, which waits for whichever line has something to say. Where several relays are configured, a line
goes to the first that answers; one that did not answer, or broke off letter after letter, is left alone for a while.
"""

import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue

from caucusmail.delivery.conversation import GIVEN_UP
from caucusmail.delivery.outcome import Outcome
from caucusmail.delivery.transport import Door, Line, Timeouts, Unreachable, doors, told

BROKEN_OFF = "breaks off, or falls silent, in the middle of a letter, or takes none"
ENOUGH = 3  # letters in a row that a relay breaks off: then another one gets the next
SILENT_S = (
    1.0  # a server that has said nothing for so long may say nothing for minutes: another line takes the next letter
)
REST_S = 60.0  # how long a relay is left alone while there is another; longer each time one more letter breaks
LONGEST = 5  # times that this doubles

_resting: dict[str, float] = {}  # relay: until when (monotonic seconds); both of this process
_breaks: dict[str, int] = {}  # relay: letters in a row that it broke off


@dataclass
class Relays:
    """The doors to try, in order, and what was met at each: name to trouble, "" where it let us in."""

    doors: Sequence[Door]
    met: dict[str, str] = field(default_factory=dict)
    _inside: Counter[str] = field(default_factory=Counter)  # lines to each, those being opened included
    _count: threading.Lock = field(default_factory=threading.Lock)
    _well: set[str] = field(default_factory=set)  # have let us in and not broken off since: a refusal only limits lines

    def open(self) -> Line:
        """A line to the first relay that answers.

        :raises Unreachable: none does, or it may have no more lines; the text is what the last one said.
        """
        awake = [door for door in self.doors if not self.rests(door.name)]
        said = "no relay is configured"
        for door in awake or self.doors:
            self._enter(door)
            try:
                line = door.open()
            except Unreachable as problem:
                self.leave(door.name)
                said = str(problem)
                if door.name not in self._well:
                    self.met[door.name] = said
                    _resting[door.name] = time.monotonic() + REST_S
                continue
            if (
                awake and self.rests(door.name) and _breaks.get(door.name, 0) >= ENOUGH
            ):  # letters of other lines, meanwhile
                line.quit()
                self.leave(door.name)
                said = BROKEN_OFF
                continue
            self.met[door.name] = ""
            self._well.add(door.name)
            _resting.pop(door.name, None)
            return line
        raise Unreachable(said)

    def _enter(self, door: Door) -> None:
        with self._count:
            if door.connections and self._inside[door.name] >= door.connections:
                raise Unreachable("has as many lines as its setting allows")
            self._inside[door.name] += 1

    def leave(self, name: str) -> None:
        """One line less to this relay."""
        with self._count:
            self._inside[name] -= 1

    def learn(self, name: str, end: Outcome) -> None:
        """What became of one letter at a relay that let us in; it rests once it broke off too many, if there is another."""
        if end.refused or end.words == GIVEN_UP:
            return
        if not (end.fault or end.uncertain):
            _breaks.pop(name, None)
            return
        self._well.discard(name)
        _breaks[name] = _breaks.get(name, 0) + 1
        if len(self.doors) > 1 and _breaks[name] >= ENOUGH:
            self.met[name] = BROKEN_OFF
            _resting[name] = time.monotonic() + REST_S * 2 ** min(_breaks[name] - ENOUGH, LONGEST)

    def rests(self, name: str) -> bool:
        """Whether this one is left alone now."""
        return _resting.get(name, 0) > time.monotonic()


def troubles() -> dict[str, str]:
    """Of each relay, in their order, whether it greets us and lets us in: "" or what went wrong. Nothing is sent."""
    return {door.name: _trouble(door) for door in doors(Timeouts(connect=3))}


def _trouble(door: Door) -> str:
    try:
        door.open().quit()
    except Unreachable as problem:
        return f"cannot be reached: {problem}"
    return ""


class Lines:
    """The open lines of one turn, at most ``most``; fewer once a relay has refused one more beside those that it let in."""

    def __init__(self, relays: Relays, most: int) -> None:
        self._relays, self._most = relays, most
        self._selector = selectors.DefaultSelector()
        self._opened: SimpleQueue[Line | Unreachable] = SimpleQueue()
        self._bell, self._ring = socket.socketpair()
        self._bell.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._opening, self._closed = 0, False
        self._door_lock = threading.Lock()
        self.open: list[Line] = []
        self._clogged: set[Line] = set()  # waited for until they take the rest of what was said
        self.unreachable = ""  # what was wrong, while there is no line and none is being opened

    @property
    def busy(self) -> bool:
        """Something was offered that has not ended."""
        return any(not line.talk.quiet for line in self.open)

    @property
    def after_dot(self) -> bool:
        """One waits for the answer to a final dot."""
        return any(line.talk.after_dot for line in self.open)

    @property
    def take_more(self) -> bool:
        """A line may begin another letter soon: not all that there may be wait for a silent server."""
        return len(self.open) < self._most or any(line.waited_s <= SILENT_S for line in self.open)

    def give_up(self, but_after_dot: bool = False) -> None:
        """Those that are busy are broken; or only those that wait for no answer to a final dot."""
        for line in self.open:
            if not (line.talk.quiet or (but_after_dot and line.talk.after_dot)):
                line.talk.give_up()

    def want(self, number: int) -> None:
        """Have ``number`` lines, those being opened included, and one for each that waits for a silent server; none that is
        idle and leads to a relay that rests."""
        for line in [one for one in self.open if one.talk.quiet and self._relays.rests(one.relay)]:
            self.remove(line)
        number += sum(one.waited_s > SILENT_S for one in self.open) if number else 0
        for _ in range(min(number, self._most) - len(self.open) - self._opening):
            self._opening += 1
            threading.Thread(target=self._open_one, name="line", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Until a line has read something, was opened or has been silent for too long, at most ``seconds``."""
        patience = min([seconds, *(max(line.left_s, 0) for line in self.open)])
        for key, events in self._selector.select(patience):
            line = key.data
            if line is None:
                self._admit()
                continue
            if events & selectors.EVENT_READ:
                line.pull()
            line.push()
            self.attend(line)
        for line in self.open:
            if line.left_s <= 0:
                line.give_up()

    def attend(self, line: Line) -> None:
        """After something was given to ``line``: wait for its socket to take the rest."""
        if line.clogged != (line in self._clogged):
            self._clogged ^= {line}
            self._selector.modify(line, selectors.EVENT_READ | (selectors.EVENT_WRITE if line.clogged else 0), line)

    def remove(self, line: Line) -> None:
        """A broken line: close it."""
        self._selector.unregister(line)
        self.open.remove(line)
        self._clogged.discard(line)
        self._relays.leave(line.relay)
        line.drop()

    def close(self) -> None:
        """Take leave of all; what is being opened is closed when it is open."""
        for line in self.open:
            self._selector.unregister(line)
            line.quit()
        self.open.clear()
        with self._door_lock:
            self._closed = True
        self._admit()
        for line in self.open:
            if line.talk.quiet:
                line.quit()
            else:  # a word would be taken for content
                line.drop()
        self._selector.close()
        self._bell.close()
        self._ring.close()

    def _open_one(self) -> None:
        try:
            made: Line | Unreachable = self._relays.open()
        except Unreachable as problem:
            made = problem
        except Exception as problem:  # whatever it is, nobody may wait for this line for ever
            made = Unreachable(told(problem))
        with self._door_lock:
            if not self._closed:
                self._opened.put(made)
                self._ring.send(b"!")
                return
        if isinstance(made, Line):
            made.quit()

    def _admit(self) -> None:
        with suppress(BlockingIOError):
            self._bell.recv(4096)
        while not self._opened.empty():
            made = self._opened.get()
            self._opening -= 1
            if isinstance(made, Line):
                self.open.append(made)
                self._selector.register(made, selectors.EVENT_READ, made)
                self.unreachable = ""
            elif self.open or self._opening:  # so many are enough for it: the next turn asks for more again
                self._most = len(self.open) + self._opening
            else:
                self.unreachable = str(made) or "no answer"
