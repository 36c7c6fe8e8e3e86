"""Announcements: their author's desk, and the copy on the site."""

from flask import Blueprint

from caucusmail.web.announcements import (
    agenda,
    changing,
    clashing,
    clocks,
    composing,
    correcting,
    history,
    looking,
    reading,
    repeating,
    report,
    sending,
    series,
)


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    views = (composing, agenda, looking, sending, repeating, report, changing, correcting, series, clashing, clocks)
    desk = {part.desk.bp for part in views}  # one blueprint, whose views stand in several files
    return [*desk, reading.bp, history.bp]
