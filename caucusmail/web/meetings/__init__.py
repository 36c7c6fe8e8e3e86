"""Coming meetings, one meeting, its calendar file; whether one comes, and who does, and did; calendars to subscribe to."""

from flask import Blueprint

from caucusmail.web.meetings import (
    answering,
    asking_more,
    attendance,
    door,
    feeds,
    guests,
    minutes,
    own_attendance,
    papers,
    remote,
    session_desk,
    sessions,
    turnout,
    views,
)


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    parts = (
        views,
        turnout,
        attendance,
        door,
        guests,
        own_attendance,
        remote,
        papers,
        asking_more,
        answering,
        sessions,
        session_desk,
        feeds,
        minutes,
    )
    return list(dict.fromkeys(part.bp for part in parts))  # some have views in two files
