"""By what the organisations that are in can be recognised: rows kept beside ``ngos``, found through an index.

What an application resembles is asked for by its own signs; no organisation that shares none is looked at. Whoever
writes an organisation's names, acronym, domain or website calls ``write`` afterwards.
"""

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Select, String, bindparam, cast, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from caucusmail.database import Model, db
from caucusmail.directory.lookalikes import name_key
from caucusmail.directory.models import Ngo
from caucusmail.directory.resemblance import LONGEST, Marks, Trace, signs, site_domain


class Sign(Model):
    """One sign of one organisation (``resemblance.signs``): two that share none do not look alike."""

    __tablename__ = "ngo_signs"
    __table_args__ = (Index("ix_ngo_signs_value", "value", "trace", "ngo_id"), {"sqlite_with_rowid": False})
    ngo_id: Mapped[int] = mapped_column(ForeignKey("ngos.id", ondelete="CASCADE"), primary_key=True)
    trace: Mapped[Trace] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)


def _marks(ngos: Select[Any]) -> list[Marks]:
    """What is recognised of the organisations whose ids ``ngos`` selects."""
    columns = (Ngo.id, Ngo.name_key, Ngo.latin_name, Ngo.other_name, Ngo.acronym, Ngo.domain, Ngo.website)
    return [
        Marks(
            ngo_id,
            frozenset({key, *(name_key(name) for name in (latin, other))} - {""}),
            acronym.upper(),
            frozenset({domain, site_domain(website)} - {""}),
        )
        for ngo_id, key, latin, other, acronym, domain, website in db.session.execute(
            select(*columns).where(Ngo.id.in_(ngos))
        ).tuples()
    ]


def write(ngo_ids: Collection[int]) -> None:
    """Keep the signs of these organisations as their names and domains stand in the tables now."""
    db.session.execute(delete(Sign).where(Sign.ngo_id.in_(ngo_ids)))
    found = [
        {"ngo_id": one.key, "trace": trace, "value": value}
        for one in _marks(select(Ngo.id).where(Ngo.id.in_(ngo_ids)))
        for trace, value in sorted(set(signs(one)))
    ]
    if found:
        db.session.execute(insert(Sign), found)


def sharing(asked: Iterable[Marks], traces: Iterable[Trace] = Trace) -> list[Marks]:
    """The organisations that share a sign of one of these ``traces`` with one of ``asked``: all that can resemble one,
    and some whose domains are two letters away. One statement."""
    kinds = frozenset(traces)
    values = {value for one in asked for trace, value in signs(one) if trace in kinds}
    shared = select(Sign.ngo_id).where(Sign.value.in_(_listed(values)), Sign.trace.in_(kinds))
    return _marks(shared)


def _listed(values: Iterable[str]) -> Select[Any]:
    """``values`` as rows: one parameter, however many there are (SQLite takes 32,766, PostgreSQL 65,535)."""
    told = json.dumps(sorted(values), ensure_ascii=False)
    if db.engine.dialect.name == "postgresql":
        return select(func.json_array_elements_text(cast(bindparam(None, told, String), JSON)))
    return select(func.json_each(bindparam(None, told, String)).table_valued("value").c.value)
