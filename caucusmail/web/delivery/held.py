"""The page that shows what a discreet letter held back."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from caucusmail.delivery import held
from caucusmail.meetings import paper_words
from caucusmail.web import guards, old_links, pictures

bp = Blueprint("held", __name__)
old_links.keep_to_oneself(bp)


@bp.get("/read/<token>")
@guards.token
def read(token: str) -> ResponseReturnValue:
    """By the link in a letter; it can be read as often as one likes."""
    found = held.by_token(token)
    return render_template("delivery/held.html", found=found, token=token, size=paper_words.size)


@bp.get("/read/<token>/<int:number>")
@guards.token
def picture(token: str, number: int) -> ResponseReturnValue:
    """A picture that came with it."""
    return pictures.served(held.by_token(token).pictures, number)
