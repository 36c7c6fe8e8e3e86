"""The free disk where we write: how much is little, and how much is as good as nothing."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

LITTLE, NOTHING = 1024**3, 100 * 1024**2  # bytes free
FEW_FILES = 1000


@dataclass(frozen=True)
class Disk:
    """One disk: what of ours lies on it, in which folder, and what is free there."""

    what: str
    folder: Path
    free: int  # bytes
    files: int | None  # that can still be made; None: the file system has no such limit

    @property
    def trouble(self) -> str:
        """Why it is as good as full, without naming a folder; "" while it is not."""
        if self.free < NOTHING:
            return f"only {self.free // 1024**2} MiB are free for {self.what}"
        if self.files is not None and self.files < FEW_FILES:
            return f"only {self.files} files can still be made for {self.what}"
        return ""


def ours(instance: str, database_url: str) -> Iterator[Disk]:
    """The disks on which we write from this machine; what lies on the same one is told together."""
    folders = {"the instance folder": Path(instance), "the database": database_folder(database_url)}
    on: dict[int, dict[str, Path]] = {}
    for what, folder in folders.items():
        if folder is not None and folder.exists():
            on.setdefault(folder.stat().st_dev, {})[what] = folder
    for those in on.values():
        yield _look(" and ".join(those), next(iter(those.values())))


def database_folder(url: str) -> Path | None:
    """Where the database lies, if it is a file of this machine."""
    address = make_url(url)
    named = address.get_backend_name() == "sqlite" and address.database
    return Path(str(named)).parent if named and named != ":memory:" else None


def _look(what: str, folder: Path) -> Disk:
    files = os.statvfs(folder)
    return Disk(what, folder, shutil.disk_usage(folder).free, files.f_favail if files.f_files else None)
