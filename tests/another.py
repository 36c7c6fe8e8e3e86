"""A second application in the same process: what it takes over (settings, job engine) is given back at its end."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from celery import current_app

from caucusmail import cli, settings
from caucusmail.app import House, create_app
from caucusmail.database import Model, db


@contextmanager
def left_as_it_was() -> Iterator[None]:
    """Settings and job engine of the process are given back at the end."""
    before, engine = settings._current, current_app._get_current_object()
    try:
        yield
    finally:
        settings._current = before
        engine.set_default()
        engine.set_current()


@contextmanager
def house(configuration: Mapping[str, Any], *, tables: bool = True) -> Iterator[House]:
    """An application of one's own, with its tables, whose connections are closed when it ends."""
    with left_as_it_was():
        made = create_app(configuration)
        cli.init_app(made)
        if tables:
            with made.app_context():
                Model.metadata.create_all(db.engine)
        try:
            yield made
        finally:
            with made.app_context():
                db.session.remove()
                db.engine.dispose()
