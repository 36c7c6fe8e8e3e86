"""One SMTP session (RFC 5321) as a state machine without a socket: bytes in, bytes and outcomes out; pure.

Where the server offers PIPELINING (RFC 2920) a letter costs one round trip: its content, the final dot and the next
letter's envelope leave in one write (message content may begin a group of commands; RFC 2920, 3.1). Elsewhere each
command waits for its answer.

Nobody's content leaves without ``permit()``: when the server is ready for it, ``asking`` names the letter, and whoever
drives the session first writes down that it is in flight. Which bytes have reached the socket is reckoned, so that a break
tells whether the final dot may have been sent.
"""

import re
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Generic, Protocol, TypeVar

from caucusmail.delivery.outcome import Outcome, Phase

LONGEST_LINE = 2048  # octets; RFC 5321, 4.5.3.1.5 allows 512
MOST_LINES = 100  # of one reply
_REPLY = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
_PATH = re.compile("[^\x00- <>\x7f-\xa0\u2028\u2029\ud800-\udfff]+")
_DOT = b".\r\n"


@dataclass(frozen=True)
class Extensions:
    """What the server offered after EHLO, as far as we use it."""

    pipelining: bool = False
    eight_bit: bool = False
    utf8: bool = False

    @classmethod
    def of(cls, keywords: Collection[str]) -> "Extensions":
        """From the keywords of the answer to EHLO, lower case."""
        return cls("pipelining" in keywords, "8bitmime" in keywords, "smtputf8" in keywords)


class Copy(Protocol):
    """One person's letter: its envelope, and its bytes with CRLF line ends."""

    envelope_from: str
    envelope_to: str
    raw: bytes


C = TypeVar("C", bound=Copy)


class _Step(Enum):
    RESET = Phase.BEFORE
    MAIL = Phase.MAIL
    RCPT = Phase.RCPT
    DATA = Phase.DATA
    VOID = "the answer to a lone dot"
    DOT = Phase.DOT

    def takes(self, code: int) -> bool:
        """Whether ``code`` can be an answer to it (RFC 5321, 4.3.2); if not, one answer too many or too few has come."""
        return code // 100 in ((3, 4, 5) if self is _Step.DATA else (2, 4, 5))


class Conversation(Generic[C]):
    """The session from the first MAIL on. ``offer`` letters, ``permit`` their content, feed ``receive`` and ``wrote``."""

    def __init__(self, extensions: Extensions) -> None:
        self.extensions = extensions
        self.done: list[tuple[C, Outcome]] = []  # taken away by whoever drives the session
        self.asking: C | None = None  # the server is ready for this one's content
        self.broken = ""  # why the session cannot go on
        self._next: C | None = None  # offered, nothing of it said
        self._current: C | None = None  # its envelope is being said
        self._leaving: C | None = None  # permitted, not answered
        self._early: Outcome | None = None  # the answer that ended the current one's envelope
        self._phase = Phase.MAIL  # of the current one: what its next answer is to
        self._expected: deque[tuple[_Step, int]] = deque()  # and how many octets are written when it can be answered
        self._followed = self._first = False  # the current one came after another; the first one has begun
        self._reset = False  # an envelope was broken off: the next begins anew
        self._buffer = b""
        self._lines: list[bytes] = []
        self._code = 0
        self._out: deque[bytes] = deque()
        self._queued = self._written = self._dot_at = 0  # octets since the session began

    @property
    def room(self) -> bool:
        """Whether a letter can be offered."""
        return not self.broken and self._next is None

    @property
    def quiet(self) -> bool:
        """Nothing was offered that has not ended."""
        return self._next is None and self._current is None and self._leaving is None

    @property
    def after_dot(self) -> bool:
        """It waits for the answer to a final dot, which may take longer than any other (RFC 5321, 4.5.3.2.6)."""
        return self._leaving is not None

    def offer(self, copy: C) -> None:
        """The next letter; its envelope is said as soon as it can be."""
        self._next = copy
        if self._current is None and (self._leaving is None or self.extensions.pipelining):
            self._open()

    def take(self) -> bytes:
        """What is to be written now. A final dot and what follows it are taken by themselves, after the content.

        So whoever writes can look in between whether the server has hung up: then the dot was not sent.
        """
        made: list[bytes] = []
        while self._out and not (made and self._out[0] is _DOT):
            made.append(self._out.popleft())
        return b"".join(made)

    def wrote(self, octets: int) -> None:
        """So many more octets have reached the socket."""
        self._written += octets

    def permit(self) -> None:
        """Let the content and the dot of the one that asks leave, and with it the envelope of the next."""
        copy, self.asking = self.asking, None
        assert copy is not None
        self._leaving, self._current = copy, None
        dotted = copy.raw.replace(b"\r\n.", b"\r\n..")
        if dotted.startswith(b"."):
            dotted = b"." + dotted
        self._say(dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n")
        self._dot_at = self._queued
        self._say(_DOT, _Step.DOT)
        if self.extensions.pipelining:
            self._open()

    def refuse(self, outcome: Outcome) -> None:
        """The one that asks must not leave: after 354 there is no other way than to hang up (RFC 5321, 4.1.1.4)."""
        assert self.asking is not None
        self._end(self.asking, outcome)
        self.asking = self._current = None
        self.broken = "given up before the content"

    def lost(self, why: str) -> list[C]:
        """The connection is gone. Who was offered and not begun is given back.

        So is one whose envelope followed another letter and was not answered at all: the server hung up after that one.
        """
        self.broken = self.broken or why
        left = [self._next] if self._next is not None else []
        if self._leaving is not None:
            sent = self._written > self._dot_at
            self._end(self._leaving, Outcome(Phase.DOT if sent else Phase.DATA, None, why))
        if self._current is not None:
            if self._followed and self._early is None and self._phase is Phase.MAIL:
                left.insert(0, self._current)
            else:
                self._end(self._current, self._early or Outcome(self._phase, None, why))
        self._leaving = self._current = self._next = self.asking = None
        return left

    def receive(self, data: bytes) -> None:
        """What the server said, in pieces of any length."""
        if self.broken:
            return
        self._buffer += data
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            self._line(line.removesuffix(b"\r"))
        if len(self._buffer) > LONGEST_LINE:
            self.broken = "an answer without an end"

    def _line(self, line: bytes) -> None:
        if self.broken:
            return
        found = _REPLY.fullmatch(line)
        if found is None or len(line) > LONGEST_LINE or len(self._lines) >= MOST_LINES:
            self.broken = "an answer that is none"
            return
        self._lines.append(found[3] or b"")
        if found[2] != b"-":
            words = b" ".join(self._lines).decode("utf-8", "replace").replace("\0", "")
            self._lines.clear()
            self._reply(int(found[1]), " ".join(words.split())[:500])

    def _reply(self, code: int, words: str) -> None:
        if code == 421:
            self.broken = f"421 {words}"
        if not self._expected:
            self.broken = self.broken or "an answer to nothing"
            return
        step, at = self._expected.popleft()
        if self._written < at:
            self._too_early(step, code, words)
            return
        if not step.takes(code):
            self.broken = f"an answer out of step: {code} {words}"
            return
        match step:
            case _Step.RESET:
                if code != 250:
                    self.broken = self.broken or f"{code} {words}"
            case _Step.DOT:
                assert self._leaving is not None
                self._end(self._leaving, Outcome(Phase.DOT, code, words))
                self._leaving = None
                if self._current is None:
                    self._open()
            case _Step.VOID:
                self._ended_early()
            case _:
                self._answered(step, code, words)

    def _too_early(self, step: _Step, code: int, words: str) -> None:
        """An answer to what was not wholly written. A refusal in the middle of the content stands: its dot is never sent."""
        self.broken = self.broken or "an answer before its command"
        if step is _Step.DOT and code >= 400 and self._written <= self._dot_at:
            assert self._leaving is not None
            self._end(self._leaving, Outcome(Phase.DATA, code, words))
            self._leaving = None

    def _answered(self, step: _Step, code: int, words: str) -> None:
        """An answer to a command of the current envelope."""
        phase = Phase(step.value)
        fine = code // 100 == (3 if step is _Step.DATA else 2)
        if not fine and self._early is None:
            self._early = Outcome(phase, code, words)
        if self._early is None:
            self._phase = Phase(min(phase + 1, Phase.DATA))
        if step is _Step.DATA:
            self._at_data(fine)
        elif not self.extensions.pipelining:
            if self._early is None:
                self._command(_Step.RCPT if step is _Step.MAIL else _Step.DATA)
            else:
                self._ended_early()

    def _at_data(self, ready: bool) -> None:
        if self._early is None:
            self.asking = self._current
        elif not ready:
            self._ended_early()
        elif self._early.phase is Phase.RCPT:
            self._say(_DOT, _Step.VOID)  # no recipient, so nothing can be delivered (RFC 2920, 3.1)
        else:
            self.broken = "ready for content although it refused the sender"

    def _ended_early(self) -> None:
        assert self._current is not None
        assert self._early is not None
        self._end(self._current, self._early)
        self._current, self._reset = None, True
        if self._leaving is None or self.extensions.pipelining:
            self._open()

    def _end(self, copy: C, outcome: Outcome) -> None:
        self.done.append((copy, outcome))

    def _open(self) -> None:
        """Begin the envelope of the next letter, if there is one and nothing is in its way."""
        if self._next is None or self.broken:
            return
        self._current, self._next, self._early, self._phase = self._next, None, None, Phase.MAIL
        self._followed, self._first = self._first, True
        if self._reset:
            self._say(b"RSET\r\n", _Step.RESET)
            self._reset = False
        for step in (_Step.MAIL, _Step.RCPT, _Step.DATA) if self.extensions.pipelining else (_Step.MAIL,):
            self._command(step)

    def _command(self, step: _Step) -> None:
        assert self._current is not None
        match step:
            case _Step.MAIL:
                said = f"MAIL FROM:<{self._current.envelope_from}>{self._options(self._current)}\r\n"
            case _Step.RCPT:
                said = f"RCPT TO:<{self._current.envelope_to}>\r\n"
            case _:
                said = "DATA\r\n"
        self._say(said.encode(), step)

    def _options(self, copy: C) -> str:
        options = " SMTPUTF8" if needs_utf8(copy) else ""
        return options + (" BODY=8BITMIME" if self.extensions.eight_bit and not copy.raw.isascii() else "")

    def _say(self, octets: bytes, step: _Step | None = None) -> None:
        self._out.append(octets)
        self._queued += len(octets)
        if step is not None:
            self._expected.append((step, self._queued))


def needs_utf8(copy: Copy) -> bool:
    """Whether its envelope asks for SMTPUTF8 (RFC 6531)."""
    return not (copy.envelope_to.isascii() and copy.envelope_from.isascii())


def speakable(copy: Copy) -> bool:
    """Whether its addresses can stand in a command: nothing in them can end it or begin a parameter."""
    return bool(_PATH.fullmatch(copy.envelope_from) and _PATH.fullmatch(copy.envelope_to))
