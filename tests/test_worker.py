import os
import subprocess
import sys

from tests.journeys.processes import ROOT

PAGES = ("caucusmail.web", "wtforms", "flask_login", "nh3", "markdown_it")  # and what only authors need
LOOK = f"""
import sys
from caucusmail import worker
print(worker.engine.main, *(name for name in sys.modules if name.startswith({PAGES!r})))
"""


def test_a_worker_reads_nothing_of_the_pages_into_memory(tmp_path):
    env = os.environ | {"CAUCUSMAIL_INSTANCE": str(tmp_path), "CAUCUSMAIL_DEMO": "1"}
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["caucusmail"]
