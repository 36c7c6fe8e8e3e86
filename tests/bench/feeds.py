"""What a calendar that subscribed costs: the bytes of the public feed and of a member's own on the demo world, over the wire,
and of the answer that nothing has changed."""

import gzip
import http.client
import re
import tempfile
from pathlib import Path

from tests.bench import product
from tests.bench.figures import Asked, Tell
from tests.journeys.processes import House
from tests.journeys.visitor import Visitor

MEMBER = "rosa@justicia-andina.pe.example"


def asked_for(house: House, path: str, **headers: str) -> tuple[int, int, int, dict[str, str], bytes]:
    """Status, bytes of body, bytes of the header, the header's fields, the body as it came."""
    line = http.client.HTTPConnection("localhost", house.port, timeout=60)
    line.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = line.getresponse()
    body, fields = answer.read(), answer.getheaders()
    line.close()
    head = len(f"HTTP/1.1 {answer.status} {answer.reason}\r\n\r\n")
    head += sum(len(name) + len(value) + len(": \r\n") for name, value in fields)
    return answer.status, len(body), head, {name.lower(): value for name, value in fields}, body


def told(tell: Tell, house: House, name: str, path: str) -> None:
    """One line about one feed."""
    status, size, head, fields, body = asked_for(house, path, Accept_Encoding="gzip")
    assert status == 200, (name, status)
    text = gzip.decompress(body) if fields.get("content-encoding") == "gzip" else body
    again, empty, head_again, _fields, _body = asked_for(
        house, path, Accept_Encoding="gzip", If_None_Match=fields["etag"]
    )
    assert (again, empty) == (304, 0), (name, again, empty)
    tell(
        f"feeds: {name}", unit="bytes", meetings=text.count(b"BEGIN:VEVENT"), plain=len(text), on_the_wire=size,
        compressed=fields.get("content-encoding", ""), header=head, not_modified=head_again,
    )  # fmt: skip


def measure(tell: Tell, _asked: Asked) -> None:
    """One line for each feed."""
    with tempfile.TemporaryDirectory() as name, product.demo(Path(name)) as house:
        told(tell, house, "public", "/en/calendar.ics")
        member = Visitor(house)
        member.sign_in(MEMBER)
        page = member.get("/me/calendar")
        own = re.search(r"(/en)?/calendar/[\w-]+\.ics", page.text)
        assert own, "the page of one's own calendar names no address"
        told(tell, house, "a member's own", own[0] if own[1] else f"/en{own[0]}")
