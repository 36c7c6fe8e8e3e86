"""/healthz: whether web, disk, database, jobs, relay and the way in are at work, for the programs that watch over us."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from caucusmail import disk, settings
from caucusmail.audit import heartbeats
from caucusmail.web import guards

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@guards.anyone
def health() -> ResponseReturnValue:
    """200 if all is well, 503 if not; each part "ok" or a few words. Holds no secret and no name of a machine."""
    state = {"web": "ok", "disk": _disk() or "ok", "database": "ok"}
    try:
        state |= {name: heartbeats.trouble(name) or "ok" for name in _parts()}
    except SQLAlchemyError:
        state |= {"database": "cannot be read", "jobs": "unknown", "relay": "unknown"}
    well = all(words == "ok" for words in state.values())
    response = jsonify(state)
    response.status_code = 200 if well else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def _disk() -> str:
    told = settings.current()
    return "; ".join(one.trouble for one in disk.ours(told.instance, told.database_url) if one.trouble)


def _parts() -> list[str]:
    """Those that say for themselves that they are at work; the way in for mail only where it is switched on."""
    told = settings.current()
    comes_in = told.embedded or told.mail_comes_in or heartbeats.used(heartbeats.INCOMING)
    return ["jobs", "relay", *([heartbeats.INCOMING] if comes_in else [])]
