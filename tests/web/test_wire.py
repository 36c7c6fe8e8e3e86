"""How answers travel."""

import gzip

from flask.testing import FlaskClient

from caucusmail.web.assets import asset

GZIP = {"Accept-Encoding": "gzip"}


def test_a_browser_that_takes_gzip_gets_the_same_page_smaller(client: FlaskClient, stopped_clock: None):
    plain = client.get("/")
    packed = client.get("/", headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)


def test_a_browser_that_refuses_gzip_gets_plain_text(client: FlaskClient):
    for accepted in ("", "identity", "br", "gzip;q=0"):
        answer = client.get("/", headers={"Accept-Encoding": accepted})
        assert "Content-Encoding" not in answer.headers
        assert b"<!doctype html>" in answer.data


def test_a_cache_is_told_on_what_the_answer_depends(client: FlaskClient):
    vary = client.get("/").headers["Vary"]
    assert "Accept-Encoding" in vary
    assert "Accept-Language" in vary
    assert "Accept-Language" not in client.get("/fr/").headers["Vary"]


def test_an_unchanged_page_costs_no_second_download(client: FlaskClient):
    first = client.get("/en/", headers=GZIP)
    again = client.get("/en/", headers=GZIP | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_the_style_sheet_is_kept_for_a_year_under_its_content_s_name_only(client: FlaskClient):
    assert "immutable" in client.get(asset("house.css")).headers["Cache-Control"]
    for stale in ("/static/house.css", "/static/house.css?v=0000000000"):
        assert "immutable" not in client.get(stale).headers["Cache-Control"]


def test_the_style_sheet_travels_packed_and_small(client: FlaskClient):
    answer = client.get(asset("house.css"), headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"--paper" in gzip.decompress(answer.data)
    assert len(answer.data) < 5 * 1024


def test_a_refusal_travels_packed_and_is_never_cached_as_the_page(client: FlaskClient):
    answer = client.get("/nothing-here", headers=GZIP)
    assert answer.status_code == 404
    assert "ETag" not in answer.headers
