"""Pages of ``audit``: the journal, for the secretariat."""

from flask import Blueprint

from caucusmail.web.audit import views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp]
