"""/mailbox: every letter the embedded set-up sent, to read and to click through. Public, so it exists nowhere else."""

import re
from collections.abc import Iterator

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from caucusmail.mailbox import reading, store
from caucusmail.mailbox.store import Kept
from caucusmail.web import asked, guards, headers

bp = Blueprint("mailbox", __name__)

PAGE = 50  # letters
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
SANDBOX = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'"
)


def linked(words: str) -> Markup:
    """Plain text with its web addresses made links."""
    pieces, end = [], 0
    for found in LINK.finditer(words):
        pieces.append(escape(words[end : found.start()]))
        pieces.append(Markup('<a href="{0}">{0}</a>').format(found.group()))
        end = found.end()
    return Markup("").join([*pieces, escape(words[end:])])


def _letter(number: int) -> Kept:
    return store.letter(number) or abort(404)


@bp.get("/mailbox")
@guards.anyone
def page() -> ResponseReturnValue:
    """The newest letters, found by address or subject."""
    wanted = request.args.get("q", "").strip()[:200]
    before = asked.number("before")
    lines = store.lines(wanted, before, PAGE + 1)
    return render_template(
        "mailbox/page.html", lines=lines[:PAGE], more=len(lines) > PAGE, wanted=wanted, count=store.count()
    )


@bp.get("/mailbox/<int:number>")
@guards.anyone
def letter(number: int) -> ResponseReturnValue:
    """One letter: its plain text, its HTML in a box that can do nothing, its parts and headers."""
    kept = _letter(number)
    message = kept.message
    response = make_response(
        render_template(
            "mailbox/letter.html",
            kept=kept,
            text=linked(reading.first(message, "text/plain")),
            html=bool(reading.first(message, "text/html")),
            calendar=reading.first(message, "text/calendar"),
            parts=reading.parts(message),
            headers=reading.headers(message),
        )
    )
    response.headers["Content-Security-Policy"] = headers.POLICY + "; frame-src 'self'"
    return response


@bp.get("/mailbox/<int:number>/html")
@guards.anyone
def html(number: int) -> ResponseReturnValue:
    """The HTML part alone, sandboxed: no script, no remote image, no form; links open outside the box."""
    words = reading.first(_letter(number).message, "text/html") or abort(404)
    response = make_response('<!doctype html><base target="_top">' + words)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@bp.get("/mailbox/<int:number>/source")
@guards.anyone
def source(number: int) -> ResponseReturnValue:
    """The bytes as they came."""
    return Response(_letter(number).raw.decode("utf-8", "backslashreplace"), mimetype="text/plain")


@bp.get("/mailbox/<int:number>/parts/<int:part>")
@guards.anyone
def part(number: int, part: int) -> ResponseReturnValue:
    """One part as a file to keep; never shown by the browser itself."""
    leaves = reading.leaves(_letter(number).message)
    if part >= len(leaves):
        abort(404)
    response = Response(reading.payload(leaves[part]), mimetype="application/octet-stream")
    name = str(leaves[part].get_filename() or f"part-{part}.{leaves[part].get_content_subtype()}")
    response.headers.set("Content-Disposition", "attachment", filename=re.sub(r"[^\w.-]", "_", name)[:100])
    return response


@bp.get("/mailbox.mbox")
@guards.anyone
def mbox() -> ResponseReturnValue:
    """Every letter as one file that mail programs open."""

    def lines() -> Iterator[bytes]:
        for kept in store.everything():
            yield store.as_mbox(kept)

    response = Response(lines(), mimetype="application/mbox")
    response.headers.set("Content-Disposition", "attachment", filename="mailbox.mbox")
    return response
