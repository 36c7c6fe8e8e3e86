"""load(): put the demo world into the database, once, in the caller's transaction."""

from collections.abc import Callable

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.demo import answers, applications, attendance, cast, history
from caucusmail.demo.store import Store
from caucusmail.demo.world import build


class AlreadyLoaded(Exception):
    """The demo world is there already."""


def loaded() -> bool:
    """Whether the demo world is in this database."""
    return db.session.scalar(select(Person.id).where(Person.address_key == cast.SECRETARIAT.address)) is not None


def load(say: Callable[[str], None] = lambda _line: None) -> None:
    """Build and store the demo world; ``say`` is told each step. The founding data must be there.

    :raises AlreadyLoaded: it is there already.
    """
    if loaded():
        raise AlreadyLoaded
    world = build(clock.now())
    cast.enter(world)
    say(f"{len(world.ngos):,} organisations")
    stored = Store(world)
    stored.people()
    stored.organisations()
    say("memberships")
    stored.places()
    stored.staff()
    say("applications and review windows")
    applications.store(world, stored)
    say("36 months of announcements")
    history.store(world, stored)
    answers.store(world, stored)
    attendance.store(world, stored)
