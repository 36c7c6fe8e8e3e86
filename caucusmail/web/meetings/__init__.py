"""Coming meetings, one meeting, its calendar file; calendars to subscribe to."""

from flask import Blueprint

from caucusmail.web.meetings import feeds, views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp, feeds.bp]
