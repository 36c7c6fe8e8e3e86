"""Announcements: their author's desk, and the copy on the site."""

from flask import Blueprint

from caucusmail.web.announcements import (
    changing,
    clashing,
    clocks,
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
    views = (composing, looking, sending, repeating, report, changing, correcting, series, clashing, clocks)
    desk = {part.desk.bp for part in views}  # one blueprint, whose views stand in ten files
    return [*desk, reading.bp]
