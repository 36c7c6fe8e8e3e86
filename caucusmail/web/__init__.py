"""Pages: one subpackage for each domain package. ``init_app`` puts them up, with guards, filters and error pages."""

from flask import Flask
from flask_wtf import CSRFProtect

from caucusmail.web import (
    accounts,
    announcements,
    asked,
    audit,
    delivery,
    directory,
    errors,
    filters,
    groups,
    headers,
    home,
    inbound,
    meetings,
    privacy,
    reader,
    sessions,
    wire,
)

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Blueprints, the reader's language, CSRF for all, filters, headers and error pages."""
    wire.init_app(app)
    sessions.init_app(app)
    reader.init_app(app)
    asked.init_app(app)
    csrf.init_app(app)
    filters.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    for part in (home, directory, accounts, groups, meetings, announcements, delivery, inbound, audit, privacy):
        for blueprint in part.blueprints():
            app.register_blueprint(blueprint)
    csrf.exempt("caucusmail.web.groups.one_click.leave")  # RFC 8058: no cookie, no token, no Referer; the one exemption
