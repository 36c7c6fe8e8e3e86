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
from dataclasses import dataclass
from typing import Generic, TypeVar

from caucusmail.delivery.envelopes import Copy, Extensions, needs_utf8
from caucusmail.delivery.outcome import Outcome, Phase
from caucusmail.delivery.retry import Fault

LONGEST_LINE = 2048  # octets; RFC 5321, 4.5.3.1.5 allows 512
AT_ONCE = 32_768  # octets of content that leave in one write with their dot
MOST_LINES = 100  # of one reply
GIVEN_UP = "given up"  # by us: no word about the relay
_REPLY = re.compile(rb"[2-5][0-9]{2}(?:[ -].*)?", re.DOTALL)
_DOT = b".\r\n"


C = TypeVar("C", bound=Copy)


@dataclass(frozen=True, eq=False)
class _Step:
    """What an answer is to."""

    takes: tuple[int, ...] = (2, 4, 5)  # the first digits of its answers (RFC 5321, 4.3.2)
    phase: Phase | None = None  # of a command of an envelope
    after: Phase = Phase.DATA  # what the next answer is to when it went well


_RESET, _VOID, _DOTTED = _Step(), _Step(), _Step()  # RSET; a lone dot; content and its final dot
_MAIL = _Step(phase=Phase.MAIL, after=Phase.RCPT)
_RCPT = _Step(phase=Phase.RCPT)
_DATA = _Step(takes=(3, 4, 5), phase=Phase.DATA)


class Conversation(Generic[C]):
    """The session from the first MAIL on. ``offer`` letters, ``permit`` their content, feed ``receive`` and ``wrote``."""

    def __init__(self, extensions: Extensions) -> None:
        self.extensions = extensions
        self.done: list[tuple[C, Outcome]] = []  # taken away by whoever drives the session
        self.asking: C | None = None  # the server is ready for this one's content
        self.broken = ""  # why the session cannot go on
        self._ours: Fault | None = None  # if it was we who broke it off
        self.replies = 0  # whole ones, so far
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
        return self._leaving is not None and not self.before_dot

    @property
    def before_dot(self) -> bool:
        """Something of a letter may have left, and its final dot has not."""
        return self._leaving is not None and self._written <= self._dot_at

    def offer(self, copy: C) -> None:
        """The next letter; its envelope is said as soon as it can be."""
        self._next = copy
        if self._current is None and (self._leaving is None or self.extensions.pipelining):
            self._open()

    def take(self) -> bytes:
        """What is to be written now. A final dot is taken by itself after content that a socket does not take at once.

        So whoever writes can look in between whether the server has hung up: then the dot was not sent.
        """
        made: list[bytes] = []
        while self._out and not (self._out[0] is _DOT and made and len(made[-1]) > AT_ONCE):
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
        self._say((dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n", None))
        self._dot_at = self._queued
        self._say((_DOT, _DOTTED))
        if self.extensions.pipelining:
            self._open()

    def refuse(self, outcome: Outcome) -> None:
        """The one that asks must not leave: after 354 there is no other way than to hang up (RFC 5321, 4.1.1.4)."""
        assert self.asking is not None
        self.done.append((self.asking, outcome))
        self.asking = self._current = None
        self.broken = "given up before the content"

    def give_up(self) -> None:
        """Break it off ourselves. What has not left is no word about the relay, nor about the recipient."""
        if not self.broken:
            self.broken, self._ours = GIVEN_UP, Fault.TAKEN_BACK

    def lost(self, why: str) -> list[C]:
        """The connection is gone. Who was offered and not begun is given back; so is one whose envelope followed
        another letter and was not answered at all: the server hung up after that one."""
        self.broken = self.broken or why
        left = [self._next] if self._next is not None else []
        if self._leaving is not None:
            sent = self._written > self._dot_at
            end = Outcome(Phase.DOT, None, why) if sent else Outcome(Phase.DATA, None, why, self._ours)
            self.done.append((self._leaving, end))
        if self._current is not None:
            if self._followed and self._early is None and self._phase is Phase.MAIL:
                left.insert(0, self._current)
            else:
                self.done.append((self._current, self._early or Outcome(self._phase, None, why, self._ours)))
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
        if _REPLY.fullmatch(line) is None or len(line) > LONGEST_LINE or len(self._lines) >= MOST_LINES:
            self.broken = "an answer that is none"
            return
        self._lines.append(line)
        if line[3:4] != b"-":
            lines, self._lines = self._lines, []
            self.replies += 1
            self._reply(int(line[:3]), lines)

    def _reply(self, code: int, lines: list[bytes]) -> None:
        if code == 421:
            self.broken = f"421 {_words(lines)}"
        if not self._expected:
            self.broken = self.broken or "an answer to nothing"
            return
        step, at = self._expected.popleft()
        if self._written < at:
            self._too_early(step, code, lines)
        elif code // 100 not in step.takes:  # one answer too many or too few has come
            self.broken = f"an answer out of step: {code} {_words(lines)}"
        elif step.phase is not None:
            self._answered(step, step.phase, code, lines)
        elif step is _DOTTED:
            assert self._leaving is not None
            self.done.append((self._leaving, Outcome(Phase.DOT, code, _words(lines))))
            self._leaving = None
            if self._current is None:
                self._open()
        elif step is _VOID:
            self._ended_early()
        elif code != 250:
            self.broken = self.broken or f"{code} {_words(lines)}"

    def _too_early(self, step: _Step, code: int, lines: list[bytes]) -> None:
        """An answer to what was not wholly written. A refusal in the middle of the content stands: its dot is never sent."""
        self.broken = self.broken or "an answer before its command"
        if step is _DOTTED and code >= 400 and self._leaving is not None and self.before_dot:
            self.done.append((self._leaving, Outcome(Phase.DATA, code, _words(lines))))
            self._leaving = None

    def _answered(self, step: _Step, phase: Phase, code: int, lines: list[bytes]) -> None:
        """An answer to a command of the current envelope."""
        if code == 421 and step is _MAIL and self._followed:
            return  # no word about this letter: ``lost`` gives it back
        if code >= 400 and self._early is None:
            self._early = Outcome(phase, code, _words(lines))
        if self._early is None:
            self._phase = step.after
        if step is _DATA:
            self._at_data(code < 400)
        elif not self.extensions.pipelining:
            if self._early is None:
                following = _RCPT if step is _MAIL else _DATA
                self._say((self._command(following), following))
            else:
                self._ended_early()

    def _at_data(self, ready: bool) -> None:
        if self._early is None:
            self.asking = self._current
        elif not ready:
            self._ended_early()
        elif self._early.phase is Phase.RCPT:
            self._say((_DOT, _VOID))  # no recipient, so nothing can be delivered (RFC 2920, 3.1)
        else:
            self.broken = "ready for content although it refused the sender"

    def _ended_early(self) -> None:
        assert self._current is not None
        assert self._early is not None
        self.done.append((self._current, self._early))
        self._current, self._reset = None, True
        if self._leaving is None or self.extensions.pipelining:
            self._open()

    def _open(self) -> None:
        """Begin the envelope of the next letter, if there is one and nothing is in its way."""
        if self._next is None or self.broken:
            return
        self._current, self._next, self._early, self._phase = self._next, None, None, Phase.MAIL
        self._followed, self._first = self._first, True
        said = []
        if self._reset:
            said.append((b"RSET\r\n", _RESET))
            self._reset = False
        steps = (_MAIL, _RCPT, _DATA) if self.extensions.pipelining else (_MAIL,)
        self._say(*said, *[(self._command(step), step) for step in steps])

    def _command(self, step: _Step) -> bytes:
        assert self._current is not None
        if step is _MAIL:
            return f"MAIL FROM:<{self._current.envelope_from}>{self._options(self._current)}\r\n".encode()
        return f"RCPT TO:<{self._current.envelope_to}>\r\n".encode() if step is _RCPT else b"DATA\r\n"

    def _options(self, copy: C) -> str:
        options = " SMTPUTF8" if needs_utf8(copy) else ""
        return options + (" BODY=8BITMIME" if self.extensions.eight_bit and not copy.raw.isascii() else "")

    def _say(self, *said: tuple[bytes, _Step | None]) -> None:
        """To be written in one piece; each part with what its answer is to."""
        for octets, step in said:
            self._queued += len(octets)
            if step is not None:
                self._expected.append((step, self._queued))
        self._out.append(b"".join([octets for octets, _step in said]) if len(said) > 1 else said[0][0])


def _words(lines: list[bytes]) -> str:
    """What a reply said, on one line."""
    words = b" ".join([line[4:] for line in lines]).decode("utf-8", "replace").replace("\0", "")
    return " ".join(words.split())[:500]
