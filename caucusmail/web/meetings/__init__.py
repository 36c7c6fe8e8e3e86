"""Coming meetings, one meeting, its calendar file; calendars to subscribe to."""

from flask import Blueprint

from caucusmail.web.meetings import feeds, session_desk, sessions, views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    parts = (views, sessions, session_desk, feeds)
    return list(dict.fromkeys(part.bp for part in parts))  # one has views in two files
