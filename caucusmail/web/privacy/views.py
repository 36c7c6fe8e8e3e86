"""What the house knows of who asks, to read, and to take away as a file by a link that gives it once."""

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail import clock, zones
from caucusmail.accounts.models import Person
from caucusmail.errors import NotAllowed
from caucusmail.privacy import everything, takeout
from caucusmail.privacy.everything import Known
from caucusmail.web import guards, old_links, reader
from caucusmail.web.privacy import reading

public = Blueprint("how_long", __name__)
bp = Blueprint("privacy", __name__)
old_links.keep_to_oneself(bp)

FIRST, PER_PAGE = 3, 25  # entries of each kind on the first page, and of one kind on a page of its own


def me() -> Person:
    """Whose data it is."""
    person = reader.viewer().person
    if person is None:
        raise NotAllowed
    return person


@bp.get("/account/data")
@guards.proved
def page() -> ResponseReturnValue:
    """All of it: of each kind the newest, and each kind by itself."""
    sections = reading.sections(everything.of(me()), me().zone)
    for section in sections:
        if section.key == request.args.get("of"):
            return _one_kind(section)
    return render_template("privacy/data.html", sections=sections, first=FIRST)


def _one_kind(section: reading.Section) -> str:
    pages = max(1, -(-len(section.entries) // PER_PAGE))
    number = min(max(request.args.get("page", 1, int), 1), pages)
    entries = section.entries[(number - 1) * PER_PAGE : number * PER_PAGE]
    return render_template("privacy/kind.html", section=section, entries=entries, number=number, pages=pages)


@bp.post("/account/data/file")
@guards.proved
def ask() -> ResponseReturnValue:
    """Make the link that will give the file."""
    return redirect(url_for("privacy.link", step=takeout.ask(me())), 303)


@bp.get("/account/data/file/<step>")
@guards.proved
def link(step: str) -> ResponseReturnValue:
    """The button that gives the file: whatever follows links by itself does not use it up."""
    takeout.waiting(me(), step)
    minutes = int(takeout.GOOD_FOR.total_seconds() // 60)
    return render_template("privacy/link.html", step=step, minutes=minutes)


@bp.post("/account/data/file/<step>")
@guards.proved
def take(step: str) -> ResponseReturnValue:
    """The file, made now and kept nowhere; the link has then done its work."""
    person = me()
    takeout.take(person, step)
    answer = Response(_packed(everything.of(person), person), mimetype="application/zip")
    day = zones.day(clock.now(), person.zone).isoformat()
    answer.headers["Content-Disposition"] = f'attachment; filename="caucusmail-data-{day}.zip"'
    return answer


def _packed(known: Known, person: Person) -> bytes:
    sections, made = reading.sections(known, person.zone), zones.spoken(clock.now(), person.zone)
    page = render_template("privacy/file.html", sections=sections, person=person, made=made)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("my-data.json", json.dumps(known, ensure_ascii=False, indent=1))
        archive.writestr("my-data.html", page)
    return packed.getvalue()
