"""Security headers on every answer."""

from flask import Flask, Response, current_app, request

from caucusmail import settings

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def _add(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "interest-cohort=(), geolocation=(), camera=(), microphone=()"
    if settings.current().secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static":
        personal = "Set-Cookie" in headers or request.method != "GET" or _by_token()
        headers.setdefault("Cache-Control", "no-store" if personal else "private, no-cache")
    return response


def _by_token() -> bool:
    """Whether the address itself is the right to the page: no copy of it may stay on a shared machine."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "guard", "") in ("token", "own")


def init_app(app: Flask) -> None:
    """Put the headers on every answer."""
    app.after_request(_add)
