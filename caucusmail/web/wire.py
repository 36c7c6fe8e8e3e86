"""How an answer travels: compressed for those who take gzip, validated so that an unchanged page costs a few bytes,
and static files kept for as long as their name holds.

Compression and secrets in one page are safe here: cookies are ``SameSite=Lax``, so that another site cannot have pages
with a person's own content fetched over and over (BREACH).
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

from caucusmail.web import reader
from caucusmail.web.assets import version

COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml")
WORTH_IT = 500  # bytes
FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=32)
def _kept(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


def _static(response: Response) -> None:
    found = response.status_code == 200 and request.method in ("GET", "HEAD")  # OPTIONS is 200 for any name
    if found and request.args.get("v") == version((request.view_args or {})["filename"]):
        response.headers["Cache-Control"] = FOR_EVER


def _compress(response: Response) -> None:
    compressible = (response.mimetype or "").startswith(COMPRESSIBLE)
    if not compressible or (response.is_streamed and not response.direct_passthrough):
        return
    response.vary.add("Accept-Encoding")
    if (
        response.status_code in (204, 206, 304)
        or "Content-Encoding" in response.headers
        or not request.accept_encodings["gzip"]
        or (response.content_length or WORTH_IT) < WORTH_IT
    ):
        return
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < WORTH_IT:
        return
    response.set_data(_kept(body) if request.endpoint == "static" else gzip.compress(body, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)


def _send(response: Response) -> Response:
    if request.endpoint == "static":
        _static(response)
    elif request.method == "GET" and response.status_code == 200 and not response.is_streamed:
        if reader.KEY not in request.environ:
            response.vary.add("Accept-Language")
        response.add_etag(weak=True)
        response.make_conditional(request)
    _compress(response)
    return response


def init_app(app: Flask) -> None:
    """Treat every answer on its way out. Registered first, so that it comes last."""
    app.after_request(_send)
