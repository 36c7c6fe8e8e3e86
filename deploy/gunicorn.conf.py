"""gunicorn's settings, for `make run` and for production (`gunicorn -c deploy/gunicorn.conf.py wsgi:app`)."""

import os


def _number(name, default):
    """What was told; a number that cannot be used is left to the application, which names it and ends the start."""
    told = os.environ.get(name) or ""
    return int(told) if told.isdecimal() and int(told) else default


worker_class = "gthread"
workers = _number("WEB_CONCURRENCY", 1)
threads = _number("WEB_THREADS", 8)
preload_app = True  # a bad setting ends the start at once, with status 2, instead of one worker after the other
graceful_timeout = 15  # seconds for requests that are under way
keepalive = 5
max_requests = 0
control_socket_disable = True  # nothing outside the instance
