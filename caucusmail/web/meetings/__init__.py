"""Coming meetings, one meeting, its calendar file."""

from flask import Blueprint

from caucusmail.web.meetings import views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp]
