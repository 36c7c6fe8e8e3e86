"""Pages of what the house knows of a person: to read it, to take it away as a file, to have it erased."""

from flask import Blueprint

from caucusmail.web.privacy import erasure, views

__all__ = ["blueprints", "erasure"]


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp]
