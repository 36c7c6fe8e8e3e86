"""The supervisor behind `make run`: web, jobs, the way in for mail and the local mailbox in one command.

Every child has a session of its own and is ended with all its descendants (a killed Celery worker leaves its beat
behind otherwise). A child that dies is started again, each time a little later. ``--memory`` asks a running one what it
weighs.
"""

import errno
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import config
from caucusmail import settings
from caucusmail.serve import weight
from caucusmail.serve.child import ROOT, Child, any_port, refusal, say
from caucusmail.settings import BadSetting

PATIENCE = 20  # seconds a child may take to end by itself


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        port = int(env.get(name) or default)
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        raise BadSetting(name, f"{env[name]!r} is not a port from 1 to 65535")
    return port


def _unusable(name: str, host: str, port: int, problem: OSError) -> BadSetting:
    """What to say of a port on which we cannot listen."""
    if problem.errno == errno.EADDRINUSE:
        hint = f"; try: make run PORT={port + 1}" if name == "PORT" and port < 65535 else ""
        return BadSetting(name, f"{port} is taken by another program{hint}")
    if problem.errno in (errno.EACCES, errno.EPERM):
        return BadSetting(name, f"only root may listen on {port}; choose a port from 1024 on")
    if problem.errno == errno.EADDRNOTAVAIL or isinstance(problem, socket.gaierror):
        where = "LMTP_HOST" if name == "LMTP_PORT" else "HOST"
        return BadSetting(where, f"{host!r} is not an IPv4 address of this machine")
    return BadSetting(name, f"we cannot listen on {port}: {problem.strerror}")


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the children are told: the settings of this process, with ports that are free.

    :raises BadSetting: naming the first setting that cannot be used, or the port that is taken.
    """
    env = dict(environ) | {"PYTHONUNBUFFERED": "1"}
    host, port = env.setdefault("HOST", "127.0.0.1"), _port(env, "PORT", 8000)
    env["PORT"] = str(port)
    if problem := refusal(host, port):
        raise _unusable("PORT", host, port, problem)
    values = config.from_environment(env)
    if values["EMBEDDED"]:
        env["MAIL_PORT"] = values["MAIL_PORT"] = str(_free(env, "MAIL_PORT", "127.0.0.1", 2525))
        if not environ.get("MAIL_COMES_IN"):  # there is a way in, so letters name it as they will in production
            env["MAIL_COMES_IN"], values["MAIL_COMES_IN"] = "1", True
    env["LMTP_PORT"] = values["LMTP_PORT"] = str(_free(env, "LMTP_PORT", str(values["LMTP_HOST"]), 8024))
    settings.use(settings.check(values))
    return env


def _free(env: Mapping[str, str], name: str, host: str, default: int) -> int:
    """The port that was asked for, which must be free; else the default one, or any that is.

    :raises BadSetting: it was asked for, and we cannot listen there.
    """
    port = _port(env, name, default)
    if problem := refusal(host, port):
        if env.get(name):
            raise _unusable(name, host, port, problem)
        return any_port()
    return port


def children(env: Mapping[str, str], logs: Path) -> list[Child]:
    """Web, jobs, the way in for mail and, in the embedded default, the mailbox."""
    bind = f"{env['HOST']}:{env['PORT']}"
    commands = {
        "web": ["gunicorn", "wsgi:app", "--bind", bind, "--config", str(ROOT / "deploy" / "gunicorn.conf.py")],
        "jobs": [
            "celery",
            "-A",
            "caucusmail.worker:engine",
            "worker",
            "-B",
            "-P",
            "threads",
            "-c",
            "2",
            "-l",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
        ],
        "lmtp": ["flask", "--app", "wsgi", "lmtp"],
    }
    if settings.current().embedded:
        commands["mailbox"] = ["caucusmail.mailbox"]
    logs.mkdir(parents=True, exist_ok=True)
    for name in commands:
        if (logs / f"{name}.log").exists():
            (logs / f"{name}.log").rename(logs / f"{name}.log.1")
    return [Child(name, command, logs / f"{name}.log") for name, command in commands.items()]


class Run:
    """One run, from start to Ctrl-C."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.instance = Path(settings.current().instance)
        self.ending = threading.Event()
        self.children: list[Child] = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ending.set())

    def alone(self) -> IO[str]:
        """Hold the lock of this folder for as long as we run.

        :raises BadSetting: another run holds it, or we may not write it.
        """
        path = self.instance / "run.lock"
        try:
            lock = path.open("a+")
        except OSError as problem:
            raise BadSetting("CAUCUSMAIL_INSTANCE", f"{path} cannot be written: {problem.strerror}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise BadSetting("CAUCUSMAIL_INSTANCE", f"{self.instance} is in use by another `make run`") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return lock

    def prepare(self, people: Path) -> bool:
        """Migrate, found, and load the demo world on the first start; whether it went well."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "prepare", "--people", str(people)]
        process = subprocess.Popen(command, cwd=ROOT, env=self.env, start_new_session=True)  # noqa: S603 - our own command
        while process.poll() is None and not self.ending.wait(0.1):
            pass
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        return process.wait() == 0 and not self.ending.is_set()

    def ready(self) -> bool:
        """Whether the site answers already."""
        host = "127.0.0.1" if self.env["HOST"] == "0.0.0.0" else self.env["HOST"]  # noqa: S104 - compared, not bound
        try:
            urllib.request.urlopen(f"http://{host}:{self.env['PORT']}/healthz", timeout=2).close()
        except urllib.error.HTTPError:
            return True  # 503: it answers; the jobs are on their way
        except OSError:
            return False
        return True

    def watch(self, people: Path, began: float) -> None:
        """Look after the children until the end is asked for."""
        told = False
        while not self.ending.wait(0.2):
            for child in self.children:
                child.look_after(self.env)
            if not told and self.ready():
                told = True
                welcome(self.env, people, time.monotonic() - began)

    def end(self) -> None:
        """End every child and its descendants; those that do not listen are killed."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        while any(child.process and child.process.poll() is None for child in self.children):
            if time.monotonic() > until:
                break
            time.sleep(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process:
                child.process.wait()


def welcome(env: Mapping[str, str], people: Path, seconds: float) -> None:
    """Say where to go and whom to be."""
    current = settings.current()
    say(f"\nCaucusMail is running ({seconds:.0f} s).\n\n  Site     {current.site_url}/")
    if current.embedded:
        say(f"  Mailbox  {current.site_url}/mailbox   every letter ends here (SMTP on 127.0.0.1:{env['MAIL_PORT']})")
    say(f"  Way in   LMTP on {current.lmtp_host}:{current.lmtp_port}   what comes back, and mail to our roles")
    shown: list[dict[str, str]] = json.loads(people.read_text()) if people.exists() else []
    if shown:
        where = "; the letter is in the mailbox" if current.embedded else ""
        say(f"\n  Sign in at {current.site_url}/sign-in with one of these addresses{where}:")
        width = max(len(person["address"]) for person in shown)
        for person in shown:
            say(f"    {person['address']:<{width}}  {person['name']}, {person['role']}")
    say("\n  Ctrl-C ends all of it.\n")


def main(environ: Mapping[str, str], arguments: list[str]) -> Any:
    """Run until Ctrl-C or SIGTERM; the exit status: 0 ended as asked, 1 could not begin, 2 a bad setting."""
    began = time.monotonic()
    try:
        if arguments == ["--memory"]:
            return weight.memory(Path(config.from_environment(environ)["INSTANCE"]))
        run = Run(environment(environ))
        lock = run.alone()
    except BadSetting as problem:
        sys.stderr.write(f"caucusmail cannot start: {problem}\n")
        return 2
    people = run.instance / "people.json"
    with lock:
        if not run.prepare(people):
            return 0 if run.ending.is_set() else 1
        run.children = children(run.env, run.instance / "log")
        try:
            run.watch(people, began)
        finally:
            say("\nEnding …")
            run.end()
            say("All ended. `make run` continues where it was.")
    return 0
