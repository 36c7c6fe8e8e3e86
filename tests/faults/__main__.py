"""``make faults``: one JSON line for each fault and database; the exit status is 1 if one was not stood.

``ONLY=S-F1,S-F10``: these alone ("S-F1 at random": one of several forms); ``N=``: recipients (2,000); ``KILLS=``: of S-F1 at
random (20); ``ON=sqlite``: one database alone. What a fault needs and does not find is named in its line (``left_out``).
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from tests.faults import elsewhere
from tests.faults.matrix import DATABASES, FAULTS
from tests.faults.stores import LeftOut

N = 2000
Line = tuple[dict[str, str], Callable[[], dict[str, Any]]]
"""What a line begins with, and what is found out for the rest of it."""


def chosen(only: str) -> list[str]:
    """The names in ``only``, or all of them.

    :raises SystemExit: one of them is the name of nothing.
    """
    names = [*FAULTS, *(one.name for one in elsewhere.TESTS)]
    asked = [word.strip() for word in only.split(",") if word.strip()]
    unknown = [word for word in asked if not any(_is(word, name) for name in names)]
    if unknown:
        sys.exit(f"no such fault: {', '.join(unknown)}; there are: {', '.join(names)}")
    return [name for name in names if not asked or any(_is(word, name) for word in asked)]


def _is(word: str, name: str) -> bool:
    return word in (name, name.partition(" ")[0])


def lines(names: list[str], environ: Mapping[str, str]) -> Iterator[Line]:
    """What is to be found out."""
    count = int(environ.get("N") or N)
    for database in environ.get("ON", " ".join(DATABASES)).replace(",", " ").split():
        for name in names:
            if name in FAULTS:
                yield {"fault": name, "database": database}, partial(FAULTS[name].tried, database, count)
    for test in elsewhere.TESTS:
        if test.name in names:
            yield {"fault": test.name, "tests": " ".join(test.words)}, test.tried


def told(line: Line) -> bool:
    """Print one line; False: it was not stood."""
    head, find_out = line
    began = time.monotonic()
    try:
        found = find_out()
    except LeftOut as why:
        found = {"left_out": str(why)}
    except Exception as problem:  # whatever it is, the other faults are tried
        traceback.print_exc()
        found = {"pass": False, "broken": f"{type(problem).__name__}: {problem}"}
    seconds = round(time.monotonic() - began)
    print(json.dumps(head | found | {"seconds": seconds}, ensure_ascii=False), flush=True)
    return bool(found.get("pass", True))


def main() -> int:
    """0: all was stood."""
    results = [told(line) for line in lines(chosen(os.environ.get("ONLY", "")), os.environ)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
