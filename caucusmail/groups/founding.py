"""found(): one announcement group for each founding caucus that has one. What is there already is left as it is."""

from sqlalchemy import select

from caucusmail import clock
from caucusmail.database import db
from caucusmail.directory import founding
from caucusmail.directory.models import Caucus, Family
from caucusmail.groups.models import EmailGroup


def found() -> None:
    """Open the missing groups; call after ``directory.founding.found``."""
    without = {entry["slug"] for entry in founding.source()["caucus"] if not entry.get("group")}
    known = set(db.session.scalars(select(EmailGroup.local_part)))
    for caucus in db.session.scalars(select(Caucus).order_by(Caucus.place)):
        if caucus.slug in known or (caucus.family is Family.CAUCUS and caucus.slug in without):
            continue
        db.session.add(
            EmailGroup(caucus_id=caucus.id, local_part=caucus.slug, names=caucus.names, opened_at=clock.now())
        )
    db.session.flush()
