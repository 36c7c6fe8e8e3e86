"""erase_departed(): whoever has left everything a year ago is erased; a keyed fingerprint of their address stays."""

from datetime import timedelta

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.database import db
from caucusmail.directory.acquaintances import INSIDE
from caucusmail.directory.models import Affiliation, Keeper, Representative
from caucusmail.privacy import erasing

KEPT = timedelta(days=365)


def erase_departed() -> int:
    """Erase one of those who left everything longer ago, or were never let in, and have no office; how many: one, or none.

    They are not written to: they have left.
    """
    now = clock.now()
    keeps = select(Keeper.id).where(Keeper.person_id == Person.id, Keeper.until.is_(None) | (Keeper.until > now))
    speaks = Representative.until.is_(None) | (Representative.until > now)
    represents = select(Representative.id).where(Representative.person_id == Person.id, speaks)
    inside = select(Affiliation.id).where(Affiliation.person_id == Person.id, Affiliation.state.in_(INSIDE))
    since = now - KEPT
    lately = select(Affiliation.id).where(Affiliation.person_id == Person.id, Affiliation.since >= since)
    idle = (Person.left_at < since) | (Person.left_at.is_(None) & (Person.made_at < since) & ~lately.exists())
    gone = (idle, Person.role != SiteRole.SECRETARIAT)
    found = db.session.scalar(
        select(Person)
        .where(*gone, ~inside.exists(), ~keeps.exists(), ~represents.exists())
        .order_by(Person.id)
        .limit(1)
        .with_for_update()  # whoever comes back at this moment waits, and is then nobody; or it is they who are first
    )
    if found is None:
        return 0
    erasing.erase(found, remember=True, by=None, quietly=True)
    return 1
