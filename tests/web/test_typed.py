"""What was typed into a form that is refused because things have changed is shown again: in the form, or in boxes to be copied."""

from html import unescape

import pytest
from wtforms import PasswordField, SelectField, StringField

from caucusmail import errors as domain
from caucusmail.web import guards
from caucusmail.web.forms import BaseForm, refused
from tests import another, settings_for

WORDS = "It rained on « the 4th »,\n<b>we</b> met inside."


class NoteForm(BaseForm):
    note = StringField("Your note")
    kind = SelectField("Kind", choices=["long-word", "other"])
    password = PasswordField("Password")


class Gone(domain.Conflict):
    pass


@pytest.fixture
def house(tmp_path, app):
    """An application with a form that a verb refuses."""
    with another.house(settings_for.testing("sqlite://", tmp_path), tables=False) as made:
        made.config["PROPAGATE_EXCEPTIONS"] = False

        @made.route("/note/<kind>", methods=["POST"])
        @guards.anyone
        def note(kind):
            form = NoteForm() if kind != "unread" else None
            if kind == "again":
                with refused(form):
                    raise Gone("Somebody was quicker.")
                return f"{form.note.data}; {form.form_errors}", form.status
            if kind == "but":
                with refused(form, but=Gone):
                    raise Gone("Somebody was quicker.")
            if kind == "many":
                with refused(form):
                    raise domain.TooMany("Come back at noon.")
            raise {"broken": ZeroDivisionError(), "missing": domain.NotFound("No.")}.get(kind, Gone("It is gone."))

        yield made


SENT = {"note": WORDS, "kind": "long-word", "password": "correct horse", "other": "also typed", "submission": "a b"}


@pytest.mark.parametrize(
    ("kind", "status"), [("gone", 409), ("but", 409), ("many", 429), ("missing", 404), ("broken", 500)]
)
def test_the_page_of_a_refusal_shows_what_was_typed_and_no_more(house, kind, status):
    house.config["WTF_CSRF_ENABLED"] = False
    answer = house.test_client().post(f"/en/note/{kind}", data=SENT)
    assert answer.status_code == status
    assert WORDS in unescape(answer.text)
    assert "<b>we" not in answer.text
    assert "Your note</label>" in answer.text
    assert "also typed" in answer.text
    for unsaid in ("long-word", "correct horse", "a b<"):
        assert unsaid not in answer.text


def test_what_no_form_has_read_yet_is_shown_too(house):
    house.config["WTF_CSRF_ENABLED"] = False
    answer = house.test_client().post("/en/note/unread", data={"note": WORDS, "kind": "long-word"})
    assert WORDS in unescape(answer.text)
    assert "long-word" not in answer.text


def test_a_stranger_s_page_cannot_write_into_ours(house):
    house.config["WTF_CSRF_ENABLED"] = True
    for where in ("/en/note/gone", "/en/nowhere/at-all", "/en/leave/one-click"):
        assert "also typed" not in house.test_client().post(where, data=SENT).text


def test_a_conflict_stands_above_the_form_again(house):
    house.config["WTF_CSRF_ENABLED"] = False
    answer = house.test_client().post("/en/note/again", data={"note": "Some words."})
    assert answer.status_code == 409
    assert answer.text == "Some words.; ['Somebody was quicker.']"
