"""``make test``: the unit suite on PostgreSQL where there is one, then everything on SQLite; the last word is pytest's.

``CAUCUSMAIL_REQUIRE_SERVICES=1`` (continuous integration) makes whatever is missing a failure instead of a gap that is named.
"""

import os
import subprocess
import sys

import sqlalchemy

from tests import services

UNIT = "not journey and not browser and not services"
NOTHING_COLLECTED = 5


def postgresql() -> bool:
    """Whether the PostgreSQL server lets us in."""
    engine = sqlalchemy.create_engine(services.POSTGRESQL, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except sqlalchemy.exc.OperationalError:
        return False
    return True


def pytest(arguments: list[str], **more: str) -> int:
    command = [sys.executable, "-m", "pytest", "-n", os.environ.get("CAUCUSMAIL_TEST_WORKERS", "2"), *arguments]
    return subprocess.run(command, env=os.environ | more, check=False).returncode


def main(arguments: list[str]) -> int:
    left_out = ""
    if os.environ.get("CAUCUSMAIL_TEST_DATABASE"):
        return pytest(arguments)
    if postgresql():
        print("The unit suite on PostgreSQL:", flush=True)
        status = pytest(["-m", UNIT, *arguments], CAUCUSMAIL_TEST_DATABASE=services.POSTGRESQL)
        if status not in (0, NOTHING_COLLECTED):
            return status
        print("Everything, on SQLite:", flush=True)
    elif os.environ.get("CAUCUSMAIL_REQUIRE_SERVICES"):
        print("There is no PostgreSQL, and CAUCUSMAIL_REQUIRE_SERVICES is set.", file=sys.stderr)
        return 1
    else:
        left_out = "the unit suite on PostgreSQL (no server at postgresql:///postgres, set CAUCUSMAIL_TEST_POSTGRESQL)"
    return pytest(["-m", "", *arguments], CAUCUSMAIL_LEFT_OUT=left_out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
