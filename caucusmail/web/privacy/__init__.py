"""Pages of what the house knows of a person: to read it, to take it away as a file, to have it erased, to be protected; the secretariat's requests."""

from flask import Blueprint

from caucusmail.web.privacy import (
    erasure,
    protecting_others,
    protection,
    retention,
    staff_erasure,
    staff_requests,
    views,
)

__all__ = ["blueprints", "erasure", "retention", "staff_erasure"]


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp, views.public, protection.bp, protecting_others.bp, staff_requests.bp]
