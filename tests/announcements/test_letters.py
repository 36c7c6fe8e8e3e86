import json
import re
from datetime import datetime
from email import message_from_bytes, policy

import icalendar
import pytest
from markupsafe import escape

from caucusmail import clock, zones
from caucusmail.announcements import composition, letters
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Text
from caucusmail.announcements.editions import Edition
from caucusmail.database import transaction
from caucusmail.delivery import filling
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotFound
from caucusmail.mail import compiled
from caucusmail.mail.slots import CLOSE, OPEN
from caucusmail.meetings.agenda import of_lines
from tests import make
from tests.announcements.rooms import STAFF, seen, strategy, vrwg


@pytest.fixture
def room():
    return vrwg()


def test_the_letter_of_the_scenario_says_what_when_where_and_what_to_do_first(room):
    letter = seen(room, texts={"en": Text("Strategy meeting", "Bring your **notes**.")})
    assert letter.subject == "[VRWG] Strategy meeting, Tue 30 Nov 08:15, The Hague"
    assert letter.text.startswith(
        "Strategy meeting: Tuesday 30 November 2027, 08:15–09:15 in The Hague.\n"
        "Where: room to be confirmed by Fri 26 Nov 2027, World Forum, Churchillplein 10, The Hague.\n"
        "Please reply by Thu 25 Nov 2027, 18:00 in The Hague (17:00 UTC); see below how.\n"
        "\n"
        "Bring your **notes**.\n"
        "\n"
        "When\n"
    )
    for words in (
        "02:15–03:15 in New York (Tue)",
        "07:15–08:15 UTC (Tue)",
        "10:15–11:15 in Nairobi (your time), Tue 30 Nov 2027",
        "May I come?",
        "If our meeting starts before that, collect your badge the day before.",
        "English; interpretation into French",
        "  1. Welcome\n  2. Reparations",
        "There are 60 places.",
        "Bring your **notes**.",
        "Please do not forward this letter",
        "the Coalition takes no position",
        "No letter from us asks for a password.",
        "Change your address",
        "Sent to a***@mail.example because you are on the email group “Victims' Rights”.",
    ):
        assert words in letter.text
        assert re.sub(
            r"\W+", " ", words.replace("**", "").replace("  1.", "").replace("  2.", "").replace("\n", " ")
        ).strip() in re.sub(
            r"\W+", " ", re.sub(r"<[^>]+>", " ", letter.html).replace("&#39;", "'").replace("&amp;", "&")
        )


def test_every_address_in_the_html_stands_in_the_text_and_nothing_is_loaded(room):
    letter = seen(
        room,
        texts={
            "en": Text("A", "See <https://x.example/a?b=1&c=2> or [this](https://x.example/d) or https://x.example/e.")
        },
    )
    found = re.findall(r'href="([^"]+)"', letter.html)
    assert len(found) >= 8
    for href in found:
        assert href.replace("&amp;", "&") in letter.text
    assert not re.search(r"<(img|script|link|iframe|object|form|input)|src=|@import|url\(|javascript:", letter.html)


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        ("Asia/Kathmandu", "13:00–14:00 in Kathmandu (your time), Tue 30 Nov 2027"),
        ("Pacific/Auckland", "20:15–21:15 in Auckland (your time), Tue 30 Nov 2027"),
        ("America/Los_Angeles", "Mon 23:15 – Tue 00:15 in Los Angeles (your time), Mon 29 Nov 2027"),
        (zones.NEW_YORK, None),
        (zones.THE_HAGUE, None),
        ("UTC", None),
    ],
)
def test_the_readers_own_clock_is_shown_once(room, zone, line):
    letter = seen(room, person=make.person(zone=zone))
    assert ("your time" in letter.text) is (line is not None)
    assert line is None or f"  {line}\n" in letter.text


def test_the_invitation_names_its_reader_and_nobody_else(room):
    person = make.person("Ada", "ada@xn--bcher-kva.example")
    sent = room.drafted(meeting=strategy())
    for text in (letters.preview(sent, person, by=visibility.viewer(person)).ics,):
        [entry] = icalendar.Calendar.from_ical(text).walk("VEVENT")
        assert text.count("ATTENDEE") == 1
        assert str(entry["ATTENDEE"]) == "mailto:ada@xn--bcher-kva.example"
        assert str(entry["ORGANIZER"]) == "mailto:vrwg@caucus.example"
        assert entry["ORGANIZER"].params["CN"] == "Victims' Rights"
        assert entry.start == datetime(2027, 11, 30, 8, 15, tzinfo=zones.zone(zones.THE_HAGUE))
        assert "room to be confirmed" in str(entry["LOCATION"])
    assert letters.preview(room.drafted(), by=STAFF).ics == ""


@pytest.mark.parametrize(
    "payload",
    [
        "{{ 7*7 }}",
        "{{config}}",
        "{% for x in range(9) %}x{% endfor %}",
        "{{ name }}",
        "{{address}}",
        "${7*7}",
        "#{7*7}",
        "%(why)s",
        "%s",
        "<%= 7*7 %>",
        "{{name|safe}}",
        f"{OPEN}link_settings{CLOSE}",
        f"{OPEN}name{CLOSE}",
        "\x02name|t\x03",
        "=02name|t=03",
        "[*|NAME|*]",
    ],
)
def test_what_looks_like_a_template_stays_what_was_typed(room, payload):
    texts = {"en": Text(f"S {payload}".replace("\x02", "").replace("\x03", ""), f"Body {payload} end")}
    letter = seen(
        room,
        texts=texts,
        person=make.person("Eve"),
        meeting=strategy(
            agenda=of_lines({"en": f"Item {payload} end"}), hosts=f"H {payload}".translate({2: None, 3: None})
        ),
    )
    shown = "".join(one for one in payload if one not in f"{OPEN}{CLOSE}\x02\x03")
    assert f"Body {shown} end" in letter.text
    assert f"Item {shown} end" in letter.text
    assert str(escape(f"Item {shown} end")) in letter.html
    assert letter.subject.startswith(f"[VRWG] S {shown},")
    assert "49" not in re.sub(r"https?://\S+", "", letter.text.partition("----")[0])


def test_a_readers_name_is_filled_in_as_it_is(room):
    name = "<b>Ève</b> {{name}} & co"
    letter = seen(room, texts={"en": Text("A {{name}}", "Dear {{name}},")}, person=make.person(name))
    assert f"Dear {name}," in letter.text
    assert f"Dear {escape(name)}," in letter.html
    assert "A {{name}}" in letter.subject


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://spy.example/p.gif)",
        '<img src=x onerror="alert(1)">',
        "[x](data:text/html,<script>alert(1)</script>)",
        '<a href="https://x.example" onclick="x()">a</a>',
        "<style>*{}</style>",
        "</div></body></html>",
    ],
)
def test_no_live_node_comes_out_of_markdown(room, body):
    letter = seen(room, texts={"en": Text("A", body)}, meeting=None)
    html = letter.html.lower()
    assert not re.search(r"<(script|img|iframe|svg|object)|<[^>]+\son\w+=|href=\"?(javascript|data):", html)
    assert html.count("</body>") == html.count("</html>") == 1
    assert body in letter.text


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        (zones.NEW_YORK, "Your time is that of New York."),
        (zones.THE_HAGUE, "Your time is that of The Hague."),
        ("UTC", ""),
    ],
)
def test_a_reader_whose_clock_is_among_those_shown_is_told_which(room, zone, words):
    letter = seen(room, person=make.person(zone=zone))
    assert letter.text.count("Your time") == bool(words)
    assert f"UTC (Tue)\n  {words}\n" in letter.text if words else "UTC (Tue)\n\nWhere\n" in letter.text
    assert "<br>" not in letter.html.partition("UTC (Tue)")[2].partition("</h2>")[0]


def test_a_letter_is_rendered_alike_for_all_but_its_slots(room):
    sent = room.drafted(meeting=strategy())
    letter = letters.render(sent, Edition("en", "en"))
    assert set(re.findall(f"{OPEN}([a-z_]+){CLOSE}", letter.text)) == {
        "clock",
        "address",
        "why",
        "link_answer",
        "link_settings",
        "link_leave_page",
    }
    assert set(re.findall(f"{OPEN}([a-z_]+){CLOSE}", letter.html)) == {
        "clock",
        "address",
        "why",
        "link_answer",
        "link_settings",
        "link_leave_page",
    }
    assert (letter.language, letter.kind) == ("en", "announcements/announcement")
    assert "TEST: only you" in letters.render(sent, Edition("en", "en"), test=True).text
    with pytest.raises(NotFound):
        letters.render(sent, Edition("es", "en"))
    with pytest.raises(NotFound):
        letters.preview(sent, language="es", by=STAFF)


def test_a_preview_tells_an_address_in_no_spelling_whoever_looks(room):
    person = make.person("Zoë", "zoe@bücher.example")
    sent = room.drafted(meeting=strategy())
    for by in (room.by, STAFF):
        letter = letters.preview(sent, person, by=by)
        assert "zoe@" not in f"{letter.recipient}{letter.text}{letter.html}{letter.ics}"
        assert "mailto:z***@xn--bcher-kva.example" in letter.ics.replace("\r\n ", "").replace("\n ", "")


def test_naughty_strings_go_through_as_they_are(room, corpora):
    strings = json.loads((corpora / "strings" / "naughty-strings.json").read_text())
    for text in strings[::9]:
        try:
            sent = room.drafted(texts={"en": Text("S", text)}, meeting=strategy(agenda=of_lines({"en": text})))
        except Invalid:  # a kind refusal
            continue
        letter = letters.preview(sent, by=STAFF)
        assert letter.ics.count("ATTENDEE;") == 1


@pytest.mark.parametrize(
    "typed",
    [
        "A 💩 subject=?UTF-8?Q?=0A?=Bcc: injected@evil.example",
        "=?utf-8?b?QmNjOiB4QHkuZXhhbXBsZQ==?=",
        "Bcc: x@y.example",
    ],
)
def test_no_header_comes_out_of_a_subject(room, typed):
    sent = room.drafted(texts={"en": Text(typed, "x")})
    raw, _words = letters._compiled(sent, Edition("en", "en"), test=False)
    head = raw.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"(?im)^bcc:", head)
    assert letters.preview(sent, by=STAFF).subject == f"[VRWG] {typed}"


def test_the_way_out_for_people_speaks_the_language_of_the_frame_and_that_for_machines_none(room):
    sent = room.drafted()
    raw, words = letters._compiled(sent, Edition("en", "fr"), test=False)
    row = letters._copy(sent, make.person(languages=["fr"]), Edition("en", "fr"))
    letter = compiled.fill(raw, filling.values(row, words, clock.now())).replace(b"=\r\n", b"")
    assert re.search(rb"List-Unsubscribe: <https?://[^/]+/leave/", letter)
    assert re.search(rb"https?://[^/]+/fr/leave/", letter)


@pytest.fixture
def second(room):
    """Another caucus, which the room's letters go to as well."""
    caucus = make.caucus("ujc", tag="UJC", names={"en": "Universal Justice", "fr": "Justice universelle"})
    return make.group(caucus)


def to_both(room, group):
    both = Audience(caucus_ids=(room.caucus.id, group.caucus_id))
    with transaction():
        return composition.draft(room.draft(audience=both), visibility.viewer(make.secretary()))


def head_of(sent, person):
    row = letters._copy(sent, person, Edition("en", "en"))
    raw, words = letters._compiled(sent, Edition("en", "en"), test=False)
    return message_from_bytes(compiled.fill(raw, filling.values(row, words, clock.now())), policy=policy.default)


def test_who_is_on_one_group_of_two_is_told_of_that_one_alone(room, second):
    sent = to_both(room, second)
    only = make.member(second.caucus, group=second)
    assert "because you are on the email group “Universal Justice”." in letters.preview(sent, only, by=STAFF).text
    assert head_of(sent, only)["List-Id"].startswith('"Universal Justice" <ujc.')


def test_who_is_on_both_groups_is_told_so_in_one_sentence_and_the_list_is_the_senders(room, second):
    sent = to_both(room, second)
    both = make.member(second.caucus, make.member(room.caucus, group=room.group), second)
    words = "because you are on the email groups “Victims' Rights” and “Universal Justice”."
    assert words in letters.preview(sent, both, by=STAFF).text
    assert head_of(sent, both)["List-Id"].startswith('"Victims\' Rights" <vrwg.')
