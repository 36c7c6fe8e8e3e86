"""A relay that is slow as a real one is: 5 ms before the answer to a final dot, 1 ms before each group of answers.

``python -m tests.bench.slow_server PORT``; NOOP answers how many messages it took. It imports nothing of ours, so that it is there at once.
"""

import asyncio
import contextlib
import sys

DOT_S, GROUP_S = 0.005, 0.001
EHLO = b"250-slow\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SIZE\r\n"


class Conversation:
    """One connection: octets in, answers out."""

    def __init__(self) -> None:
        self._left, self._content = b"", False
        self.dots = 0  # messages whose final dot has come

    def answers(self, octets: bytes) -> bytes:
        """The answers to all that is complete by now: one group."""
        self._left += octets
        said = b""
        while True:
            end = b"\r\n.\r\n" if self._content else b"\r\n"
            command, found, rest = self._left.partition(end)
            if not found:
                return said
            self._left = rest
            said += self._taken() if self._content else self._answer(command[:4].upper())

    def _taken(self) -> bytes:
        self._content = False
        self.dots += 1
        return b"250 2.0.0 taken\r\n"

    def _answer(self, verb: bytes) -> bytes:
        if verb == b"DATA":
            self._content = True
            return b"354 go on\r\n"
        return {b"EHLO": EHLO, b"NOOP": b"250 %d\r\n" % Relay.taken, b"QUIT": b"221 bye\r\n"}.get(
            verb, b"250 2.0.0 fine\r\n"
        )


class Relay:
    """The server."""

    taken = 0

    @classmethod
    async def talk(cls, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, to its end."""
        conversation = Conversation()
        writer.write(b"220 slow\r\n")
        with contextlib.suppress(ConnectionError), contextlib.closing(writer):
            while octets := await reader.read(65536):
                dots = conversation.dots
                said = conversation.answers(octets)
                cls.taken += conversation.dots - dots
                if said:
                    await asyncio.sleep(GROUP_S + DOT_S * (conversation.dots - dots))
                    writer.write(said)


async def _serve(port: int) -> None:
    server = await asyncio.start_server(Relay.talk, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
