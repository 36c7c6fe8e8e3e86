"""Pages of ``privacy``: what the house knows of who asks, and a file of it."""

from flask import Blueprint

from caucusmail.web.privacy import views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp]
