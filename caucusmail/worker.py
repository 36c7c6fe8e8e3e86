"""The job engine's entry: ``celery -A caucusmail.worker:engine worker``.

A bad setting ends the start with exit status 2 and its name.
"""

import sys

import config
from caucusmail import assembly
from caucusmail.settings import BadSetting

try:
    engine = assembly.without_pages(config.from_environment()).extensions["celery"]
except BadSetting as problem:
    sys.stderr.write(f"caucusmail cannot start: {problem}\n")
    sys.exit(2)
