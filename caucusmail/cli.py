"""flask staff add and remove, flask found, flask demo, flask prepare, flask dkim, flask doctor, flask lmtp: the command line."""

import ipaddress
import json
import sys
import textwrap
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo, pass_script_info, with_appcontext

from caucusmail import clock, languages, settings, signing_keys
from caucusmail.accounts import queries, resetting, secretariat
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.database import db, transaction
from caucusmail.demo import cast, load
from caucusmail.directory import founding
from caucusmail.doctor import examination, finding, names
from caucusmail.doctor.examination import Patient
from caucusmail.groups import founding as groups_founding
from caucusmail.inbound import server as way_in
from caucusmail.mail import addresses, dkim
from caucusmail.meetings import founding as meetings_founding
from caucusmail.signing_keys import SigningKey

MIGRATIONS = Path(__file__).parent.parent / "migrations"

staff: Any = AppGroup("staff", help="People of the secretariat.")


@staff.command("add")  # type: ignore[untyped-decorator]  # click through Flask's group
@click.argument("name")
@click.argument("address")
@click.option("--language", default=languages.DEFAULT, type=click.Choice(list(languages.OFFERED)))
def add_staff(name: str, address: str, language: str) -> None:
    """Make NAME at ADDRESS a person of the secretariat, and print a one-time link for the first sign-in."""
    try:
        with transaction():
            person = secretariat.add(name, address, language)
            link = secretariat.first_link(person, language)
    except addresses.BadAddress as problem:
        raise click.BadParameter(str(problem)) from None
    click.echo(f"{person.name} <{person.address}> is of the secretariat. Sign in once, within 15 minutes:\n{link}")


@staff.command("remove")  # type: ignore[untyped-decorator]  # click through Flask's group
@click.argument("address")
@click.option("--name", help="Who of several that share the address.")
def remove_staff(address: str, name: str | None) -> None:
    """Take the person at ADDRESS out of the secretariat, and sign them out everywhere. They stay a member."""
    with transaction():
        person = _of_staff(address, name)
        secretariat.remove(person)
    click.echo(f"{person.name} <{person.address}> is no longer of the secretariat, and is signed out everywhere.")


@staff.command("forget-second-step")  # type: ignore[untyped-decorator]  # click through Flask's group
@click.argument("address")
@click.option("--name", help="Who of several that share the address.")
def forget_second_step(address: str, name: str | None) -> None:
    """Remove the second step of somebody of the secretariat at ADDRESS who has lost it, where no two others are left to do so."""
    with transaction():
        person = _of_staff(address, name)
        resetting.remove(person, by=None)
    click.echo(f"{person.name} <{person.address}> has no second step any more, and is written to.")


def _of_staff(address: str, name: str | None) -> Person:
    people = [one for one in queries.by_address(addresses.key(address)) if one.role is SiteRole.SECRETARIAT]
    found = [one for one in people if name in (None, one.name)]
    if len(found) != 1:
        here = ", ".join(one.name for one in people) or "nobody"
        raise click.ClickException(f"at {address} there must be exactly one of the secretariat; there is: {here}")
    return found[0]


def _found() -> None:
    with transaction():
        founding.found()
        groups_founding.found()
        meetings_founding.found()


@click.command("found")
@with_appcontext
def found() -> None:
    """Add the regions, countries and groups every installation starts with; what is there stays as it is."""
    _found()
    click.echo("The founding data is in.")


def _load_demo() -> None:
    began = time.monotonic()
    click.echo("Building the demo world, once …")
    with transaction():
        load.load(lambda line: click.echo(f"  {line}"))
    click.echo(f"The demo world is in ({time.monotonic() - began:.0f} s). Everybody in it is fictitious.")


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demo world: 2,500 fictitious organisations. Only where no letter can leave (CAUCUSMAIL_DEMO)."""
    if not settings.current().demo:
        raise click.ClickException("the demo world needs CAUCUSMAIL_DEMO=1, so that no letter reaches a real address")
    _found()
    if load.loaded():
        raise click.ClickException("the demo world is here already")
    _load_demo()


@click.command("prepare")
@click.option("--people", type=click.Path(path_type=Path), help="Where to write whom to sign in as (JSON).")
@with_appcontext
def prepare(people: Path | None) -> None:
    """Migrate, found and, in the embedded default on its first start, load the demo world."""
    flask_migrate.upgrade()
    _found()
    first = not queries.anybody()
    if first and settings.current().demo:
        _load_demo()
    shown = cast.PEOPLE if load.loaded() else ()
    if people is not None:
        parts = [{"name": part.name, "address": part.address, "role": str(part.what)} for part in shown]
        people.write_text(json.dumps(parts))


signing: Any = AppGroup("dkim", help="Keys that sign outgoing mail.")


@signing.command("new")  # type: ignore[untyped-decorator]  # click through Flask's group
@click.option("--name", help="Part of the selectors, instead of today's date.")
def new_keys(name: str | None) -> None:
    """Make a pair of keys (RSA and Ed25519) in instance/dkim, and print their DNS records and settings."""
    folder = Path(settings.current().instance) / "dkim"
    made = []
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for kind, key in (("RSA", signing_keys.new_rsa()), ("ED25519", signing_keys.new_ed25519())):
            selector = signing_keys.selector(f"{kind.lower()}-{name or clock.now().strftime('%Y%m%d')}")
            path = folder / f"{selector}.pem"
            signing_keys.write(path, key)
            made.append((kind, path, SigningKey(selector, key)))
    except signing_keys.BadKey as problem:
        raise click.BadParameter(str(problem), param_hint="--name") from None
    except OSError as problem:
        raise click.ClickException(f"{problem.filename}: {problem.strerror}") from None
    click.echo("Publish in DNS, and wait until the world sees it (the TTL of the zone):\n")
    for _kind, _path, signing_key in made:
        click.echo(_zone_lines(signing_key))
    click.echo("\nThen set, start anew, and ask `flask doctor`:\n")
    for kind, path, signing_key in made:
        click.echo(f"DKIM_SELECTOR_{kind}={signing_key.selector}\nDKIM_KEY_{kind}={path}")


@signing.command("records")  # type: ignore[untyped-decorator]  # click through Flask's group
def records() -> None:
    """Print the DNS records of the keys in use."""
    keys = settings.current().signing_keys
    if not keys:
        raise click.ClickException("no key is set (DKIM_KEY_RSA): the relay signs, or nobody does")
    for key in keys:
        click.echo(_zone_lines(key))


def _zone_lines(key: SigningKey) -> str:
    """The record as a zone file has it: a TXT record is made of strings of at most 255 octets (RFC 1035, 3.3)."""
    strings = " ".join(f'"{part}"' for part in textwrap.wrap(dkim.record(key), 250, drop_whitespace=False))
    return f"{dkim.place(key, settings.current().mail_domain)}. IN TXT ( {strings} )"


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of lines.")
@click.option("--sender", "senders", multiple=True, help="IP address from which letters reach the world (repeatable).")
@click.option("--name-server", help="IP address of a DNS server to ask, and its port: 9.9.9.9 or 127.0.0.1#5353.")
@with_appcontext
def doctor(as_json: bool, senders: tuple[str, ...], name_server: str | None) -> None:
    """Look whether everything that letters depend on is as it must be. Status: 0 well, 1 warnings, 2 wrong."""
    told = settings.current()
    try:
        ours = [str(ipaddress.ip_address(sender)) for sender in senders]
        server, _hash, port = (name_server or "").partition("#")
        dns = names.asking(str(ipaddress.ip_address(server)), int(port or 53)) if server else names.Names()
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None
    relay = examination.relay_of(current_app.config, told)
    findings = []
    for one in examination.examine(Patient(told, relay, db.engine, dns, ours)):
        findings.append(one)
        if not as_json:
            click.echo(finding.line(one))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
    sys.exit(finding.status(findings))


@click.command("lmtp")
@pass_script_info
def lmtp(info: ScriptInfo) -> None:
    """Take mail in over LMTP at LMTP_HOST and LMTP_PORT, until SIGTERM: reports, complaints, letters to our roles."""
    try:
        way_in.run(info.load_app().app_context)
    except OSError as problem:
        raise click.ClickException(f"LMTP_PORT: we cannot listen there: {problem.strerror}") from None


def init_app(app: Flask) -> None:
    """Add our commands to ``flask``, and what its ``db`` needs. Servers and workers do without all this."""
    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS), compare_type=True, render_as_batch=True)
    for command in (staff, found, demo, prepare, signing, doctor, lmtp):
        app.cli.add_command(command)
