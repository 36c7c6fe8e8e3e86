"""The page that shows what a discreet letter held back."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from caucusmail.delivery import held
from caucusmail.web import guards, old_links

bp = Blueprint("held", __name__)
old_links.keep_to_oneself(bp)


@bp.get("/read/<token>")
@guards.token
def read(token: str) -> ResponseReturnValue:
    """By the link in a letter; it can be read as often as one likes."""
    found = held.by_token(token)
    return render_template("delivery/held.html", found=found)
