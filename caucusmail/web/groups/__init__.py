"""Pages of ``groups``: one's own page, the one-click way out, taking a step back."""

from flask import Blueprint

from caucusmail.web.groups import my, my_changes, one_click, undo


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [my.bp, my_changes.bp, undo.bp, one_click.bp]
