"""Announcements: their author's desk, and the copy on the site."""

from flask import Blueprint

from caucusmail.web.announcements import (
    changing,
    composing,
    correcting,
    looking,
    reading,
    repeating,
    report,
    sending,
    series,
)


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    desk = {
        part.desk.bp for part in (composing, looking, sending, repeating, report, changing, correcting, series)
    }  # one blueprint, whose views stand in eight files
    return [*desk, reading.bp]
