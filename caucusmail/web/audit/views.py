"""The journal: who did what, when, to whom or what."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail.directory import journal
from caucusmail.directory.journal import Asked, Line
from caucusmail.web import asked, guards, reader
from caucusmail.web.audit import wording
from caucusmail.web.forms import trimmed

bp = Blueprint("journal", __name__)


def _words(name: str) -> str:
    return (trimmed(request.args.get(name, "")) or "")[:100]


def _wanted() -> Asked:
    kind, of = _words("of"), asked.number("id")
    return Asked(
        verbs=wording.verbs(_words("kind")),
        who=_words("who"),
        about=_words("about"),
        by_id=asked.number("by"),
        subject=(kind, of) if kind and of else None,
        before=asked.number("before"),
        after=asked.number("after"),
    )


def _narrowed() -> dict[str, Any]:
    """What the address asks for, but for the place in the list."""
    return {name: _words(name) for name in ("kind", "who", "about", "by", "of", "id") if _words(name)}


def address(line: Line) -> str:
    """The page of what a line is about; "" if it has none."""
    if line.kind == "applications":
        return url_for("staff.application", application_id=line.subject_id)
    if line.kind == "announcements" and line.slug:
        return url_for("compose.progress", announcement_id=line.subject_id)
    if line.kind == "email_groups" and line.slug:
        return url_for("email_groups.groups", slug=line.slug)
    if line.kind == "people" and line.person_id:
        return url_for("staff.person", person_id=line.person_id)
    if line.kind == "ngos" and line.ngo_id:
        return url_for("organisation.people", ngo_id=line.ngo_id)
    return url_for("staff.caucus", slug=line.slug) if line.kind == "caucuses" and line.slug else ""


@bp.get("/staff/journal")
@guards.secretariat
def journal_page() -> ResponseReturnValue:
    """One page of it, as narrow as the address asks."""
    wanted = _wanted()
    return render_template(
        "audit/journal.html",
        page=journal.read(reader.viewer(), wanted),
        wanted=wanted,
        narrowed=_narrowed(),
        wording=wording,
        address=address,
    )
