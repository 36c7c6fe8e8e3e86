"""A relay that does as it was told, a process of its own (``main``).

LOG gets a line "recipient TAB Message-ID" for each message whose whole content came, written before anything is answered:
what stands there may be in somebody's inbox. ``words`` are: ``pipelining``, ``slow_s`` (before each answer to a dot),
``most`` connections at once, and ``rules``, a list of

``step``: "MAIL", "RCPT", "DATA", "CONTENT" or "DOT"; ``every``: the how manieth time (1), ``times``: at most so often (∞),
``after``: not the first so many times, ``first``: only the first time for this recipient, ``match``: only where this stands in the command or the recipient;
then ``answer`` (instead of the usual one), ``stall_s`` before it, ``drop``: hang up instead; a rule of CONTENT hangs up,
or stalls, when ``octets`` of the content have been read.
"""

import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any, BinaryIO

USUAL = {"DATA": "354 go on", "DOT": "250 2.0.0 taken", "QUIT": "221 bye"}


class Hung(Exception):
    """The rule says: hang up."""


class Told:
    """The rules, and how often each has met something."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.pipelining, self.slow_s = words.get("pipelining", True), words.get("slow_s", 0.0)
        self.most = words.get("most", 1000)
        self._rules = words.get("rules", [])
        self._met = [0] * len(self._rules)
        self._done = [0] * len(self._rules)
        self._seen: set[tuple[int, str]] = set()
        self._lock = threading.Lock()

    def rule(self, step: str, words: str) -> dict[str, Any]:
        """The one that holds now, or none of it."""
        with self._lock:
            for number, rule in enumerate(self._rules):
                if rule["step"] == step and rule.get("match", "") in words and self._holds(number, rule, words):
                    return rule
        return {}

    def _holds(self, number: int, rule: dict[str, Any], words: str) -> bool:
        if rule.get("first") and (number, words) in self._seen:
            return False
        self._seen.add((number, words))
        self._met[number] += 1
        if (
            self._met[number] <= rule.get("after", 0)
            or self._met[number] % rule.get("every", 1)
            or self._done[number] >= rule.get("times", 10**9)
        ):
            return False
        self._done[number] += 1
        return True


class Talk:
    """One connection."""

    def __init__(self, peer: socket.socket, told: Told, log: int) -> None:
        self._peer, self._told, self._log = peer, told, log
        self._to = ""

    def run(self) -> None:
        with self._peer, suppress(OSError, Hung):
            self._say("220 sink")
            lines = self._peer.makefile("rb")
            while line := lines.readline():
                self._command(line.decode("utf-8", "replace").strip(), lines)

    def _say(self, words: str) -> None:
        self._peer.sendall(words.encode() + b"\r\n")

    def _answer(self, step: str, words: str, usual: str) -> bool:
        """Whether the usual answer was given."""
        rule = self._told.rule(step, words)
        time.sleep(rule.get("stall_s", 0))
        if rule.get("drop"):
            raise Hung
        said = rule.get("answer", usual)
        self._say(said)
        if said.startswith("421"):
            raise Hung
        return said == usual

    def _command(self, line: str, lines: BinaryIO) -> None:
        verb = line[:4].upper().strip()
        if verb == "EHLO":
            offered = ["sink", "8BITMIME", *(["PIPELINING"] if self._told.pipelining else [])]
            self._say("\r\n".join(f"250-{one}" for one in offered) + "\r\n250 SIZE")
            return
        if verb in ("MAIL", "RSET"):
            self._to = ""
        words = line.partition("<")[2].partition(">")[0] if verb == "RCPT" else line
        usual = "503 5.5.1 no recipient" if verb == "DATA" and not self._to else USUAL.get(verb, "250 2.0.0 fine")
        fine = self._answer(verb, self._to if verb == "DATA" else words, usual)
        if verb == "RCPT" and fine:
            self._to = words
        if verb == "DATA" and fine and self._to:
            self._content(lines)
        if verb == "QUIT":
            raise Hung

    def _content(self, lines: BinaryIO) -> None:
        content, rule = b"", self._told.rule("CONTENT", self._to)
        while (line := lines.readline()) != b".\r\n":
            content += line
            if not line or (rule.get("drop") and len(content) >= rule.get("octets", 0)):
                raise Hung
            if rule.get("stall_s") and len(content) >= rule.get("octets", 0):
                time.sleep(rule["stall_s"])
        time.sleep(self._told.slow_s)
        rule = self._told.rule("DOT", self._to)
        if not rule.get("answer", "2").startswith(("4", "5")):
            identity = content.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
            os.write(self._log, f"{self._to}\t{identity}\n".encode())
        time.sleep(rule.get("stall_s", 0))
        if rule.get("drop"):
            raise Hung
        said = rule.get("answer", USUAL["DOT"])
        self._say(said)
        if said.startswith("421"):
            raise Hung


def main(port: int, log: str, words: dict[str, Any]) -> None:
    """Serve for ever."""
    told = Told(words)
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", port), backlog=64) as listener:
        while True:
            peer, _address = listener.accept()
            threads = [one for one in threads if one.is_alive()]
            if len(threads) >= told.most:
                with peer, suppress(OSError):
                    peer.sendall(b"421 4.7.0 too many connections\r\n")
                continue
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threads.append(threading.Thread(target=Talk(peer, told, descriptor).run, daemon=True))
            threads[-1].start()
