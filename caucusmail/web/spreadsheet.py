"""Lines as a file for a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from flask import Response, make_response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def answer(rows: Iterable[list[str]], name: str) -> Response:
    """``rows`` as a file called ``name``, to be kept and not shown."""
    response = make_response(written(rows))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def written(rows: Iterable[list[str]]) -> str:
    """Comma-separated values (RFC 4180) that no spreadsheet takes for a formula, with a mark that they are UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return "\ufeff" + file.getvalue()
