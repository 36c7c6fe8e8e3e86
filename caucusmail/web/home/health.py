"""/healthz: whether web, database, jobs and relay are at work, for the programs that watch over us."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from caucusmail.audit import heartbeats
from caucusmail.web import guards

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@guards.anyone
def health() -> ResponseReturnValue:
    """200 if all is well, 503 if not; each part "ok" or a few words. Holds no secret and no name of a machine."""
    state = {"web": "ok", "database": "ok"}
    try:
        state |= {name: heartbeats.trouble(name) or "ok" for name in ("jobs", "relay")}
    except SQLAlchemyError:
        state |= {"database": "cannot be read", "jobs": "unknown", "relay": "unknown"}
    well = all(words == "ok" for words in state.values())
    response = jsonify(state)
    response.status_code = 200 if well else 503
    response.headers["Cache-Control"] = "no-store"
    return response
