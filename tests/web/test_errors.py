"""Refusals: each has a written page that says what to do."""

from html import unescape

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from caucusmail import errors as domain
from caucusmail.web import errors, guards, refusals
from tests import another, settings_for


@pytest.fixture
def troubled(tmp_path, app):
    """An application with a view for each kind of trouble; not in testing mode, so that 500 is answered as in life."""
    with another.house(settings_for.testing("sqlite://", tmp_path), tables=False) as made:
        yield in_trouble(made)


def in_trouble(made):
    made.config["PROPAGATE_EXCEPTIONS"] = False
    made.config["WTF_CSRF_ENABLED"] = False
    troubles = {
        "missing": domain.NotFound("No such seat."),
        "forbidden": domain.NotAllowed("Only coordinators may."),
        "conflict": domain.Conflict("It is archived."),
        "invalid": domain.Invalid("name", "The name was empty."),
        "many": domain.TooMany("Come back at noon."),
        "bug": ZeroDivisionError(),
        "full": OperationalError("INSERT", {}, Exception("database or disk is full")),
        "late": IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed")),
    }

    @made.route("/trouble/<kind>", methods=["GET", "POST"])
    @guards.anyone
    def trouble(kind):
        raise troubles[kind]

    return made.test_client()


def test_who_has_tried_too_often_is_led_to_the_sign_in_letter(troubled):
    assert 'href="/en/sign-in">Ask for a sign-in letter' in troubled.post("/en/trouble/many").text
    assert "Ask for a sign-in letter" not in troubled.post("/en/trouble/conflict").text


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("missing", 404, "No such seat."),
        ("forbidden", 403, "Only coordinators may."),
        ("conflict", 409, "It is archived."),
        ("invalid", 422, "The name was empty."),
        ("many", 429, "Come back at noon."),
        ("bug", 500, "Something broke on our side"),
        ("full", 503, "We cannot do this right now"),
        ("late", 409, "somebody else may have been quicker"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_kind_of_refusal_has_its_status_and_its_words(troubled, kind, status, said, method):
    answer = getattr(troubled, method)(f"/en/trouble/{kind}")
    assert answer.status_code == status
    assert said in unescape(answer.text)
    assert "Traceback" not in answer.text
    assert "disk is full" not in answer.text
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_a_refusal_never_shows_markup_that_came_with_it(troubled):
    answer = troubled.get("/en/caucuses/<img src=x onerror=alert(1)>")
    assert answer.status_code in (404, 503)
    assert "<img" not in answer.text


def test_a_house_without_a_database_answers_in_the_reader_s_language(troubled):
    answer = troubled.get("/fr/caucuses")  # the tables are missing: nothing can be read
    assert answer.status_code == 503
    assert '<html lang="fr"' in answer.text
    troubled.set_cookie("session", "garbage")
    assert troubled.get("/fr/caucuses").status_code == 503


def test_a_form_without_our_token_is_refused_in_words(csrf_client):
    answer = csrf_client.post("/en/help/ask", data={"name": "x"})
    assert answer.status_code == 400
    assert "The form was open for too long" in answer.text


def test_a_wrong_method_is_answered_with_what_to_do(client):
    answer = client.post("/en/caucuses")
    assert answer.status_code == 405
    assert "This address only takes a form" not in answer.text or "press the button" in answer.text
    assert "GET" in answer.headers["Allow"]


def test_a_form_larger_than_a_megabyte_is_refused_in_words(client):
    answer = client.post("/en/help/ask", data={"text": "x" * (2 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "What you sent is larger than we take" in answer.text


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503])
def test_every_refusal_leads_on(app, status):
    with app.test_request_context("/en/"):
        text = errors.page(status).get_data(as_text=True)
    assert refusals.written(status) is refusals.WRITTEN[status]
    for way in ("/caucuses", "/help", "/help/ask"):
        assert way in text


def test_a_status_without_words_of_its_own_borrows_the_nearest():
    assert refusals.written(418) is refusals.WRITTEN[400]
    assert refusals.written(507) is refusals.WRITTEN[500]
