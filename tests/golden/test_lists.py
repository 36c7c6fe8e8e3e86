"""What a list says of itself, and the way out of it (standards, 1.3): the rows S-L."""

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from caucusmail.database import db, transaction
from caucusmail.groups.models import EmailGroup, Subscription
from tests import make, services
from tests.golden import capture, reading
from tests.golden.capture import DOMAIN, LONG, PLAIN, SITE, Golden
from tests.inbound.mails import letter, take
from tests.sink import Sink

LIST_HEADERS = ("List-Help", "List-Unsubscribe", "List-Subscribe", "List-Owner", "List-Archive")
BODY = {"List-Unsubscribe": "One-Click"}


def test_s_l1_each_list_header_is_there_once_with_urls_in_brackets(golden: Golden) -> None:
    for caught in golden.announcements:
        for name in LIST_HEADERS:
            assert re.fullmatch(r"<https://[^<>\s]+>(, <mailto:[^<>\s]+>)?", reading.value(caught, name)), name
        assert reading.value(caught, "List-Post") == "NO"


def test_s_l1_a_letter_to_one_person_claims_to_be_no_list(golden: Golden) -> None:
    for caught in golden.letters:
        assert [name for name, _value in reading.fields(caught.raw) if name.startswith("List-")] == []


def test_s_l3_list_id_is_one_short_and_lower_case(golden: Golden) -> None:
    for caught in golden.announcements:
        found = reading.value(caught, "List-Id")
        assert len(found) <= 255
        assert re.search(r"<([a-z0-9.-]+)>$", found)[1] == f"vrwg.{DOMAIN}"


def test_s_l3_list_id_stays_when_the_list_is_renamed(sink: Sink, identity: None) -> None:
    made = capture.room()
    found = []
    for name in ("Water", "Water and Land"):
        with transaction():
            db.session.get_one(EmailGroup, made.group.id).names = {"en": name}
        capture.sent(capture.ready(made), made)
        capture.drain()
        found.append(reading.value(sink.to(PLAIN)[-1], "List-Id"))
        sink.caught.clear()
    assert [one.partition("<")[0].strip(' "') for one in found] == ["Water", "Water and Land"]
    assert [one.partition("<")[2] for one in found] == [f"vrwg.{DOMAIN}>"] * 2


def test_s_l4_who_wrote_it_is_told_to_machines_once(golden: Golden) -> None:
    for caught in golden.announcements:
        assert reading.value(caught, "Precedence") == "list"
        assert reading.values(caught, "Auto-Submitted") == []
    for caught in golden.letters:
        assert reading.values(caught, "Precedence") == []
        assert reading.value(caught, "Auto-Submitted") == "auto-generated"


def test_s_l5_from_is_the_list_and_a_reply_reaches_its_keepers(golden: Golden) -> None:
    for caught in golden.announcements:
        assert reading.mailbox(caught, "From").addr_spec == f"vrwg@{DOMAIN}"
        assert reading.mailbox(caught, "Reply-To").addr_spec == f"vrwg-owner@{DOMAIN}"
        assert reading.values(caught, "Sender") == []


def test_s_l5_ruby_reads_the_same_mailboxes(golden: Golden, tmp_path: Path) -> None:
    ruby = shutil.which("ruby")
    if not ruby or subprocess.run([ruby, "-e", "require 'mail'"], capture_output=True).returncode:
        services.missing("no Ruby with its mail library")
    script = "require 'mail'; m = Mail.new(STDIN.read); puts m.from.first, m.reply_to.first, m.to.first, m[:to].display_names"
    for caught in golden.announcements:
        asked = subprocess.run([ruby, "-e", script], input=caught.raw, capture_output=True, check=True)
        to = reading.mailbox(caught, "To")
        assert asked.stdout.decode().splitlines() == [
            f"vrwg@{DOMAIN}", f"vrwg-owner@{DOMAIN}", to.addr_spec, to.display_name,
        ]  # fmt: skip


def test_s_l6_one_https_address_and_the_words_of_the_rfc(golden: Golden) -> None:
    for caught in golden.announcements:
        ways = rf"<{SITE}/leave/([A-Za-z0-9_-]+)>, <mailto:leave\+\1@{DOMAIN}\?subject=leave>"
        assert re.fullmatch(ways, reading.value(caught, "List-Unsubscribe"))
        assert reading.value(caught, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"


def test_s_l7_both_signatures_cover_both_headers(golden: Golden) -> None:
    for caught in golden.announcements:
        for one in reading.values(caught, "DKIM-Signature"):
            names = reading.tags(one)["h"].split(":")
            assert [names.count(name) for name in ("list-unsubscribe", "list-unsubscribe-post")] == [2, 2]


@pytest.mark.parametrize("name", ["List-Unsubscribe", "List-Unsubscribe-Post"])
def test_s_l7_a_changed_one_and_a_second_one_break_both_signatures(golden: Golden, name: str) -> None:
    for caught in golden.announcements:
        changed = reading.with_header(caught.raw, name, "<https://evil.example/leave>")
        assert reading.holds(changed) == [False, False]
        assert reading.holds(name.encode() + b": <https://evil.example/leave>\r\n" + caught.raw) == [False, False]


def ways_out(sink: Sink, way: int) -> dict[str, str]:
    """Send an announcement; each reader's way out, as it stands in the header."""
    made = capture.room()
    capture.sent(capture.ready(made), made)
    capture.drain()
    return {
        address: reading.value(sink.to(address)[-1], "List-Unsubscribe").split(", ")[way].strip("<>")
        for address in (PLAIN, LONG)
    }


def paths_out(sink: Sink) -> dict[str, str]:
    """The same for one click: the path."""
    return {address: url.removeprefix(SITE) for address, url in ways_out(sink, 0).items()}


def places() -> int:
    return len(make.rows_by(Subscription, Subscription.person_id))


def test_s_l8_a_bare_post_is_enough_and_twice_is_once(sink: Sink, csrf_client: FlaskClient, identity: None) -> None:
    path, before = paths_out(sink)[PLAIN], places()
    for _time in range(2):
        answer = csrf_client.post(path, data=BODY, content_type="multipart/form-data")
        assert answer.status_code == 200
        assert not {"Location", "Set-Cookie"} & set(answer.headers.keys())
        assert places() == before - 1


def test_s_l8_nothing_but_a_post_changes_anything(sink: Sink, csrf_client: FlaskClient, identity: None) -> None:
    path, before = paths_out(sink)[PLAIN], places()
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
        csrf_client.open(path, method=method, data=BODY)
        assert places() == before


def test_s_l8_one_flipped_character_is_refused(sink: Sink, csrf_client: FlaskClient, identity: None) -> None:
    path, before = paths_out(sink)[PLAIN], places()
    for at in range(len("/leave/"), len(path)):
        forged = path[:at] + ("A" if path[at] != "A" else "B") + path[at + 1 :]
        assert 400 <= csrf_client.post(forged, data=BODY).status_code < 500
    assert places() == before


def test_s_l8_the_way_out_of_one_reader_is_nobody_elses(sink: Sink, csrf_client: FlaskClient, identity: None) -> None:
    paths = paths_out(sink)
    csrf_client.post(paths[PLAIN], data=BODY)
    sink.caught.clear()
    left = {one.person.address for one in make.rows_by(Subscription, Subscription.person_id)}
    assert PLAIN not in left
    assert LONG in left


def test_s_l9_looking_shows_a_page_that_asks(sink: Sink, csrf_client: FlaskClient, identity: None) -> None:
    path, before = paths_out(sink)[PLAIN], places()
    page = csrf_client.get(path)
    assert page.status_code == 200
    assert re.search(r'<form method="post"', page.text)
    assert places() == before


def test_s_l10_a_mail_to_the_address_in_the_header_leaves_whoever_writes_it(sink: Sink, identity: None) -> None:
    way, before = ways_out(sink, 1)[PLAIN], places()
    assert way.startswith("mailto:leave+")
    address = unquote(way.removeprefix("mailto:").partition("?")[0])
    assert len(address.rpartition("@")[0]) <= 64
    assert take(letter("somebody@else.example"), address, "somebody@else.example").outcome == "left"
    assert places() == before - 1
