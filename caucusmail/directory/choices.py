"""What a form lets one choose from: the caucuses one keeps, the regions."""

from collections.abc import Sequence

from sqlalchemy import case, select

from caucusmail.database import db
from caucusmail.directory.models import Caucus, Family, Region
from caucusmail.directory.visibility import Viewer

_FAMILIES = {family.value: place for place, family in enumerate(Family)}


def kept(by: Viewer) -> Sequence[Caucus]:
    """The caucuses, teams, networks and coalitions ``by`` may act for, by family and in their own order."""
    chosen = select(Caucus).order_by(case(_FAMILIES, value=Caucus.family), Caucus.place, Caucus.id)
    if not by.secretariat:
        chosen = chosen.where(Caucus.id.in_(sorted(by.keeps)))
    return db.session.scalars(chosen).all()


def regions() -> Sequence[Region]:
    """The regions, in their order."""
    return db.session.scalars(select(Region).order_by(Region.place, Region.id)).all()
