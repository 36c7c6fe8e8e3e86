"""The configuration of a test application."""

from pathlib import Path

import config


def testing(database_url: str, instance: Path, **more: object) -> dict[str, object]:
    """Config.Testing with a database, a folder, and whatever else."""
    values = {name: getattr(config.Testing, name) for name in dir(config.Testing) if name.isupper()}
    return (
        values | {"SQLALCHEMY_DATABASE_URI": database_url, "BROKER_URL": "memory://", "INSTANCE": str(instance)} | more
    )
