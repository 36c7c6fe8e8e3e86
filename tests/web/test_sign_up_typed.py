"""What strangers type into the sign-up form."""

import json
import re
from xml.etree import ElementTree

import pytest

from caucusmail.delivery.models import Delivery
from caucusmail.directory.applications import (
    Applicant,
    Application,
)
from tests.letters import written
from tests.web.joining import ACHIENG, MHI, TICKS, ripe, rows, to_check


def test_a_line_end_in_any_field_reaches_no_header(walk, vrwg, monkeypatch):
    tricks = [
        "x\r\nBcc: evil@evil.test",
        "x\nBcc: e@evil.test",
        "x\r",
        "x\x85y",
        "x\u2028y",
        "x\x00y",
        "=?utf-8?q?=0ABcc:?= e",
    ]
    for place, trick in enumerate(tricks):
        people = {
            "people__0__name": trick,
            "people__0__title": trick,
            "people__0__address": f"a{place}@mhi.example",
        }
        who = MHI | {"ngo_name": trick, "acronym": trick, "vouchers": trick}
        ripe(to_check(walk, "vrwg", who=who, people=people), monkeypatch).press("/join/send")
        assert walk.page.status_code == 303
    written()
    assert {row.address for row in rows(Delivery)} == {f"a{place}@mhi.example" for place in range(len(tricks))}
    for row in rows(Application):
        assert not re.search(r"[\r\n\x85\u2028\x00]", row.ngo_name + row.acronym)
    for row in rows(Applicant):
        assert not re.search(r"[\r\n\x85\u2028\x00]", row.name + row.title)


def test_a_name_turns_nothing_around_on_a_page_or_in_a_letter(walk, vrwg, monkeypatch):
    people = {"people__0__name": "Achieng \u202eOdera \u2067x", "people__0__address": "achieng@mhi.example"}
    ripe(to_check(walk, "vrwg", who=MHI | {"ngo_name": "Haki \u202ayetu"}, people=people), monkeypatch).press(
        "/join/send"
    )
    assert [row.ngo_name for row in rows(Application)] == ["Haki yetu"]
    assert [row.name for row in rows(Applicant)] == ["Achieng Odera \u2067x\u2069"]


@pytest.mark.parametrize(
    "address",
    [
        "a@x.example\r\nBcc: e@evil.test",
        '"a@evil> ORCPT=x"@ok.example',
        "a@x.example, b@x.example",
        "<a@x.example>",
        "a@[127.0.0.1]",
    ],
)
def test_an_address_that_is_more_than_one_is_refused(walk, vrwg, address):
    to_check(walk, "vrwg", people=ACHIENG | {"people__0__address": address})
    assert walk.page.status_code == 422


@pytest.mark.corpora
def test_every_address_of_the_corpus_is_taken_or_refused_and_never_breaks_the_page(walk, vrwg, corpora):
    walk.open().press("/join/who", caucuses=["vrwg"]).press("/join/people", **MHI)
    fields = walk.fields
    for test in ElementTree.parse(corpora / "addresses" / "isemail-tests.xml").getroot():
        address = "".join(
            chr(ord(c) - 0x2400) if 0x2400 <= ord(c) < 0x2420 else c for c in test.findtext("address") or ""
        )
        for name, value in (ACHIENG | {"people__0__address": address} | TICKS).items():
            fields[name.replace("__", "-")] = value
        page = walk.client.post("/join/check", data=fields)
        assert page.status_code in (200, 422), address


@pytest.mark.corpora
def test_what_was_typed_is_stored_and_shown_as_it_is(walk, vrwg, corpora, monkeypatch):
    strings = json.loads((corpora / "strings" / "naughty-strings.json").read_text())
    payloads = (corpora / "xss" / "payloads.txt").read_text().splitlines()
    hostile = [*strings[::7], *payloads[::60], "{{7*7}}", "{% for x in () %}", "${7*7}", "{0.__class__}", "%(x)s", "%s"]
    to_check(walk, "vrwg", people=ACHIENG)
    fields = walk.fields
    ripe(walk, monkeypatch)
    for place, text in enumerate(hostile):
        fields["submission"], fields["ngo_name"] = f"submission-{place:06}", text
        fields["people-0-name"], fields["vouchers"] = text[:200], text
        fields["people-0-address"] = f"a{place}@mhi.example"
        page = walk.client.post(
            "/join/check", data=fields, environ_base={"REMOTE_ADDR": f"10.{place % 250}.{place // 250}.1"}
        )
        assert page.status_code in (200, 422), text
        if page.status_code == 200:
            sent = walk.client.post(
                "/join/send", data=fields, environ_base={"REMOTE_ADDR": f"10.{place % 250}.{place // 250}.1"}
            )
            assert sent.status_code == 303, text
            shown = re.sub(
                r"<(/?)(dl|dt|dd|p|li|ul|h1|h2|h3|span|strong|bdi|br|form|input|button|div|label|ol|main|aside|header|nav|footer|body|html|head|meta|title|link|a)\b[^>]*>",
                "",
                page.text,
            )
            assert "<script" not in shown.lower().replace("<script src", "")
            assert "<img" not in shown.lower()
            assert "<svg" not in shown.lower()
