"""Who may open a page. Every route bears exactly one guard; a house test counts.

A guard answers 404 (not 403) where even the existence of the thing is nobody's business.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, redirect, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.exceptions import NotFound as HTTPNotFound

from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotAllowed, NotFound
from caucusmail.web import proving, reader, sessions

View = TypeVar("View", bound=Callable[..., Any])


def _to_sign_in(why: str | None = None) -> Any:
    return redirect(url_for("accounts.sign_in", next=_way_back() or None, why=why), 303)


def _to_second_step() -> Any:
    return redirect(url_for("factors.second_step", next=_way_back() or None), 303)


def _to_proof() -> Any:
    """To the page that asks for it; the form that was sent is kept until then."""
    if request.method not in ("GET", "HEAD"):
        proving.stop(_way_back())
    return _to_sign_in(why="proof")


def _refused() -> Any:
    """Not theirs; or theirs as soon as the second factor is proved, which a coordinator who meets this page wants to know."""
    if reader.held_back():
        return _to_second_step()
    raise Forbidden


def _way_back() -> str:
    """The page that was asked for; after a form, the page it stood on: its own, or the nearest above that can be opened."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    adapter, path = current_app.create_url_adapter(request), request.path
    while path and adapter is not None and not adapter.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path


def _stopped(allowed: Callable[[Viewer], bool], *, fresh: bool) -> Any:
    """What is answered instead of the view; None: they may go on."""
    if reader.viewer().person is None:
        return _to_sign_in(why=None if request.method in ("GET", "HEAD") else "again")
    if not allowed(reader.viewer()):
        return _refused()
    return _to_proof() if fresh and not sessions.proved() else None


def _done(*, fresh: bool) -> None:
    """After a form: note the use of the device; what waited for a proof was done, or given up."""
    if request.method not in ("GET", "HEAD"):
        sessions.note_use()
        if fresh:
            proving.done()


def _guard(name: str, allowed: Callable[[Viewer], bool] | None, *, fresh: bool = False) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if allowed is not None:
                instead = _stopped(allowed, fresh=fresh)
                if instead is not None:
                    return instead
            try:
                answer = view(*args, **kwargs)
            except (Forbidden, HTTPNotFound, NotAllowed, NotFound):
                if request.method in ("GET", "HEAD") and reader.held_back():
                    return _to_second_step()
                raise
            if allowed is not None:
                _done(fresh=fresh)
            return answer

        guarded.guard = name  # type: ignore[attr-defined]  # read by the house test
        guarded.fresh = fresh  # type: ignore[attr-defined]  # likewise
        return guarded  # type: ignore[return-value]  # same signature as the view

    return decorate


def own(view: View) -> View:
    """A person's own page: the settings token in the address is the right (the view reads it); without one, sign in."""
    by_token, by_sign_in = token(view), signed_in(view)

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return by_token(*args, **kwargs) if kwargs.get("token") else by_sign_in(*args, **kwargs)

    guarded.guard = "own"  # type: ignore[attr-defined]  # read by the house test
    return guarded  # type: ignore[return-value]  # same signature as the view


anyone = _guard("anyone", None)
"""A public page."""

token = _guard("token", None)
"""The token in the address is the right; the view must read it first."""

signed_in = _guard("signed-in", lambda _viewer: True)
"""Any person who has signed in."""

proved = _guard("proved", lambda _viewer: True, fresh=True)
"""Any person who has signed in within the last minutes: for what must not be done at a desk that was left open."""

secretariat = _guard("secretariat", lambda viewer: viewer.secretariat)
"""The secretariat."""

secretariat_proved = _guard("secretariat", lambda viewer: viewer.secretariat, fresh=True)
"""The secretariat, signed in within the last minutes: for what lets somebody else reach people."""

keeper = _guard("keeper", lambda viewer: viewer.secretariat or bool(viewer.keeps))
"""A coordinator of any caucus, or the secretariat; the view checks which caucus by ``viewer.keeps_caucus``."""

keeper_proved = _guard("keeper", lambda viewer: viewer.secretariat or bool(viewer.keeps), fresh=True)
"""The same, signed in within the last minutes: for what takes people's names along."""

ngo_admin = _guard("ngo-admin", lambda viewer: viewer.secretariat or bool(viewer.administers))
"""An administrator of an organisation; the view checks which."""

ngo_admin_proved = _guard("ngo-admin", lambda viewer: viewer.secretariat or bool(viewer.administers), fresh=True)
"""The same, signed in within the last minutes: for who may administer."""
