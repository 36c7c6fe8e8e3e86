"""Coming meetings, one meeting, its calendar file; whether one comes, and who does; calendars to subscribe to."""

from flask import Blueprint

from caucusmail.web.meetings import answering, feeds, remote, session_desk, sessions, turnout, views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    parts = (views, turnout, remote, answering, sessions, session_desk, feeds)
    return list(dict.fromkeys(part.bp for part in parts))  # some have views in two files
