"""What every process of the house begins with, whether it shows pages or not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from caucusmail import failpoints, jobs, settings
from caucusmail.database import db
from caucusmail.delivery import transport

ROOT = Path(__file__).parent.parent


def instance(config: Mapping[str, Any]) -> str:
    """The folder of this installation's own files."""
    return str(Path(config.get("INSTANCE") or ROOT / "instance"))


def assemble(app: Flask, config: Mapping[str, Any]) -> None:
    """Settings, database, relay and job engine.

    :raises caucusmail.settings.BadSetting: naming every setting that cannot be used.
    """
    app.config.from_mapping(config)
    settings.use(settings.check(app.config))
    failpoints.arm(settings.current().failpoints)
    db.init_app(app)
    transport.init_app(app)
    jobs.init_app(app)


def without_pages(config: Mapping[str, Any]) -> Flask:
    """The house of a worker: what pages need is not even read into memory.

    :raises caucusmail.settings.BadSetting: as ``assemble``.
    """
    app = Flask("caucusmail", instance_path=instance(config))
    assemble(app, config)
    return app
