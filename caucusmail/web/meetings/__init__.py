"""Coming meetings, one meeting, its calendar file; whether one comes; calendars to subscribe to."""

from flask import Blueprint

from caucusmail.web.meetings import answering, feeds, session_desk, sessions, views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    parts = (views, answering, sessions, session_desk, feeds)
    return list(dict.fromkeys(part.bp for part in parts))  # one has views in two files
