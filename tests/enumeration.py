"""Addresses that somebody is reached at, and ones that nobody is; and every form that takes one from a stranger."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from caucusmail import clock, tokens
from caucusmail.accounts import hashing
from caucusmail.accounts.models import Credential, CredentialKind, Person
from caucusmail.database import transaction
from caucusmail.groups import pauses
from caucusmail.privacy import protecting
from caucusmail.privacy.protection_models import How
from caucusmail.tokens import Purpose
from tests import make
from tests.web.joining import ACHIENG, Walk, to_check

Press = Callable[[], TestResponse]
"""The last button of a form; all pages before it are filled in."""


def address(kind: str, number: int = 0) -> str:
    """Of the same length for all: the page shows what was typed."""
    return f"{kind[:2]}{number:04}@ngo.example"


def _person(kind: str, number: int) -> Person:
    return make.person(name="Ilse", address=address(kind, number))


@cache
def _hash() -> str:
    return hashing.hashed("correct horse battery")


def _password(person: Person) -> None:
    make.keep(Credential(person_id=person.id, kind=CredentialKind.PASSWORD, secret=_hash(), made_at=clock.now()))


def _paused(person: Person) -> None:
    caucus = make.caucus()
    make.member(caucus, person, make.group(caucus))
    today = clock.now().date()
    with transaction():
        pauses.pause(person, None, today, today + timedelta(days=30), by=person)


def _protected(person: Person) -> None:
    with transaction():
        protecting.protect(person, by=person, how=How.SELF)


KINDS: Mapping[str, tuple[int, Callable[[Person], None]]] = {
    "nobody": (0, lambda _person: None),
    "control": (0, lambda _person: None),  # nobody either: what two samples of the same look like
    "known": (1, lambda _person: None),
    "with a password": (1, _password),
    "paused": (1, _paused),
    "protected": (1, _protected),
    "shared": (2, _password),
}
"""How many people are reached there, and what is theirs."""


def settle(kind: str, number: int = 0) -> str:
    """Put the people of one address into the world; the address."""
    many, then = KINDS[kind]
    for _ in range(many):
        then(_person(kind, number))
    return address(kind, number)


def _made(**more: Any) -> dict[str, Any]:
    """A form for strangers that was open for a minute."""
    made = tokens.sign(Purpose.FORM_TIME, int((clock.now().timestamp() - 60) * 1000))
    return {"made": made, "nickname": "", **more}


def _post(client: FlaskClient, path: str, **data: Any) -> Press:
    return lambda: client.post(path, data=data, follow_redirects=True)


@cache
def _filled(app: Flask) -> MultiDict[str, str]:
    """The fields of the last page of the sign-up, a minute ago."""
    with time_machine.travel(clock.now() - timedelta(minutes=1), tick=False):
        return to_check(Walk(app.test_client(), "/en"), "vrwg", people=ACHIENG).fields


def _sign_up(client: FlaskClient, typed: str) -> Press:
    fields = _filled(client.application).copy()
    fields["submission"], fields["people-0-address"] = tokens.new_secret()[: len(fields["submission"])], typed
    return lambda: client.post("/en/join/send", data=fields, follow_redirects=True)


def _recover(client: FlaskClient, way: str, old: str, new: str, **more: Any) -> Press:
    return _post(client, f"/en/recover/{way}", **_made(old=old, address=new, **more))


_SAID = {"name": "Ilse", "words": "Call me."}

BY_PASSWORD = "sign-in by password"
FORMS: Mapping[str, Callable[[FlaskClient, str], Press]] = {
    "sign-in by letter": lambda client, typed: _post(client, "/en/sign-in", address=typed),
    "recovery by code": lambda client, typed: _recover(client, "code", typed, f"n{typed}", code="abcde-23456"),
    "recovery by people": lambda client, typed: _recover(client, "people", typed, f"n{typed}", **_SAID),
    "recovery, new address": lambda client, typed: _recover(client, "people", f"o{typed}", typed, **_SAID),
    "sign-up": _sign_up,
    BY_PASSWORD: lambda client, typed: _post(client, "/en/sign-in", address=typed, password="a wrong guess"),
}
