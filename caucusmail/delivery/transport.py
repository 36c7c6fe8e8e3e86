"""Lines to the relay (RFC 5321) over Flask-Mail's connection. The only module that holds the socket.

A ``Door`` is Flask-Mail's connection with time limits and verified certificates; it connects, greets, encrypts and signs in.
A ``Line`` is an open door that carries one ``Conversation`` after that, without ever blocking: whoever drives several
of them waits for all at once.
"""

import logging
import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

import flask_mail
from flask_mail import Mail

from caucusmail import failpoints, settings
from caucusmail.delivery.conversation import MOST_LINES, Conversation
from caucusmail.delivery.envelopes import Extensions
from caucusmail.delivery.making import Ready
from caucusmail.delivery.outcome import Outcome
from caucusmail.hosts import Relay

mail = Mail()
logger = logging.getLogger(__name__)
AT_ONCE = 65536  # octets read in one go
OPENING = 2  # times the patience with one answer: for all of a connection's beginning
OF_TLS = 16384  # octets written in one go: of one record (RFC 8446, 5.1), so that "would block" means nothing has left


def init_app(app: Any) -> None:
    """Take host, TLS and login from ``MAIL_*``."""
    mail.init_app(app)


@dataclass(frozen=True)
class Timeouts:
    """Seconds we wait for the relay (RFC 5321, 4.5.3.2); smtplib alone would wait for ever."""

    connect: float = 30
    reply: float = 300
    dot: float = 600


class Unreachable(Exception):
    """Nobody answers at the relay's door, or it does not let us in; the text says what it said."""


class _Answers:
    """What the relay says before the conversation, of which smtplib would read lines without end."""

    def __init__(self, file: BinaryIO) -> None:
        self.close = file.close
        self._file = file
        self.left = MOST_LINES

    def readline(self, size: int) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise OSError("an answer without end")
        return self._file.readline(size)


class _Host(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # smtplib's own hook
        self.patience = threading.Timer(OPENING * timeout, _hang_up, (made,))
        self.patience.daemon = True
        self.patience.start()
        return made

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Answers(self.sock.makefile("rb"))
        if self.file is not None:
            self.file.left = MOST_LINES
        return super().getreply()


def _hang_up(connection: socket.socket) -> None:
    """Whoever drips its answers octet by octet is waited for no longer."""
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _WrappedHost(_Host, smtplib.SMTP_SSL):
    pass


class Door(flask_mail.Connection):
    """Flask-Mail's connection with time limits and verified certificates."""

    def __init__(self, state: Any, timeouts: Timeouts, connections: int = 0) -> None:
        super().__init__(state)
        self._timeouts, self.connections = timeouts, connections  # at the same time, of one turn; 0: as many as any
        self.name = f"{state.server}:{state.port}"  # of the relay

    def configure_host(self) -> "_Host":
        """Connect, greet, encrypt, sign in.

        :raises Unreachable: with the reason.
        """
        name = settings.current().mail_domain
        try:
            if self.mail.use_ssl:
                host: _Host = _WrappedHost(
                    self.mail.server,
                    self.mail.port,
                    name,
                    timeout=self._timeouts.connect,
                    context=ssl.create_default_context(),
                )
            else:
                host = _Host(self.mail.server, self.mail.port, name, timeout=self._timeouts.connect)
        except (OSError, smtplib.SMTPException) as problem:
            raise Unreachable(told(problem)) from None
        try:
            return self._welcomed(host)
        except (OSError, smtplib.SMTPException, ValueError) as problem:
            host.close()
            raise Unreachable(told(problem)) from None

    def _welcomed(self, host: "_Host") -> "_Host":
        host.ehlo_or_helo_if_needed()
        if self.mail.use_tls:
            host.starttls(context=ssl.create_default_context())
            host.ehlo()
        if self.mail.username and self.mail.password:
            host.login(self.mail.username, self.mail.password)
        if host.sock is not None and host.sock.family != getattr(socket, "AF_UNIX", None):
            host.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return host

    def open(self) -> "Line":
        """Connect, and be ready to talk. This takes time: up to ``OPENING`` times ``Timeouts.connect``.

        :raises Unreachable: with the reason.
        """
        self.host = self.configure_host()
        self.host.patience.cancel()
        return Line(self.host, self._timeouts, self.name)


class Line:
    """An open connection and its conversation. No call of it blocks."""

    def __init__(self, host: smtplib.SMTP, timeouts: Timeouts, relay: str) -> None:
        assert host.sock is not None
        self.relay = relay  # its name
        self._host, self._sock, self._timeouts = host, host.sock, timeouts
        self._sock.setblocking(False)
        self.talk: Conversation[Ready] = Conversation(Extensions.of(host.esmtp_features))
        self._rest = b""  # to be written when the socket takes more
        self._since = time.monotonic()  # something was last written, or an answer was whole

    def fileno(self) -> int:
        """For ``selectors``."""
        return self._sock.fileno()

    @property
    def clogged(self) -> bool:
        """There is something to be written that the socket did not take yet."""
        return bool(self._rest)

    @property
    def waited_s(self) -> float:
        """Seconds since something was last said, on either side, while an answer is expected."""
        return 0.0 if self.talk.quiet else time.monotonic() - self._since

    @property
    def left_s(self) -> float:
        """Seconds until our patience ends; none are reckoned while nothing is expected."""
        return (self._timeouts.dot if self.talk.after_dot else self._timeouts.reply) - self.waited_s

    def offer(self, copy: Ready) -> None:
        """Give it its next letter."""
        if self.talk.quiet:
            self._since = time.monotonic()
        self.talk.offer(copy)
        self.push()

    def permit(self) -> None:
        """Let the one that asks leave, unless the server has hung up since: then nothing of it does."""
        self.pull()
        if not self.talk.broken:
            self.talk.permit()
            self.push()

    def pull(self) -> None:
        """Read what there is to read. A connection that ends is ``talk.broken``."""
        try:
            while not self.talk.broken:
                octets = self._sock.recv(AT_ONCE)
                if not octets:
                    raise ConnectionResetError("Connection unexpectedly closed")
                before = self.talk.replies
                self.talk.receive(octets)
                if (
                    self.talk.replies > before
                ):  # octets alone are no answer: whoever drips them would be waited for for ever
                    self._since = time.monotonic()
                if len(octets) < AT_ONCE and not isinstance(self._sock, ssl.SSLSocket):
                    return
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as problem:
            self.talk.broken = self.talk.broken or told(problem)

    def push(self) -> None:
        """Write as much as the socket takes. Before the dot of a long letter it looks whether the server has hung up."""
        try:
            while not self.talk.broken:
                if not self._rest:
                    self._rest = self.talk.take()
                    if not self._rest:
                        return
                    if self.talk.before_dot:
                        failpoints.reach("before_dot")
                    if self._rest.startswith(b".\r\n"):
                        self.pull()
                        continue
                octets = self._sock.send(self._rest[:OF_TLS] if isinstance(self._sock, ssl.SSLSocket) else self._rest)
                self._since = time.monotonic()
                self.talk.wrote(octets)
                self._rest = self._rest[octets:]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as problem:
            self.pull()  # what it said before it hung up
            self.talk.broken = self.talk.broken or told(problem)

    def give_up(self) -> None:
        """The server was silent for too long."""
        self.talk.broken = self.talk.broken or "no answer in time"

    def drop(self) -> None:
        """Close the connection without a word."""
        self._host.close()

    def quit(self) -> None:
        """Take leave, without waiting for an answer; a server that has gone already is no matter."""
        with suppress(OSError):
            self._sock.send(b"QUIT\r\n")
        self._host.close()


def _words(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").replace("\0", "").split())[:500]


def told(problem: Exception) -> str:
    """What went wrong, without an address in it."""
    if isinstance(problem, smtplib.SMTPResponseException):
        error = problem.smtp_error
        return f"{problem.smtp_code} {_words(error if isinstance(error, bytes) else str(error).encode())}"
    if isinstance(problem, TimeoutError) or "timed out" in str(problem):
        return "no answer in time"
    return f"{type(problem).__name__}: {getattr(problem, 'strerror', None) or problem}"[:300]


def dispatched(copy: Ready, outcome: Outcome) -> None:
    """Tell Flask-Mail's listeners of a letter that was accepted (``email_dispatched``); what they do is not our fault."""
    if outcome.accepted and flask_mail.email_dispatched.receivers:
        try:
            flask_mail.email_dispatched.send(mail, message=copy)
        except Exception:
            logger.exception("a listener of email_dispatched")


def doors(timeouts: Timeouts | None = None) -> list[Door]:
    """A connection to each relay, in the order in which they are tried; none is open yet."""
    more = settings.current().mail_fallbacks
    states = [(mail.connect().mail, 0), *((_state(relay), relay.connections) for relay in more)]
    return [Door(state, timeouts or Timeouts(), connections) for state, connections in states]


def _state(relay: Relay) -> Any:
    """A further relay as Flask-Mail keeps the one of ``MAIL_*``."""
    return mail.init_mail(
        {
            "MAIL_SERVER": relay.host,
            "MAIL_PORT": relay.port,
            "MAIL_USE_TLS": relay.starttls,
            "MAIL_USE_SSL": relay.tls,
            "MAIL_USERNAME": relay.username or None,
            "MAIL_PASSWORD": relay.password or None,
        }
    )
