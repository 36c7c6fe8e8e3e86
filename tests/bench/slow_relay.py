"""A relay that is slow as a real one is: 5 ms before the answer to a final dot, 1 ms before each group of answers.

The engine with 16 lines beside ``smtp-source -s 16``, which waits for each answer in turn. As a program
(``python -m tests.bench.slow_relay PORT``) it is that relay; NOOP answers how many messages it took.
"""

import asyncio
import contextlib
import smtplib
import subprocess
import sys
from collections.abc import Iterator

from tests.announcements.rooms import Room
from tests.bench import postfix
from tests.bench.crew import Crew, Done, crew
from tests.bench.engine import Runs
from tests.bench.figures import Asked, Tell
from tests.bench.world import World, world
from tests.journeys.processes import ROOT, free_port, until

DOT_S, GROUP_S = 0.005, 0.001
LINES = 16
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


def counted(port: int) -> int:
    """How many messages the relay at ``port`` took so far."""
    with smtplib.SMTP("127.0.0.1", port) as client:
        return int(client.noop()[1])


@contextlib.contextmanager
def relay(port: int = 0) -> Iterator[int]:
    """The slow relay in a process of its own; its port."""
    port = port or free_port()
    process = subprocess.Popen([sys.executable, "-m", __name__, str(port)], cwd=ROOT)
    try:
        until(lambda: postfix.listens(port), "the slow relay listens", 20)
        yield port
    finally:
        process.terminate()
        process.wait()


def pushed(count: int) -> float:
    """What ``smtp-source -s 16`` does with it."""
    with relay() as port:
        rate = postfix.pushed(port, count, LINES)
        assert counted(port) == count
    return rate


def sent(place: World, workers: Crew, room: Room, count: int) -> Done:
    """One announcement through it."""
    announcement = place.held(room)
    with relay(place.port):
        place.release()
        done = workers.work()
        assert counted(place.port) == count
    place.accepted_once(announcement, count)
    return done


def measure(tell: Tell, asked: Asked) -> None:
    """One worker with 16 lines beside 16 sessions of ``smtp-source``."""
    count, found = asked.number(6_000), Runs()
    with world("sqlite", MAIL_CONNECTIONS=LINES) as place:
        warm = min(500, count)
        few, many = place.room("few", warm), place.room("many", count)
        with crew([place.configuration]) as workers:
            sent(place, workers, few, warm)
            for _ in range(asked.runs):
                limit = pushed(count)
                found.add(count, limit, sent(place, workers, many, count))
    tell(
        "slow_relay", database="sqlite", workers=1, lines=LINES, n=count, **found.figures(),
        R_is="smtp-source -d -s 16 into the same relay", required=1.2, goal=1.7,
    )  # fmt: skip


async def _serve(port: int) -> None:
    server = await asyncio.start_server(Relay.talk, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
