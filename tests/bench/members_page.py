"""The page of a caucus with 10,000 members, over HTTP from the product as ``make run`` starts it; and the import of people."""

import tempfile
from functools import partial
from pathlib import Path

from caucusmail.database import db
from caucusmail.directory import roster
from tests import another, settings_for
from tests.bench import postfix
from tests.bench.figures import Asked, Tell
from tests.bench.product import often
from tests.bench.world import World
from tests.journeys import processes
from tests.journeys.processes import House, until
from tests.journeys.visitor import Visitor

POSTORIUS_MS = {"median_ms": 177, "p95_ms": 222}  # the like page of Mailman's web surface, where R was about 20,000
SLUG = "many"


def filled(house: House, count: int) -> str:
    """Put a caucus of so many members into a running house; the address of its coordinator."""
    url = f"sqlite:///{house.instance / 'caucusmail.sqlite3'}"
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        configuration = settings_for.testing(url, Path(folder))
        with another.house(configuration, tables=False) as app, app.app_context():
            room = World(Path(folder), url).room(SLUG, count)
            assert room.by.person is not None
            address = room.by.person.address
            db.session.rollback()
    return address


def measure(tell: Tell, asked: Asked) -> None:
    """A line for the first page, one for a search, one for the last page; and what is said of importing."""
    count = asked.number(10_000)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        house = processes.run(Path(folder) / "instance", MAIL_PORT=str(processes.free_port()))
        try:
            until(house.well, f"the house is well: {house.log}")
            visitor = Visitor(house)
            visitor.sign_in(filled(house, count))
            limit, path = round(postfix.limit(20_000)), f"/caucuses/{SLUG}/members"
            last = -(-count // roster.PER_PAGE)
            for what, query in (("first page", ""), ("search", "?q=reader+99"), ("last page", f"?page={last}")):
                took, page = often(what, partial(visitor.get, path + query))
                tell(
                    "members_page", which=what, members=count, rows=page.text.count("<bdi>Reader "), **took, bytes=page.size, R=limit,
                    share_of_postorius={name: round(took[name] / theirs, 3) for name, theirs in POSTORIUS_MS.items()},
                    required=0.2, goal=0.067,
                )  # fmt: skip
        finally:
            processes.end(house.process)
    tell("import_people", left_out="the product takes no rosters from elsewhere yet", required=20, goal=100)
