"""Start page, what we do with your data, who we write as, help, health."""

from flask import Blueprint

from caucusmail.web.home import health, views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp, health.bp]
