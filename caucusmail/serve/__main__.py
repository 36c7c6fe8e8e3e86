"""``python -m caucusmail.serve``: run everything; ``--memory``: what a running one weighs."""

import os
import sys

from caucusmail.serve import run

sys.exit(run.main(os.environ, sys.argv[1:]))
