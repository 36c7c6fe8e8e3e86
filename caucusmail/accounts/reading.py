"""Which of several languages a person reads first, as SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Integer

from caucusmail.accounts.models import Person
from caucusmail.delivery import discreet


class position(FunctionElement[int]):  # noqa: N801 - named as the SQL function is
    """Where a text begins in another, from 1; 0: nowhere."""

    type = Integer()
    inherit_cache = True


@compiles(position, "sqlite")
def _position_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"instr({compiler.process(element.clauses, **kw)})"


@compiles(position, "postgresql")
def _position_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **kw)})"


def reads(language: str) -> ColumnElement[int]:
    """Where ``language`` stands in a person's order of preference (0: nowhere), as a place in the kept JSON list."""
    return position(cast(Person.languages, String), literal(f'"{language}"'))


def first_of(offered: Sequence[str], last_resort: str) -> ColumnElement[str]:
    """The first of a person's languages that is ``offered``, else the last resort."""
    places = {language: reads(language) for language in offered}
    choices = []
    for language, place in places.items():
        others = (or_(other == 0, place < other) for name, other in places.items() if name != language)
        choices.append((and_(place > 0, *others), literal(language)))
    return case(*choices, else_=literal(last_resort)) if choices else literal(last_resort)


def discreetly(key: ColumnElement[str]) -> ColumnElement[str]:
    """``key``, the language of a version, as the ledger calls the one that the person wants (``delivery.discreet``)."""
    return case((Person.discreet, key.concat(discreet.MARK)), else_=key)
