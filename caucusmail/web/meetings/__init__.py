"""Coming meetings, one meeting, its calendar file; whether one comes, and who does; calendars to subscribe to."""

from flask import Blueprint

from caucusmail.web.meetings import answering, asking_more, feeds, remote, session_desk, sessions, turnout, views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    parts = (views, turnout, remote, asking_more, answering, sessions, session_desk, feeds)
    return list(dict.fromkeys(part.bp for part in parts))  # some have views in two files
