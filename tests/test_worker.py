import os
import subprocess
import sys

from tests.journeys.processes import ROOT

LOOK = """
import sys
from caucusmail import worker
print(worker.engine.main, *(name for name in sys.modules if name.startswith(("caucusmail.web", "wtforms", "flask_login"))))
"""


def test_a_worker_reads_nothing_of_the_pages_into_memory(tmp_path):
    env = os.environ | {"CAUCUSMAIL_INSTANCE": str(tmp_path), "CAUCUSMAIL_DEMO": "1"}
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["caucusmail"]
