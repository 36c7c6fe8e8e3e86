"""The WSGI entry: ``gunicorn wsgi:app``. The job engine's is ``caucusmail.worker``.

A bad setting ends the start with exit status 2 and its name.
"""

import os
import sys

import config
from caucusmail.app import create_app
from caucusmail.settings import BadSetting

try:
    app = create_app(config.from_environment())
except BadSetting as problem:
    sys.stderr.write(f"caucusmail cannot start: {problem}\n")
    sys.exit(2)

if os.environ.get("FLASK_RUN_FROM_CLI"):  # set by ``flask``; servers and workers carry neither commands nor migrations
    from caucusmail import cli

    cli.init_app(app)
