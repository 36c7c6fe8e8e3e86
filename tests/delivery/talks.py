"""Letters, a way to drive a conversation without a socket, and a small server to hold one with."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from caucusmail.delivery.conversation import Conversation
from caucusmail.delivery.envelopes import Extensions
from caucusmail.delivery.outcome import Outcome

PIPELINED, IN_STEP = Extensions(pipelining=True), Extensions()


@dataclass(frozen=True)
class Copy:
    """A letter that says its own name; servers of the tests put it into their answers."""

    name: str
    raw: bytes = b""
    sender: str = ""
    recipient: str = ""

    @property
    def envelope_from(self) -> str:
        return self.sender or f"{self.name}@ours.example"

    @property
    def envelope_to(self) -> str:
        return self.recipient or f"{self.name}@mail.example"


def letter(name: str, raw: bytes = b"") -> Copy:
    return Copy(name, raw or f"Subject: {name}\r\n\r\nHello {name}.\r\n".encode())


def long_letter(name: str) -> Copy:
    """One whose dot does not leave in the same write."""
    return letter(name, f"Subject: {name}\r\n\r\n".encode() + b"Once more, with patience.\r\n" * 2000)


def written(talk: Conversation[Copy]) -> bytes:
    """All that is to be written now, as if the socket had taken it."""
    octets = b""
    while more := talk.take():
        talk.wrote(len(more))
        octets += more
    return octets


def begun(extensions: Extensions, *copies: Copy) -> Conversation[Copy]:
    """A conversation to which as many of ``copies`` were offered as it takes; what it says at first is written."""
    talk: Conversation[Copy] = Conversation(extensions)
    for copy in copies:
        talk.offer(copy)
    written(talk)
    return talk


def asked(extensions: Extensions, *copies: Copy) -> Conversation[Copy]:
    """The same, and the server is ready for the first one's content."""
    talk = begun(extensions, *copies)
    for reply in (b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
        talk.receive(reply)
        written(talk)
    assert talk.asking is copies[0]
    return talk


def permitted(extensions: Extensions, *copies: Copy) -> Conversation[Copy]:
    """The same, and its content, its dot and what may follow are written."""
    talk = asked(extensions, *copies)
    talk.permit()
    written(talk)
    return talk


def ends(talk: Conversation[Copy]) -> dict[str, Outcome]:
    """What became of each that has ended, by name."""
    assert len({copy.name for copy, _end in talk.done}) == len(talk.done)
    return {copy.name: end for copy, end in talk.done}


@dataclass
class Server:
    """Takes commands octet by octet, and answers as ``choose(command)`` says: a code, or 0 to hang up without a word.

    Every answer names its command and the letter whose envelope is open.
    """

    choose: Callable[[str], int]
    delivered: list[tuple[str, bytes]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # what no client may do
    closed: bool = False
    _heard: bytes = b""
    _sender: str = ""
    _recipient: str = ""
    _content: list[bytes] | None = None

    def hear(self, octets: bytes) -> bytes:
        """What it answers to these."""
        *lines, self._heard = (self._heard + octets).split(b"\r\n")
        return b"".join(self._line(line) for line in lines if not self.closed)

    def _line(self, line: bytes) -> bytes:
        if self._content is None:
            return self._command(line.decode())
        if line != b".":
            self._content.append(line.removeprefix(b"."))
            return b""
        content, self._content = b"".join(one + b"\r\n" for one in self._content), None
        code, reply = self._answer("DOT", self._sender)
        if 200 <= code < 300 and self._recipient:
            self.delivered.append((self._recipient, content))
        self._sender = self._recipient = ""
        return reply

    def _command(self, line: str) -> bytes:
        verb, named = line[:4], line.partition("<")[2].partition("@")[0]
        if verb not in ("MAIL", "RCPT", "DATA", "RSET") or (verb == "MAIL" and self._sender):
            self.wrong.append(line)
        code, reply = self._answer(verb, named or self._sender)
        match verb:
            case "MAIL" if code == 250:
                self._sender = named
            case "RCPT" if code == 250 and self._sender:
                self._recipient = named
            case "DATA" if code == 354:
                self._content = []
            case "RSET":
                self._sender = self._recipient = ""
        return reply

    def _answer(self, command: str, name: str) -> tuple[int, bytes]:
        code = self.choose(command)
        self.closed = code in (0, 421)
        return code, f"{code}-{command}\r\n{code} {name}\r\n".encode() if code else b""


def talk_until_it_ends(
    talk: Conversation[Copy], server: Server, waiting: deque[Copy], sizes: Iterator[int]
) -> list[Copy]:
    """Offer what waits, permit what asks, in pieces of ``sizes`` octets, until all has ended or the session has.

    Who was offered and not begun comes back.
    """
    while True:
        while waiting and talk.room:
            talk.offer(waiting.popleft())
        if talk.asking is not None:
            talk.permit()
        out, answers = talk.take(), b""
        assert out or talk.quiet, "stuck: nothing to say, and something to wait for"
        while out:
            size = next(sizes)
            answers += server.hear(out[:size])
            talk.wrote(len(out[:size]))
            out = out[size:]
        while answers:
            size = next(sizes)
            talk.receive(answers[:size])
            answers = answers[size:]
        if talk.broken or server.closed:
            return talk.lost("hung up")
        if talk.quiet and not waiting:
            return []
