"""S-F11: what is said to others is on the disk first; shown by the calls that the processes make (strace).

The two places around a commit are seen in the trace because the failpoint there looks at a file that is there already.
"""

import math
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults.house import Child, House
from tests.faults.stores import CHUNK, Cluster, LeftOut
from tests.faults.way_in import WayIn

CALLS = "fsync,fdatasync,newfstatat,stat,sendto,sendmsg,write,writev"
_LINE = re.compile(r"^(?P<at>\d+\.\d+) (?P<call>\w+)\((?P<words>.*)\)\s+= (?P<result>-?\d+).*<(?P<took>[\d.]+)>$")
_JOURNAL = re.compile(r"^\d+<[^>]*(?:-wal|/pg_wal/[0-9A-F]{24})>$")


@dataclass(frozen=True)
class Call:
    """One call to the system, with the times (s) at which it began and ended."""

    name: str
    words: str
    began: float
    ended: float


class Trace:
    """What some processes, and those that they start, ask of the system."""

    def __init__(self, folder: Path, calls: str = CALLS) -> None:
        if not shutil.which("strace"):
            raise LeftOut("strace is not installed")
        self._folder, self._calls = folder / "traces", calls
        self._folder.mkdir()
        self._running: list[subprocess.Popen[bytes]] = []

    def follow(self, pid: int) -> None:
        """From now on, a process that runs already.

        :raises LeftOut: this machine does not let us.
        """
        out = f"{self._folder}/{pid}"
        command = [
            "strace",
            "-ff",
            "-ttt",
            "-T",
            "-yy",
            "-s",
            "65536",
            "-e",
            f"trace={self._calls}",
            "-o",
            out,
            "-p",
            str(pid),
        ]
        self._running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text():
            if self._running[-1].poll() is not None:
                raise LeftOut("this machine does not let us trace a process")
            time.sleep(0.02)

    def end(self) -> list[Call]:
        """All calls that came to an end and succeeded, in the order in which they began."""
        for one in self._running:
            one.terminate()
            one.wait()
        calls = [call for file in self._folder.iterdir() for call in _read(file)]
        return sorted(calls, key=lambda call: call.began)


def _read(file: Path) -> Iterator[Call]:
    for line in file.read_text(errors="replace").splitlines():
        if (found := _LINE.match(line)) and int(found["result"]) >= 0:
            began = float(found["at"])
            yield Call(found["call"], found["words"], began, began + float(found["took"]))


@dataclass(frozen=True)
class Kept:
    """A commit that was reached and passed, and whether the database's journal was flushed between."""

    began: float
    ended: float
    flushed: bool


def commits(calls: list[Call], before: Path, after: Path) -> list[Kept]:
    """The commits between looks at these two files."""
    found, began = [], None
    syncs = [call for call in calls if call.name in ("fsync", "fdatasync") and _JOURNAL.match(call.words)]
    for call in calls:
        if f'"{before}"' in call.words:
            began = call.ended
        elif f'"{after}"' in call.words and began is not None:
            flushed = any(began <= sync.began and sync.ended <= call.began for sync in syncs)
            found.append(Kept(began, call.began, flushed))
            began = None
    return found


def said(calls: list[Call], where: str, what: Callable[[str], int]) -> list[tuple[float, int]]:
    """When something was sent on a connection of this address, and how many of ``what`` were in it."""
    sent = [call for call in calls if call.name in ("sendto", "sendmsg", "write", "writev") and where in call.words]
    return [(call.began, number) for call in sent if (number := what(call.words))]


def _letters(words: str) -> int:
    """How many letters begin in what was sent; each has one such header."""
    return words.count("Message-ID: ")


def _traced(house: House, server: Cluster | None, start: Callable[[str], Child]) -> tuple[Trace, Child, Path, Path]:
    before, after = house.folder / "before", house.folder / "after"
    before.touch()
    after.touch()
    trace = Trace(house.folder)
    if server is not None:
        trace.follow(server.pid)  # first: only what begins later is followed with it
    child = start("{}=pause:" + f"{before}" + "; {}=pause:" + f"{after}")
    trace.follow(child.pid)
    return trace, child, before, after


def on_the_way_out(house: House, server: Cluster | None = None) -> None:
    """A claim's commit is flushed before anything of its letters leaves."""
    house.relay()

    def start(points: str) -> Child:
        points = points.format("before_claim_commit", "after_claim")
        return house.waiting(CAUCUSMAIL_FAILPOINTS=points)

    trace, worker, before, after = _traced(house, server, start)
    house.go()
    worker.wait()
    calls = trace.end()
    house.finish()
    claims = commits(calls, before, after)
    letters = said(calls, f"->127.0.0.1:{house.port}]>", _letters)
    flushed = [one.ended for one in claims if one.flushed]
    house.notes |= {"claims": len(claims), "flushed": len(flushed), "letters_seen": sum(many for _at, many in letters)}
    house.notes["also"] = {
        "all was seen": house.notes["letters_seen"] == house.count and len(flushed) >= math.ceil(house.count / CHUNK),
        "what claims anything is flushed": all(
            one.flushed or CHUNK * sum(end < one.began for end in flushed) >= house.count for one in claims
        ),
        "before any letter of it": _never_ahead(letters, flushed, CHUNK),
        "nothing leaves meanwhile": not any(one.began < at < one.ended for one in claims for at, _many in letters),
    }


def _never_ahead(said_at: list[tuple[float, int]], flushed: list[float], each: int) -> bool:
    """Whether at no time more was said than ``each`` for one commit that was flushed before."""
    so_far = 0
    for at, many in said_at:
        so_far += many
        if so_far > each * sum(end <= at for end in flushed):
            return False
    return True


def on_the_way_in(house: House, server: Cluster | None = None) -> None:
    """A message's commit is flushed before its 250."""
    assert isinstance(house, WayIn)

    def start(points: str) -> Child:
        return house.serve(points.format("before_keep_commit", "after_keep_commit"))

    trace, lmtp, before, after = _traced(house, server, start)
    taken = sum(house.hand_over(number) for number in range(house.count))
    lmtp.terminate()
    lmtp.wait()
    calls = trace.end()
    house.worker("judge").wait()
    kept = commits(calls, before, after)
    answers = said(calls, f"[127.0.0.1:{house.port}->", lambda words: words.count("250 2.0.0 kept"))
    flushed = [one.ended for one in kept if one.flushed]
    house.notes |= {"commits": len(kept), "flushed": len(flushed), "answers_seen": len(answers)}
    house.notes["also"] = {
        "all was seen": taken == len(answers) == len(kept) == house.count,
        "each is flushed": len(flushed) == len(kept),
        "before its 250": _never_ahead(answers, flushed, 1),
    }
