"""A real DNS server on a UDP port of localhost; its zone is a dict, and it can be silent or at a loss."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.reversename
import dns.rrset


@dataclass
class Zone:
    """``records[name, kind]`` are texts as a zone file has them; ``silent`` names get no answer, ``lost`` ones SERVFAIL."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    def put(self, name: str, kind: str, *texts: str) -> None:
        """Have these records, and no others of their kind, at ``name``."""
        self.records[name, kind] = list(texts)

    def text(self, name: str, *records: str) -> None:
        """TXT records, cut into strings of at most 255 octets."""
        quoted = [
            " ".join('"' + one[at : at + 255].replace('"', r"\"") + '"' for at in range(0, len(one) or 1, 255))
            for one in records
        ]
        self.put(name, "TXT", *quoted)

    def pointer(self, address: str, *names: str) -> None:
        """PTR records of an IP address."""
        self.put(
            dns.reversename.from_address(address).to_text(omit_final_dot=True), "PTR", *(f"{one}." for one in names)
        )

    def answer(self, wire: bytes) -> bytes | None:
        """What is sent back for a question."""
        question = dns.message.from_wire(wire)
        asked = question.question[0]
        name, kind = asked.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(asked.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        response = dns.message.make_response(question)
        response.flags |= dns.flags.RA
        if name in self.lost:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif found := self.records.get((name, kind)):
            response.answer.append(dns.rrset.from_text_list(asked.name, 60, "IN", kind, found))
        elif not any(known == name for known, _kind in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire(max_size=65535)


@contextmanager
def serving() -> Iterator[Zone]:
    """A zone that is being served."""
    zone = Zone()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire: bytes
            sock: Any
            wire, sock = self.request
            answer = zone.answer(wire)
            if answer is not None:
                sock.sendto(answer, self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        zone.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield zone
        server.shutdown()
        thread.join()
