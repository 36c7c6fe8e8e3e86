"""How much of each reader a viewer may see on the lists of an audience; the rule is ``directory.visibility``'s."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail.announcements import letting_in
from caucusmail.announcements.standing import Question
from caucusmail.database import Words, db
from caucusmail.directory import visibility
from caucusmail.directory.models import Affiliation, AffiliationState, Region, Seat, Shown
from caucusmail.directory.visibility import Viewer


@dataclass
class Seen:
    """What a viewer may see of one person, through any of the chosen caucuses."""

    shown: Shown = Shown.NOTHING
    organisation: str = ""
    let_in: Sequence[str] = ()

    @property
    def known(self) -> bool:
        """Whether their organisation, or that they have none, may be seen: only then what they are in it."""
        return self.shown in (Shown.NAME_AND_ORGANISATION, Shown.ORGANISATION)


def seen(person_ids: Sequence[int], asked: Question, by: Viewer) -> dict[int, Seen]:
    """How much of each person ``by`` may see, with their organisation there and what let them in."""
    order = list(Shown)
    best: dict[int, Seen] = {}
    regions = _regions(asked.audience.region_ids)
    places = db.session.scalars(
        select(Affiliation)
        .options(
            joinedload(Affiliation.caucus),
            joinedload(Affiliation.person),
            joinedload(Affiliation.seat).joinedload(Seat.ngo),
        )
        .where(
            Affiliation.person_id.in_(person_ids),
            Affiliation.caucus_id.in_({group.caucus_id for group in asked.groups}),
            Affiliation.state == AffiliationState.ACTIVE,
        )
        .order_by(Affiliation.id)
    )
    for place in places:
        now = Seen(visibility.shown_of(by, place), place.seat.ngo.name if place.seat else "")
        before = best.get(place.person_id)
        here = letting_in.words(asked.audience, place, regions) if now.known else ()
        ways = dict.fromkeys([*(before.let_in if before else ()), *here])
        nearest = min(before or now, now, key=lambda one: (order.index(one.shown), not one.organisation))
        best[place.person_id] = replace(nearest, let_in=tuple(ways))
    return best


def _regions(ids: Sequence[int]) -> dict[int, Words]:
    rows = db.session.execute(select(Region.id, Region.names).where(Region.id.in_(ids))) if ids else ()
    return {region_id: names for region_id, names in rows}
