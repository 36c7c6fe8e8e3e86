"""Domain errors to pages and status codes; each kind of refusal has a written page, and none is a dead end."""

from flask import Flask, Response, g, make_response, redirect, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from caucusmail.directory.visibility import STRANGER
from caucusmail.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, TooMany
from caucusmail.languages import _
from caucusmail.web import notices, reader, refusals, typed

STATUS: dict[type[DomainError], int] = {TooMany: 429, NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}

SHORT = 200  # characters that the word on the next page may repeat: it travels in a cookie


def _may_look_up() -> None:
    """Make the head of the page ready when the database may be the very thing that is missing: show a stranger's."""
    g.setdefault("viewer", STRANGER)
    if "language_block" not in g:
        reader.enter()


def page(status: int, message: str = "", case: str = "", onward: tuple[str, str] | None = None) -> Response:
    """The written page for a refusal: ``message`` is what the verb said; ``case`` chooses among several of one status;
    ``onward`` is the address and the name of the page to go on from, where there is a better one than the start."""
    if status >= 500:
        _may_look_up()
    written = refusals.written(status, case)
    said = {"status": status, "message": message, "written": written, "onward": onward}
    body = render_template("errors/refused.html", **said, typed=[] if case == "csrf" else typed.now(status))
    return make_response(body, status)


def moved_on(problem: DomainError, onward: tuple[str, str], case: str = "") -> Response:
    """Somebody was there first, perhaps the same person with a second click: on to how things stand, with the word and with what was
    typed; where that is long, a page with it comes before."""
    texts = [text for _label, text in typed.now(409)]
    if sum(map(len, texts)) > SHORT:
        return page(409, str(problem), case, onward)
    said = [str(problem), *(_("You typed: “%(text)s”", text=text) for text in texts)]
    notices.tell(" ".join(said))
    return make_response(redirect(onward[0], 303))


def out_of_service() -> Response:
    """503: our own fault; nothing was kept, nothing was lost."""
    response = page(503)
    response.headers["Retry-After"] = "120"
    return response


def _domain(error: DomainError) -> Response:
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    return page(status, str(error))


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = page(error.code)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _csrf(_error: CSRFError) -> Response:
    return page(400, case="csrf")


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(500, lambda _error: page(500))
