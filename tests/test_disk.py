from pathlib import Path

import pytest

from caucusmail import disk
from caucusmail.disk import Disk


def disks(instance: Path, database: Path) -> list[Disk]:
    return list(disk.ours(str(instance), f"sqlite:///{database / 'house.sqlite3'}"))


def test_folders_on_one_disk_are_told_together(tmp_path: Path) -> None:
    (found,) = disks(tmp_path, tmp_path)
    assert (found.what, found.folder) == ("the instance folder and the database", tmp_path)
    assert found.free > 0


def test_two_disks_are_told_one_by_one(tmp_path: Path) -> None:
    assert [one.what for one in disks(tmp_path, Path("/proc"))] == ["the instance folder", "the database"]


def test_a_database_elsewhere_and_a_folder_that_is_not_there_are_no_disk_of_ours(tmp_path: Path) -> None:
    assert [one.what for one in disk.ours(str(tmp_path), "postgresql:///x")] == ["the instance folder"]
    assert [one.what for one in disks(tmp_path, tmp_path / "none")] == ["the instance folder"]


@pytest.mark.parametrize(
    ("free", "files", "trouble"),
    [
        (disk.NOTHING, disk.FEW_FILES, ""),
        (disk.NOTHING, None, ""),
        (disk.NOTHING - 1, None, "only 99 MiB are free for the database"),
        (0, 0, "only 0 MiB are free for the database"),
        (disk.LITTLE, 3, "only 3 files can still be made for the database"),
    ],
)
def test_a_disk_that_is_as_good_as_full_says_so_and_names_no_folder(free: int, files: int | None, trouble: str) -> None:
    assert Disk("the database", Path("/srv/secret"), free, files).trouble == trouble


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("sqlite:////var/lib/caucusmail/a.sqlite3", "/var/lib/caucusmail"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql:///caucusmail", None),
    ],
)
def test_a_database_in_a_file_lies_in_its_folder(url: str, folder: str | None) -> None:
    assert disk.database_folder(url) == (Path(folder) if folder else None)
