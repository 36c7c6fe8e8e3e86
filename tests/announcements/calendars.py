"""A calendar text as four readers understand it that have nothing in common: the libraries icalendar and vobject, the one of
Ruby, and calcurse, which people use, run without its screen.
"""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import icalendar
import vobject

from tests import services


@dataclass(frozen=True)
class Entry:
    """What every reader must find; times in seconds since 1970."""

    method: str
    uid: str
    sequence: int
    status: str
    starts: int
    ends: int
    summary: str
    location: str
    organizer: str
    attendees: tuple[str, ...]


def with_icalendar(text: str) -> list[Entry]:
    calendar = icalendar.Calendar.from_ical(text)
    return [_of_icalendar(str(calendar["METHOD"]), one) for one in calendar.walk("VEVENT")]


def _of_icalendar(method: str, one: Any) -> Entry:
    attendees = one.get("ATTENDEE", [])
    return Entry(
        method=method,
        uid=str(one["UID"]),
        sequence=int(one["SEQUENCE"]),
        status=str(one["STATUS"]),
        starts=int(one.start.timestamp()),
        ends=int(one.end.timestamp()),
        summary=str(one["SUMMARY"]),
        location=str(one.get("LOCATION", "")),
        organizer=str(one["ORGANIZER"]),
        attendees=tuple(str(who) for who in (attendees if isinstance(attendees, list) else [attendees])),
    )


def with_vobject(text: str) -> list[Entry]:
    getattr(vobject.icalendar, "__tzidMap").clear()
    calendar = vobject.readOne(text)
    return [_of_vobject(calendar.method.value, one) for one in calendar.contents["vevent"]]


def _of_vobject(method: str, one: Any) -> Entry:
    said = {name: lines[0].value for name, lines in one.contents.items()}
    return Entry(
        method=method,
        uid=said["uid"],
        sequence=int(said["sequence"]),
        status=said["status"],
        starts=int(said["dtstart"].timestamp()),
        ends=int(said["dtend"].timestamp()),
        summary=said["summary"],
        location=said.get("location", ""),
        organizer=said["organizer"],
        attendees=tuple(line.value for line in one.contents.get("attendee", [])),
    )


def with_ruby(files: Sequence[Path]) -> list[list[Entry]]:
    """All at once, since an interpreter takes long to start."""
    ruby = shutil.which("ruby")
    if not ruby or subprocess.run([ruby, "-e", "require 'icalendar'"], capture_output=True).returncode:
        services.missing("no Ruby with its icalendar library")
    script = Path(__file__).parent / "reading_calendars.rb"
    asked = subprocess.run([ruby, script, *files], capture_output=True, check=True)
    return [
        [Entry(**event | {"attendees": tuple(event["attendees"])}) for event in events]
        for events in json.loads(asked.stdout)
    ]


def with_calcurse(file: Path, folder: Path) -> list[dict[str, Any]]:
    """What stands in a calendar that has taken this one in: when, and what it is called."""
    program = shutil.which("calcurse")
    if not program:
        services.missing("no calcurse")
    clock = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    subprocess.run([program, "-q", "-D", folder, "-i", file], env=clock, capture_output=True, check=True)
    shown = ["--from", "01/01/2027", "--days", "700", "--format-apt", "%(start:epoch)\t%(end:epoch)\t%m\n"]
    asked = subprocess.run([program, "-q", "-D", folder, "-Q", *shown], env=clock, capture_output=True, check=True)
    lines = [line.split("\t") for line in asked.stdout.decode().splitlines() if "\t" in line]
    return [{"starts": int(starts), "ends": int(ends), "summary": summary} for starts, ends, summary in lines]


def shown(entry: Entry) -> dict[str, Any]:
    """What a calendar shows of it in a line."""
    return {name: value for name, value in asdict(entry).items() if name in ("starts", "ends", "summary")}
