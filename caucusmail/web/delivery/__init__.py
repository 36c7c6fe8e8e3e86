"""The secretariat's pages about mail."""

from flask import Blueprint

from caucusmail.web.delivery import views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp]
