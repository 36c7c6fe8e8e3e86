"""Where a caucus stands in its life, which moves there are, and the verbs that make them.

A caucus is never deleted: it falls dormant, is archived, and can gather interest again. A dormant or archived caucus
sends nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import moved
from caucusmail.directory.models import Caucus, JoinMode, Status
from caucusmail.errors import Conflict
from caucusmail.languages import _, pick

MOVES: dict[Status, frozenset[Status]] = {
    Status.ARCHIVED: frozenset({Status.GATHERING}),
    Status.GATHERING: frozenset({Status.REVIVING, Status.ARCHIVED}),
    Status.REVIVING: frozenset({Status.ACTIVE, Status.GATHERING}),
    Status.ACTIVE: frozenset({Status.DORMANT}),
    Status.DORMANT: frozenset({Status.ACTIVE, Status.GATHERING, Status.ARCHIVED}),
}
"""From each status, where one can go next."""

JOINING: dict[Status, JoinMode] = {
    Status.ARCHIVED: JoinMode.CLOSED,
    Status.GATHERING: JoinMode.INTEREST,
    Status.REVIVING: JoinMode.INTEREST,
    Status.ACTIVE: JoinMode.APPROVAL,
    Status.DORMANT: JoinMode.APPROVAL,
}
"""How one gets in after a move; a caucus that joins on its own site keeps doing so while it is active or dormant."""

SPEAKING = frozenset({Status.ACTIVE, Status.REVIVING})
"""Statuses in which announcements are sent."""


class NoSuchMove(Conflict):
    """From where the caucus stands now, there is no way to there."""


class Nature(StrEnum):
    """What a caucus is to somebody who comes by: the six different ways it can meet them."""

    OPEN = "open"  # active, and nobody coordinates it: ask the secretariat
    BY_APPROVAL = "by-approval"
    ELSEWHERE = "elsewhere"  # joins on its own site
    GATHERING = "gathering"
    DORMANT = "dormant"
    ARCHIVED = "archived"


JOINABLE = frozenset({Nature.OPEN, Nature.BY_APPROVAL, Nature.GATHERING, Nature.DORMANT})
"""Natures whose page has a way in here. Who joins a dormant caucus is told that nothing is sent until it wakes."""


def nature(caucus: Caucus, *, kept: bool) -> Nature:
    """What ``caucus`` is; ``kept`` says whether anybody coordinates it now."""
    if caucus.status is Status.ARCHIVED or caucus.join_mode is JoinMode.CLOSED:
        return Nature.ARCHIVED
    if caucus.join_mode is JoinMode.EXTERNAL:
        return Nature.ELSEWHERE
    if caucus.status in (Status.GATHERING, Status.REVIVING) or caucus.join_mode is JoinMode.INTEREST:
        return Nature.GATHERING
    if caucus.status is Status.DORMANT:
        return Nature.DORMANT
    return Nature.BY_APPROVAL if kept else Nature.OPEN


@dataclass(frozen=True)
class Move:
    """One move as it was made: enough to say it, and to take it back where the table has a way."""

    was: Status
    now: Status

    @property
    def reversible(self) -> bool:
        """Whether one move leads back."""
        return self.was in MOVES[self.now]


def may_send(caucus: Caucus) -> bool:
    """Whether announcements may be sent in this caucus's name, and to those who are in it."""
    return caucus.status in SPEAKING and caucus.join_mode is not JoinMode.EXTERNAL


def sending() -> ColumnElement[bool]:
    """SQL twin of ``may_send``."""
    return Caucus.status.in_(SPEAKING) & (Caucus.join_mode != JoinMode.EXTERNAL)


def move(caucus: Caucus, to: Status, *, by: Person, reason: str) -> Move:
    """Move ``caucus`` to another status, with the way of joining that belongs to it.

    :raises NoSuchMove: the table has no such move, or somebody else was quicker.
    """
    was = caucus.status
    if to not in MOVES[was]:
        raise NoSuchMove(
            _(
                "%(caucus)s is %(was)s; from there it cannot become %(to)s.",
                caucus=pick(caucus.names),
                was=spoken(was),
                to=spoken(to),
            )
        )
    outside = caucus.join_mode is JoinMode.EXTERNAL and to in (Status.ACTIVE, Status.DORMANT)
    done = moved(
        Caucus,
        Caucus.id == caucus.id,
        Caucus.status == was,
        status=to,
        status_since=clock.now(),
        join_mode=JoinMode.EXTERNAL if outside else JOINING[to],
    )
    if not done:
        raise NoSuchMove(_("Somebody else has just changed %(caucus)s. Look again.", caucus=pick(caucus.names)))
    journal.record("caucus.moved", caucus, by, reason=reason, was=was.value, now=to.value)
    return Move(was, to)


def spoken(status: Status) -> str:
    """A status as a word in a sentence."""
    return {
        Status.ACTIVE: _("active"),
        Status.DORMANT: _("dormant"),
        Status.GATHERING: _("gathering interest"),
        Status.REVIVING: _("restarting"),
        Status.ARCHIVED: _("archived"),
    }[status]
