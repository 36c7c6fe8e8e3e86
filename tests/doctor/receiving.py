"""Our LMTP server in a thread of the test."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from caucusmail.app import House
from caucusmail.inbound import server


@contextmanager
def receiving(house: House, port: int = 0) -> Iterator[int]:
    """The port at which ``house`` takes mail in."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> Any:
        return await loop.create_server(lambda: server.protocol(house.app_context), "127.0.0.1", port)

    listening = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    try:
        yield int(listening.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
