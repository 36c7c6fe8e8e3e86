import pytest
from flask.testing import FlaskClient

from caucusmail.mailbox import pages
from tests.mailbox.conftest import LETTER, Put


def test_an_empty_mailbox_says_how_to_get_a_letter(client: FlaskClient) -> None:
    assert "No letter has been sent yet" in client.get("/mailbox").text


def test_the_list_shows_to_whom_and_about_what(client: FlaskClient, put: Put) -> None:
    put()
    page = client.get("/mailbox").text
    assert "amina@mail.example" in page
    assert "Réunion at ten" in page


def test_a_search_without_result_offers_all(client: FlaskClient, put: Put) -> None:
    put()
    page = client.get("/mailbox", query_string={"q": "<b>bram"}).text
    assert "“&lt;b&gt;bram”" in page
    assert "Réunion" not in page


def test_fifty_letters_fill_a_page_and_the_rest_follows(client: FlaskClient, put: Put) -> None:
    numbers = [put() for _ in range(51)]
    page = client.get("/mailbox").text
    assert f"before={numbers[1]}" in page
    assert f'/mailbox/{numbers[0]}"' in client.get("/mailbox", query_string={"before": numbers[1]}).text


def test_links_of_the_plain_text_can_be_clicked_and_markup_is_shown(client: FlaskClient, put: Put) -> None:
    page = client.get(f"/mailbox/{put()}").text
    assert '<a href="http://localhost/join/confirm/abc_D-9">' in page
    assert "&lt;b&gt;not bold&lt;/b&gt;" in page
    assert "BEGIN:VCALENDAR" in page
    assert "agenda.pdf" in page


def test_a_link_cannot_break_out_of_its_attribute() -> None:
    assert "onclick" in pages.linked('http://a.example/"onclick="x')
    assert '"onclick' not in pages.linked('http://a.example/"onclick="x')


def test_the_html_part_is_boxed_in(client: FlaskClient, put: Put) -> None:
    answer = client.get(f"/mailbox/{put()}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "<p>Confirm</p>" in answer.text
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


def test_an_attachment_is_never_shown_by_the_browser(client: FlaskClient, put: Put) -> None:
    answer = client.get(f"/mailbox/{put()}/parts/3")
    assert answer.data == b"%PDF-"
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=.._agenda.pdf"


def test_the_source_is_plain_text(client: FlaskClient, put: Put) -> None:
    answer = client.get(f"/mailbox/{put()}/source")
    assert answer.mimetype == "text/plain"
    assert "Content-Disposition: attachment" in answer.text


@pytest.mark.parametrize(
    "path", ["/mailbox/9999", "/mailbox/9999/html", "/mailbox/9999/source", "/mailbox/9999/parts/0"]
)
def test_a_letter_that_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_part_that_is_not_there_is_not_found(client: FlaskClient, put: Put) -> None:
    number = put(b"Subject: x\r\n\r\nx")
    assert client.get(f"/mailbox/{number}/parts/1").status_code == 404
    assert client.get(f"/mailbox/{number}/html").status_code == 404


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: =?utf-8?b?!!!?=\r\nTo: \xff\r\n\r\n\xff",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xe9",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n--b--",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!",
        b"From: a@[\r\nTo: ,,,\r\nDate: never\r\nMessage-ID: <<\r\nContent-Disposition: ;;=\r\n\r\nx",
        LETTER.replace(b"\r\n", b"\n"),
    ],
)
def test_no_letter_breaks_a_page(client: FlaskClient, put: Put, raw: bytes) -> None:
    number = put(raw)
    for path in ("/mailbox", f"/mailbox/{number}", f"/mailbox/{number}/source", "/mailbox.mbox"):
        assert client.get(path).status_code == 200


def test_all_letters_come_as_one_file(client: FlaskClient, put: Put) -> None:
    put(), put()
    answer = client.get("/mailbox.mbox")
    assert answer.data.count(b"\nFrom: CaucusMail") == 2
    assert answer.mimetype == "application/mbox"
