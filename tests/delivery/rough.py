"""A relay that breaks off: it hangs up at a chosen place, or says what it was told to say."""

import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass
class Rough:
    """``hang_up`` lists where the next conversations break: "MAIL", "RCPT", "DATA" (instead of 354), "354" (right after
    it) or "dot" (after the whole message, before an answer); "" lets one pass. ``stall`` says nothing after the dot."""

    hang_up: list[str] = field(default_factory=list)
    stall: bool = False
    mute: bool = False  # takes the connection and hangs up without a greeting
    greeting: bytes = b"220 rough\r\n"
    deaf: bool = False  # takes the connection and never greets
    context: ssl.SSLContext | None = None  # offers STARTTLS
    wrapped: bool = False  # TLS from the first octet, by the same context
    password: bytes = b""  # the answer to AUTH; none is offered without
    odd: dict[str, bytes] = field(
        default_factory=dict
    )  # said instead of what a verb ("EHLO", "STAR", "AUTH") is answered
    silent_to: bytes = b"no such recipient"  # never answered
    enough: bytes = b""  # said after the first line of the content, and then nothing more
    taken: bytes = b"250 2.0.0 taken\r\n"  # the answer to the dot
    slow_reader_s: float = 0.0  # before it reads the content
    many: bool = False  # a thread for each connection
    slow_s: float = 0.0  # before the answer to the dot
    drips: str = ""  # octet by octet, a tenth of a second each: the answers to "RCPT", or to the "dot"
    extensions: tuple[str, ...] = ()
    most: int = 1_000_000  # letters of one connection; then 421 (without ``many``)
    lets_in: int = 1_000_000  # connections at once; the next are refused (with ``many``)
    met: int = 0  # connections that were made
    inside: int = 0  # of these, open
    slam: bytes = b""  # said to the next recipient before hanging up
    peers: list[socket.socket] = field(default_factory=list)  # who is inside
    whole: list[bytes] = field(default_factory=list)  # messages whose dot was seen
    commands: list[bytes] = field(default_factory=list)

    def start(self) -> "Rough":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Nobody gets in any more; who is inside goes on (with ``many``)."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def cut(self) -> None:
        """Hang up on everybody who is inside."""
        for peer in list(self.peers):
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        while True:
            try:
                peer, _address = self._listener.accept()
            except OSError:
                return
            self.met += 1
            if self.many:
                threading.Thread(target=self._meet, args=(peer,), daemon=True).start()
            else:
                self._meet(peer)

    def _meet(self, peer: socket.socket) -> None:
        with peer, suppress(OSError):
            self.inside += 1
            self.peers.append(peer)
            try:
                if self.inside > self.lets_in:
                    peer.sendall(b"421 4.7.0 too many connections\r\n")
                else:
                    self._talk(peer)
            finally:
                self.inside -= 1
                self.peers.remove(peer)

    def _talk(self, peer: socket.socket) -> None:
        if self.deaf:
            peer.recv(1)
        elif self.wrapped and self.context is not None and not isinstance(peer, ssl.SSLSocket):
            with self.context.wrap_socket(peer, server_side=True) as inside:
                self._talk(inside)
        elif not self.mute:
            peer.sendall(self.greeting)
            self._answer(peer, peer.makefile("rb"))

    def _answer(self, peer: socket.socket, lines: BinaryIO) -> None:
        place = None
        self._begun = 0
        while line := lines.readline():
            self.commands.append(line)
            verb = line[:4].upper().decode().strip()
            if verb == "MAIL":
                place = self._place(peer)
            if place == verb or (verb == "RCPT" and self._unkind(peer, lines, line)):
                return
            if verb == "STAR" and self.context is not None and verb not in self.odd:
                peer.sendall(b"220 go on\r\n")
                with self.context.wrap_socket(peer, server_side=True) as inside:
                    self._answer(inside, inside.makefile("rb"))
                return
            if verb == "DATA":
                more = socket.MSG_MORE if place == "354" else 0  # so that the end comes with it, and not after it
                peer.sendall(b"354 go on\r\n", more)
                if place == "354":
                    return
                if not self._take(peer, lines) or place == "dot":
                    return
                self._say(peer, self.taken, "dot")
            elif verb == "QUIT":
                peer.sendall(b"221 bye\r\n")
                return
            else:
                self._say(peer, self._said(verb, peer), verb)

    def _say(self, peer: socket.socket, answer: bytes, to: str) -> None:
        if to != self.drips:
            peer.sendall(answer)
            return
        for octet in answer:
            peer.sendall(bytes([octet]))
            time.sleep(0.1)

    def _said(self, verb: str, peer: socket.socket) -> bytes:
        if verb in self.odd:
            return self.odd[verb]
        if verb == "EHLO":
            return "".join(f"250-{one}\r\n" for one in self._offered(peer)).encode() + b"250 SIZE\r\n"
        return self.password if verb == "AUTH" else b"250 OK\r\n"

    def _place(self, peer: socket.socket) -> str:
        """Where the conversation about the next letter breaks."""
        self._begun += 1
        if self._begun > self.most:
            peer.sendall(b"421 4.7.0 enough for one connection\r\n")
            return "MAIL"
        return self.hang_up.pop(0) if self.hang_up else ""

    def _offered(self, peer: socket.socket) -> list[str]:
        more = ["STARTTLS"] if self.context and not isinstance(peer, ssl.SSLSocket) else []
        return ["rough", *self.extensions, *more, *(["AUTH PLAIN LOGIN"] if self.password else [])]

    def _unkind(self, peer: socket.socket, lines: BinaryIO, line: bytes) -> bool:
        """Whether the recipient of this ``line`` ends the conversation: by a slam, or by silence until the other side goes."""
        if self.slam:
            peer.sendall(self.slam)
            self.slam = b""
            return True
        if self.silent_to in line:
            while lines.readline():
                pass
            return True
        return False

    def _take(self, peer: socket.socket, lines: BinaryIO) -> bool:
        """Whether a whole message came and may be answered."""
        time.sleep(self.slow_reader_s)
        if self.enough:
            lines.readline()
            peer.sendall(self.enough)
            while lines.read(65536):
                pass
            return False
        content: list[bytes] = []
        while (one := lines.readline()) != b".\r\n":
            if not one:
                return False
            content.append(one)
        self.whole.append(b"".join(content))
        time.sleep(self.slow_s)
        if self.stall:
            lines.readline()
        return not self.stall
