"""This machine and its helpers: the broker, the jobs, the free disk, the clock."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kombu.connection import Connection
from kombu.exceptions import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from caucusmail import broker_file, disk
from caucusmail.audit import heartbeats
from caucusmail.disk import Disk
from caucusmail.doctor.finding import Finding, ok, warning, wrong

SECONDS = 3.0
OFF, FAR_OFF = timedelta(seconds=30), timedelta(minutes=5)
"""RFC 5322's Date of a letter may be off by so much before somebody minds."""


def broker(url: str) -> Finding:
    """Whether the job engine's broker takes a connection."""
    kind = url.partition(":")[0]
    trouble = broker_file.trouble(url) or _refusal(url)
    if trouble:
        todo = "start it, and look at BROKER_URL; letters wait meanwhile"
        return wrong("broker", f"cannot be used ({kind}): {trouble}", todo)
    return ok("broker", f"takes our connection ({kind})")


def _refusal(url: str) -> str:
    """Why a broker that is a server does not take us; "" if it does."""
    connection: Any = Connection(url, connect_timeout=SECONDS)  # type: ignore[no-untyped-call]  # kombu ships half its types
    try:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=SECONDS)
    except (OSError, OperationalError, *connection.connection_errors, *connection.channel_errors) as problem:
        return " ".join(str(problem).split())[:160] or type(problem).__name__
    finally:
        connection.release()
    return ""


def jobs() -> list[Finding]:
    """What the workers said last, and what they think of the relay."""
    try:
        told = {name: heartbeats.trouble(name) for name in ("jobs", "relay")}
    except SQLAlchemyError:
        return [wrong("jobs", "what they said last cannot be read", "see to the database first")]
    at_work = told["jobs"]
    if at_work:
        return [wrong("jobs", at_work, "start the worker and the clock (celery worker, celery beat)")]
    findings = [ok("jobs", "seen at work within the last minute and a half")]
    if told["relay"]:
        findings.append(wrong("jobs and the relay", f"the relay {told['relay']}", "read the relay's log; letters wait"))
    return findings


def disks(instance: str, database_url: str) -> list[Finding]:
    """Free space and free file entries where we write."""
    return [_disk(one) for one in disk.ours(instance, database_url)]


def _disk(one: Disk) -> Finding:
    words = f"{one.free / 1024**3:.1f} GiB free for {one.what} ({one.folder})"
    if one.trouble:
        todo = "make room now: pages answer 503 and letters wait as soon as it is full"
        return wrong("disk", f"{one.trouble} ({one.folder})", todo)
    return warning("disk", words, "make room") if one.free < disk.LITTLE else ok("disk", words)


def clocks(ahead: Mapping[str, timedelta | None]) -> Finding:
    """Our clock against those of others: by how much it is ahead of each; None where there is none to compare with."""
    known = {whose: by for whose, by in ahead.items() if by is not None}
    if not known:
        words = f"nobody else's clock could be compared with ours ({', '.join(ahead)}: none shown)"
        return warning("clock", words, "see that the machine keeps time by NTP: timedatectl")
    words = "ours is " + ", ".join(_compared(by, whose) for whose, by in known.items())
    most = max(abs(by) for by in known.values())
    if most > FAR_OFF:
        return wrong("clock", words, "set the clocks by NTP: letters with such a Date look like spam")
    return warning("clock", words, "set the clocks by NTP") if most > OFF else ok("clock", words)


def _compared(by: timedelta, whose: str) -> str:
    seconds = round(abs(by).total_seconds())
    return f"{seconds} s {'ahead of' if by >= timedelta() else 'behind'} that of {whose}"
