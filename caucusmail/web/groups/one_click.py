"""RFC 8058: the one-click way out that a mail program offers, and the same for a person who follows its link.

POST needs no cookie, no session, no CSRF token and no Referer, answers 200 without a redirect, sets no cookie and may be
repeated. GET shows a button, since mail scanners follow links; where several brought the copy, a button for each.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from caucusmail import tokens
from caucusmail.accounts import revoking
from caucusmail.announcements.editions import Edition
from caucusmail.delivery.models import Delivery
from caucusmail.groups import copies, deputies, letters, membership, queries, undo
from caucusmail.tokens import BadToken, Purpose
from caucusmail.web import asked, guards, old_links, reader
from caucusmail.web.groups import door

bp = Blueprint("one_click", __name__)
old_links.keep_to_oneself(bp)


@bp.get("/leave/<token>")
@bp.post("/leave/<token>")
@guards.token
def leave(token: str) -> ResponseReturnValue:
    """Leave exactly what brought this copy, or one of it, and nothing else. This one view is exempt from CSRF, by name."""
    copy = _copy(token)
    with reader.suggested(Edition.of(copy.language).frame):
        return _leave(copy) if request.method == "POST" else _ask(copy)


def _ask(copy: Delivery) -> ResponseReturnValue:
    person = copies.reader(copy)
    going, staying = copies.brought_by(copy, person) if person else ([], [])
    return render_template(
        "groups/one_click.html",
        going=going,
        staying=staying,
        stands_in=deputies.by_copy(copy, person) if person else [],
        door=door.of_letter(copy, person) if person else None,
    )


def _leave(copy: Delivery) -> ResponseReturnValue:
    person = copies.reader(copy)
    only = _only()
    stood_in = deputies.by_copy(copy, person) if person and only is None else []
    step = membership.leave_by_copy(copy, only)
    if step is None and only is not None:  # pressed twice, perhaps: what is left of it is shown again
        return _ask(copy)
    return render_template(
        "groups/one_click_done.html",
        door=door.of_letter(copy, person) if person else None,
        back=undo.token(step) if step else "",
        left=letters.left_by(step) if step else [],
        stood_in=stood_in,
        staying=[place.caucus.names for place in queries.places(person)] if person else [],
    )


def _only() -> set[int] | None:
    """The groups that a person chose on our page; None where nobody chose, as in what a mail program posts (RFC 8058, 3.1)."""
    if "only" not in request.form:
        return None
    return asked.posted_numbers("only")


def _copy(token: str) -> Delivery:
    """The copy that the token came with.

    :raises BadToken: forged, of another purpose, or the copy is no longer on record.
    """
    (delivery_id,) = tokens.read(Purpose.ONE_CLICK, token, 1)
    copy = copies.copy(delivery_id)
    if copy is None:
        raise BadToken
    revoking.refuse_old(copies.reader(copy), token)
    return copy
