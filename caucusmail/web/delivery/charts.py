"""A small picture of how an announcement went: bars over time, drawn by the server; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from caucusmail.announcements.course import DRAWN, Course
from caucusmail.delivery.models import DeliveryState

WIDTH, HEIGHT = 480, 72  # of the picture, in its own units
GAP = 2
LEAST = 2  # what is there at all can be seen


@dataclass(frozen=True)
class Block:
    """One rectangle."""

    state: DeliveryState
    x: int
    y: int
    width: int
    height: int


def blocks(course: Course) -> Sequence[Block]:
    """The bars of one announcement, each stacked by state; the highest fills the picture."""
    if not course.bars:
        return []
    step = WIDTH // len(course.bars)
    highest = max(sum(bar.values()) for bar in course.bars)
    found = []
    for place, bar in enumerate(course.bars):
        ground = HEIGHT
        for state in DRAWN:
            if bar.get(state):
                height = min(max(LEAST, round(bar[state] * HEIGHT / highest)), ground)
                ground -= height
                found.append(Block(state, place * step, ground, max(1, step - GAP), height))
    return found
