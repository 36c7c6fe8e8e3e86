"""The LMTP server (RFC 2033): refuse at RCPT what is nobody's, keep the rest, answer for each recipient.

250 is said after the commit that keeps the message. Whatever is our own fault, a full disk or a database that is away,
is 451: the mail server in front keeps the message and comes again. Nothing is judged here.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

from aiosmtpd.lmtp import LMTP
from sqlalchemy.exc import SQLAlchemyError

from caucusmail import database, failpoints, settings
from caucusmail.audit import heartbeats
from caucusmail.database import transaction
from caucusmail.inbound import intake, routing

logger = logging.getLogger(__name__)

Context = Callable[[], AbstractContextManager[Any]]

MOST_RECIPIENTS = 100  # of one message
BEAT_S = 30  # from one heartbeat to the next
LONGEST_PIECE = 64 * 1024  # bytes that are read at once, so that an endless line costs no more
LATER = "451 4.3.0 we cannot take it now; please try again later"
_KEPT, _TOO_LARGE = "250 2.0.0 kept", "552 5.3.4 the message is too large"
_UNKNOWN, _TOO_MANY = "550 5.1.1 nobody here has this address", "452 4.5.3 too many recipients"


class Handler:
    """aiosmtpd's hooks; ``context`` is the application's, in which the database is ours."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take what is somebody's."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return _TOO_MANY
        reply = await asyncio.to_thread(self._reply_to, address)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply

    async def handle_exception(self, error: Exception) -> str:
        """Whatever went wrong in here is our fault, and for now."""
        logger.error("the LMTP server stumbled: %s", type(error).__name__)
        return LATER

    async def keep(self, sender: str, recipients: list[str], content: bytes) -> list[str]:
        """Keep it for each recipient; the reply for each, in order."""
        return [await asyncio.to_thread(self._keep, sender, recipient, content) for recipient in recipients]

    def _reply_to(self, address: str) -> str:
        try:
            with self._context(), database.reading():
                known = routing.destination(address) is not None
        except (SQLAlchemyError, OSError) as problem:
            logger.error("RCPT could not be looked up: %s", type(problem).__name__)
            return LATER
        if not known:
            logger.info("refused a recipient that is nobody's")
        return "250 2.1.5 OK" if known else _UNKNOWN

    def _keep(self, sender: str, recipient: str, content: bytes) -> str:
        try:
            with self._context(), transaction():
                intake.store(sender, recipient, content)
                failpoints.reach("before_keep_commit")
            failpoints.reach("after_keep_commit")
        except Exception as problem:  # whatever it is: what is not kept must not be taken over
            logger.error("a message could not be kept: %s", type(problem).__name__)
            return LATER
        return _KEPT


class Server(LMTP):
    """aiosmtpd's LMTP with our own DATA: as many replies as recipients, and memory that has a limit."""

    line_length_limit = LONGEST_PIECE

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Take the content, keep it, answer for each recipient (RFC 2033, 4.2)."""
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos or arg:
            await self.push("503 5.5.1 there is no recipient" if not arg else "501 5.5.4 DATA takes no argument")
            return
        await self.push("354 end with <CR><LF>.<CR><LF>")
        content = await self._content()
        recipients = list(self.envelope.rcpt_tos)
        if content is None:
            replies = [_TOO_LARGE] * len(recipients)
        else:
            replies = await self.event_handler.keep(self.envelope.mail_from or "", recipients, content)
        self._set_post_data_state()  # type: ignore[no-untyped-call]  # aiosmtpd's own, not typed
        for reply in replies:
            await self.push(reply)

    async def _content(self) -> bytes | None:
        """Everything up to the final dot, without the dots that were added (RFC 5321, 4.5.2); None: it was too large."""
        kept, size, at_start = bytearray(), 0, True
        while True:
            try:
                piece = await self._reader.readuntil(b"\r\n")
            except asyncio.LimitOverrunError as overrun:
                piece = await self._reader.read(overrun.consumed)
            if at_start and piece == b".\r\n":
                return bytes(kept) if size <= intake.LARGEST else None
            if at_start and piece.startswith(b"."):
                piece = piece[1:]
            at_start = piece.endswith(b"\r\n")
            size += len(piece)
            if size <= intake.LARGEST:
                kept += piece
            else:
                kept.clear()


def protocol(context: Context) -> Server:
    """One connection."""
    return Server(
        Handler(context),
        hostname=settings.current().mail_domain,
        ident="CaucusMail LMTP",
        data_size_limit=intake.LARGEST,
        enable_SMTPUTF8=True,
        timeout=300,
        loop=asyncio.get_running_loop(),
    )


async def serve(context: Context, host: str, port: int) -> None:
    """Listen until SIGTERM or SIGINT."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = await loop.create_server(lambda: protocol(context), host, port)
    async with server:
        while not ended.is_set():
            await asyncio.to_thread(beat, context)
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), BEAT_S)


def beat(context: Context) -> None:
    """Say that the way in is open. A database that is away is no reason to close it: what comes is put off meanwhile."""
    try:
        with context(), transaction():
            heartbeats.beat(heartbeats.INCOMING)
    except (SQLAlchemyError, OSError) as problem:
        logger.error("the heartbeat could not be written: %s", type(problem).__name__)


def run(context: Context) -> None:
    """The LMTP server of these settings, in the foreground.

    :raises OSError: it cannot listen there.
    """
    current = settings.current()
    asyncio.run(serve(context, current.lmtp_host, current.lmtp_port))
