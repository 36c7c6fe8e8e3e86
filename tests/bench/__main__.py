"""``make bench``: figures of the product, each one JSON line; ``docs/measurements.md`` keeps them.

``ONLY=name,name``: these measures alone (``million_…`` only so, and not otherwise); ``N=``: so many letters, instead of each measure's own number; ``RUNS=``: of
which the median is told (3); ``WORKERS=1,2`` and ``LINES=4,16``: with so many worker processes, and lines of each. What a
measure needs and does not find is named in its line (``left_out``); ``MAILMAN=`` names an installation to compare with. The
last line says what each measure took.
"""

import os
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import partial

from tests.bench import (
    change_letter,
    clashes,
    docs_loop,
    engine,
    enumeration,
    feeds,
    first_letter,
    ledger_bytes,
    mailman,
    members_page,
    memory,
    million,
    postfix,
    product,
    protect_now,
    reading,
    scale_out,
    signed,
    signing,
    slow_relay,
    telling,
)
from tests.bench.figures import Asked, Measure, tell
from tests.conftest import CORPORA
from tests.faults.stores import LeftOut

MEASURES: Mapping[str, Measure] = {
    "relay_limit": postfix.measure,
    "engine_sqlite": partial(engine.measure, "sqlite"),
    "engine_postgresql": partial(engine.measure, "postgresql"),
    "docs_loop": docs_loop.measure,
    "dkim": signed.measure,
    "slow_relay": slow_relay.measure,
    "scale_out": scale_out.measure,
    "worker_memory": memory.measure,
    "first_letter": first_letter.measure,
    "ledger_bytes": ledger_bytes.measure,
    "mailman": mailman.measure,
    "signing": lambda tell, _asked: signing.measure(tell),
    "telling": lambda tell, _asked: telling.measure(tell),
    "bounces": lambda tell, _asked: reading.measure(tell, CORPORA),
    "members_page": members_page.measure,
    "clashes": clashes.measure,
    "change_letter": change_letter.measure,
    "feeds": feeds.measure,
    "enumeration": enumeration.measure,
    "protect_now_sqlite": protect_now.sqlite,
    "protect_now_postgresql": protect_now.postgresql,
    "clone": product.clone,
    "demo": product.measure,
    "million_postgresql": partial(million.measure, "postgresql"),
    "million_sqlite": partial(million.measure, "sqlite"),
}
"""By the names that ``ONLY`` takes."""

NAMED_ONLY = ("million_postgresql", "million_sqlite")
"""Too long for every day."""


def chosen(only: str) -> list[str]:
    """The names in ``only``, or all but ``NAMED_ONLY``.

    :raises SystemExit: one of them is the name of nothing.
    """
    names = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        sys.exit(f"no such measure: {', '.join(unknown)}; there are: {', '.join(MEASURES)}")
    return names or [name for name in MEASURES if name not in NAMED_ONLY]


def said(environ: Mapping[str, str]) -> Asked:
    """What is asked of every measure."""

    def numbers(name: str, usual: Sequence[int]) -> Sequence[int]:
        return tuple(int(one) for one in environ.get(name, "").split(",") if one) or usual

    usual = Asked()
    return Asked(
        letters=numbers("N", (0,))[0] or None,
        runs=numbers("RUNS", (usual.runs,))[0],
        workers=numbers("WORKERS", usual.workers),
        lines=numbers("LINES", usual.lines),
    )


def main() -> int:
    """0: all that was measured is told; 1: something broke on the way."""
    asked = said(os.environ)
    broken, took = False, {}
    for name in chosen(os.environ.get("ONLY", "")):
        began = time.monotonic()
        try:
            MEASURES[name](tell, asked)
        except LeftOut as why:
            tell(name, left_out=str(why))
        except Exception as problem:  # whatever it is, the other measures are told
            traceback.print_exc()
            tell(name, broken=f"{type(problem).__name__}: {problem}")
            broken = True
        took[name] = round(time.monotonic() - began)
    tell("took", unit="s", each=took, in_all=sum(took.values()))
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
