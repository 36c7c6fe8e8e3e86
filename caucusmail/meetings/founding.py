"""found(): the venues every installation starts with. What is there already is left as it is."""

import tomllib
from pathlib import Path

from sqlalchemy import select

from caucusmail.database import db
from caucusmail.meetings.models import Venue

SOURCE = Path(__file__).with_suffix(".toml")


def found() -> None:
    """Add the venues that are missing; called once by the first start, harmless when called again."""
    with SOURCE.open("rb") as file:
        entries = tomllib.load(file)["venue"]
    known = set(db.session.scalars(select(Venue.slug)))
    for place, entry in enumerate(entries):
        if entry["slug"] not in known:
            access = {language: text.strip() for language, text in entry.pop("access").items()}
            db.session.add(Venue(place=place, access=access, **entry))
    db.session.flush()
