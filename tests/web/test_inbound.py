"""What came back, as the secretariat sees it."""

import pytest
from flask.testing import FlaskClient

from caucusmail.database import transaction
from caucusmail.delivery import suppression
from tests import make
from tests.delivery.owed import copy
from tests.door import let_in
from tests.inbound.mails import return_path, take


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    return let_in(client, make.secretary())


def suppress(address: str = "ada@mail.example") -> str:
    with transaction():
        suppression.suppress(address, "bounced", words="550 5.1.1 <b>no</b> such user")
    return suppression.mark(address)


def test_nothing_that_came_back_is_said_in_words(desk: FlaskClient) -> None:
    assert desk.get("/en/staff/came-back").text.count("There is none.") == 2


def test_suppressed_addresses_are_shown_masked_with_reason_day_and_the_servers_words(desk: FlaskClient) -> None:
    suppress()
    text = desk.get("/en/staff/came-back").text
    assert "a***@mail.example" in text
    assert "ada@mail.example" not in text
    assert "letters came back" in text
    assert "550 5.1.1 &lt;b&gt;no&lt;/b&gt; such user" in text
    assert "des lettres nous sont revenues" in desk.get("/fr/staff/came-back").text


def test_an_address_is_written_to_again_only_with_a_reason(desk: FlaskClient) -> None:
    path = f"/en/staff/came-back/addresses/{suppress()}"
    refused = desk.post(path, data={"reason": " "})
    assert refused.status_code == 422
    assert "Nothing was changed yet" in refused.text
    assert suppression.suppressed(["ada@mail.example"])
    done = desk.post(path, data={"reason": "She called."}, follow_redirects=True)
    assert "a***@mail.example is written to again." in done.text
    assert not suppression.suppressed(["ada@mail.example"])
    assert desk.post(path, data={"reason": "She called."}).status_code == 404


def test_what_could_not_be_read_is_shown_dead_and_taken_off_the_list_and_back(desk: FlaskClient) -> None:
    received = take(b"Subject: <script>alert(1)</script>\r\n\r\nodd", return_path(copy()))
    path = f"/en/staff/came-back/{received.id}"
    assert "could not be read" in desk.get("/en/staff/came-back").text
    shown = desk.get(path).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert f'href="{path}"' not in desk.post(path, follow_redirects=True).text
    assert f'href="{path}"' in desk.post(f"{path}/again", follow_redirects=True).text
    assert desk.get("/en/staff/came-back/99999").status_code == 404


def test_the_desk_leads_there(desk: FlaskClient) -> None:
    assert "/en/staff/came-back" in desk.get("/en/staff").text
