"""The page that shows what a discreet letter held back."""

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from caucusmail.delivery import held
from caucusmail.meetings import paper_words
from caucusmail.web import guards, old_links, pictures, reader

bp = Blueprint("held", __name__)
old_links.keep_to_oneself(bp)


@bp.get("/read/<token>")
@guards.token
def read(token: str) -> ResponseReturnValue:
    """By the link in a letter; it can be read as often as one likes."""
    found = held.by_token(token, reader.viewer().id)
    return render_template("delivery/held.html", found=found, token=token, size=paper_words.size)


@bp.get("/read/<token>/<int:number>")
@guards.token
def picture(token: str, number: int) -> ResponseReturnValue:
    """A picture that came with it."""
    return pictures.served(held.by_token(token, reader.viewer().id).pictures, number)


@bp.errorhandler(held.SignInFirst)
def sign_in_first(_error: held.SignInFirst) -> Response:
    """Its reader has made old links invalid, or has another address: who reads the old mailbox now is told no more."""
    token = (request.view_args or {})["token"]
    return make_response(render_template("delivery/held_before.html", token=token), 403)
