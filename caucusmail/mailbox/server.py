"""The embedded SMTP server (RFC 5321): takes every letter, keeps it, passes none on. ``python -m caucusmail.mailbox``."""

import asyncio
import signal
import sqlite3
from typing import Any

from aiosmtpd.smtp import SMTP

from caucusmail import settings
from caucusmail.mailbox import store

LARGEST = 32 * 1024 * 1024  # bytes


class Mailbox:
    """aiosmtpd's handler: answers 250 once the letter is on the disk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep, and only then say so."""
        try:
            number = store.keep(
                self.connection, envelope.mail_from or "", envelope.rcpt_tos, envelope.original_content or b""
            )
        except sqlite3.OperationalError as problem:  # full disk, locked file: the sender tries again
            return f"451 4.3.0 the mailbox cannot keep it now: {type(problem).__name__}"
        return f"250 2.0.0 kept as {number}"


async def serve(host: str, port: int) -> None:
    """Listen until SIGTERM or SIGINT."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    handler = Mailbox(store.connect())
    server = await loop.create_server(
        lambda: SMTP(
            handler,
            hostname="mailbox.localhost",
            ident="CaucusMail mailbox",
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            loop=loop,
        ),
        host,
        port,
    )
    async with server:
        await ended.wait()


def run() -> None:
    """The mailbox of these settings, in the foreground."""
    asyncio.run(serve("127.0.0.1", settings.current().mail_port))
