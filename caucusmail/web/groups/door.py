"""How a person comes to their own pages: by the settings token in their letters, or signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail import languages, tokens
from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.delivery.models import Delivery
from caucusmail.errors import Invalid, NotFound
from caucusmail.groups import queries, undo
from caucusmail.groups.queries import Place, Standing
from caucusmail.languages import _
from caucusmail.tokens import BadToken, Purpose
from caucusmail.web import guards, notices, reader

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Door:
    """Whose pages these are, and the token they came by ("" for somebody who signed in)."""

    person: Person
    token: str

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of another page of theirs, by the same way in."""
        if endpoint == "my.page" and not self.token:
            return url_for("my.me")
        return url_for(endpoint, token=self.token, **values)

    def place(self, slug: str) -> Place:
        """The person's place in the caucus ``slug``.

        :raises NotFound: they have none; whether there is such a caucus is not said.
        """
        for place in queries.places(self.person):
            if place.caucus.slug == slug:
                return place
        raise NotFound

    def member_place(self, slug: str) -> Place:
        """The person's place in the caucus ``slug``, of which they are a member.

        :raises NotFound: they have none, or only asked for it.
        """
        place = self.place(slug)
        if not (place.served or place.standing is Standing.DORMANT):
            raise NotFound
        return place

    def said(self, message: str, step: AuditEntry | None) -> ResponseReturnValue:
        """Go to the person's page, say what happened, and offer to take it back."""
        back = self.url("my_changes.take_back", step=undo.token(step)) if step else ""
        notices.tell(message, back)
        return redirect(self.url("my.page"), 303)

    def only_hides(self, field: str, *, less: bool) -> None:
        """Let who came by a letter's link choose nothing by which ``less`` of them is hidden: the letter may be in other hands.

        :raises Invalid: that is what they chose.
        """
        if self.token and less:
            raise Invalid(field, _("The link of a letter can hide more of you, not less. Sign in to choose this."))

    def in_own_language(self) -> ResponseReturnValue:
        """Go to the person's page as it reads in the language they prefer now."""
        path = self.url("my.page").removeprefix(request.script_root)
        return redirect(f"/{languages.offered(self.person.languages)}{path}", 303)


def enter(token: str) -> Door:
    """Whose page this is.

    :raises BadToken: forged, of another purpose, or revoked since.
    """
    if not token:
        signed_in = reader.viewer().person
        if signed_in is None:
            raise BadToken
        return Door(signed_in, "")
    person_id, version = tokens.read(Purpose.SETTINGS, token, 2)
    person = accounts.person(person_id)
    if person is None or person.settings_version != version:
        raise BadToken
    return Door(person, token)


def of_letter(copy: Delivery, person: Person) -> Door:
    """The way in that the foot of this letter gives to its reader; signing in, where that was revoked since."""
    good = copy.settings_version == person.settings_version
    return Door(person, tokens.sign(Purpose.SETTINGS, person.id, person.settings_version) if good else "")


def own(bp: Blueprint, path: str, *methods: str) -> Callable[[View], View]:
    """Put a view up twice: below ``/my/<token>`` for who came by a letter, and below ``/me`` for who signed in."""

    def put_up(view: View) -> View:
        guarded = guards.own(view)
        bp.add_url_rule(f"/my/<token>{path}", view.__name__, guarded, methods=methods)
        bp.add_url_rule(f"/me{path}", view.__name__, guarded, methods=methods, defaults={"token": ""})
        return guarded

    return put_up
