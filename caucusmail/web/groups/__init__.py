"""Pages of ``groups``: one's own page, the one-click way out, taking a step back; the email groups that one keeps."""

from flask import Blueprint

from caucusmail.web.groups import deputies, keeping, moving, my, my_calendar, my_changes, my_hours, one_click, undo


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    own = [my.bp, my_changes.bp, my_hours.bp, my_calendar.bp, moving.bp, deputies.bp]
    return [*own, undo.bp, one_click.bp, keeping.bp]
