"""served(): a picture that came with a letter, as an answer: shown, never run, and kept nowhere."""

from collections.abc import Sequence

from flask import Response, make_response

from caucusmail.errors import NotFound
from caucusmail.mail.mime import Attachment


def served(pictures: Sequence[Attachment], number: int) -> Response:
    """The picture of this number, from 1.

    :raises NotFound: there is none.
    """
    if not 1 <= number <= len(pictures):
        raise NotFound
    one = pictures[number - 1]
    response = make_response(one.content)
    response.headers["Content-Type"] = one.media_type
    response.headers["Content-Disposition"] = f'inline; filename="{one.name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response
