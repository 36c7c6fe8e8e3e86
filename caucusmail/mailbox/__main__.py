"""``python -m caucusmail.mailbox``: the embedded mailbox as a process."""

import sys

import config
from caucusmail import settings
from caucusmail.mailbox import server

try:
    settings.use(settings.check(config.from_environment()))
except settings.BadSetting as problem:
    sys.stderr.write(f"caucusmail cannot start: {problem}\n")
    sys.exit(2)
try:
    server.run()
except OSError as problem:
    sys.stderr.write(f"caucusmail cannot start: MAIL_PORT: {problem.strerror}\n")
    sys.exit(2)
