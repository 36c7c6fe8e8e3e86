"""The embedded SMTP mailbox and its page; never in production.

``store`` keeps letters, ``server`` takes them, ``reading`` tells their parts apart, ``pages`` shows them.
"""

from flask import Flask

from caucusmail.mailbox import pages


def init_app(app: Flask) -> None:
    """Add the mailbox page to ``app``; called in the embedded default only."""
    app.register_blueprint(pages.bp)
