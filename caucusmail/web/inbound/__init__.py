"""Pages of ``inbound``: what came in and lies aside, and the addresses that nothing is sent to. For the secretariat."""

from flask import Blueprint

from caucusmail.web.inbound import returns


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [returns.bp]
