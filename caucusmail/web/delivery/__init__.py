"""The secretariat's pages about mail, and the one that shows what a discreet letter holds back."""

from flask import Blueprint

from caucusmail.web.delivery import held, views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp, held.bp]
