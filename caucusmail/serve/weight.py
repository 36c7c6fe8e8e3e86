"""What a running `make run` weighs."""

import sys
from pathlib import Path

from caucusmail.serve.child import say


def memory(instance: Path) -> int:
    """Say what a running `make run` weighs: the proportional set size of the supervisor and all below it, in MB."""
    lock = instance / "run.lock"
    root = int(lock.read_text() or 0) if lock.exists() else 0
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    below, total = [root], 0
    for pid in below:
        below += parents.get(pid, [])
    if not root or not Path(f"/proc/{root}").exists():
        sys.stderr.write("nothing runs here\n")
        return 1
    for pid in below:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile, or waits to be looked after
            continue
        pss = int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:70]
        say(f"{pss / 1024:8.1f} MB  {words}")
        total += pss
    say(f"{total / 1024:8.1f} MB  in all")
    return 0
