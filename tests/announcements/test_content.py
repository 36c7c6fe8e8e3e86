import re
from datetime import datetime

import pytest

from caucusmail import languages, zones
from caucusmail.announcements import content, letters, queries
from caucusmail.announcements.composition import Text
from caucusmail.announcements.editions import Edition
from caucusmail.database import transaction
from caucusmail.meetings.agenda import Item, Speaker, of_lines
from caucusmail.meetings.models import MeetingMode, MeetingSession
from tests import make
from tests.announcements.rooms import meeting, seen, strategy, vrwg


@pytest.fixture
def room():
    return vrwg()


@pytest.mark.parametrize(
    ("starts", "zone", "other"),
    [
        ("2026-12-02T15:00", zones.THE_HAGUE, "09:00–10:00 in New York (Wed)"),
        ("2027-11-03T15:00", zones.THE_HAGUE, "10:00–11:00 in New York (Wed)"),
        ("2027-03-17T09:00", zones.NEW_YORK, "14:00–15:00 in The Hague (Wed)"),
        ("2027-11-03T10:00", zones.NEW_YORK, "15:00–16:00 in The Hague (Wed)"),
        ("2027-06-02T20:00", zones.NEW_YORK, "02:00–03:00 in The Hague (Thu, next day)"),
        ("2027-06-02T03:00", zones.THE_HAGUE, "21:00–22:00 in New York (Tue, day before)"),
        ("2027-06-02T10:00", "Africa/Kampala", "09:00–10:00 in The Hague (Wed)"),
    ],
)
def test_both_seats_are_shown_with_weekday_and_the_shift_of_the_day(room, starts, zone, other):
    begins = datetime.fromisoformat(starts)
    letter = seen(room, meeting=meeting(starts=begins, ends=begins.replace(hour=begins.hour + 1), zone=zone))
    assert f"  {other}\n" in letter.text


def test_a_reader_of_another_language_has_a_frame_they_can_read_and_is_told(room):
    with languages.use("en"):
        letter = seen(room, person=make.person("Élodie", languages=["fr"], zone="Europe/Paris"))
    assert letter.language == "en"
    assert (
        letter.text.startswith("This announcement exists in anglais only.")
        or "n’existe qu" in letter.text
        or "n'existe qu" in letter.text
    )
    assert "mardi 30 novembre 2027" in letter.text
    assert "in Paris" in letter.text or "à Paris" in letter.text
    assert "Il vous faut le badge de la session" in letter.text
    assert "/fr/my/" in letter.text
    own = seen(room, texts={"en": Text("A", "x"), "fr": Text("B", "y")}, person=make.person(languages=["fr", "en"]))
    assert (own.language, "exists in" in own.text) == ("fr", False)


def test_a_right_to_left_version_is_isolated_and_its_tag_comes_last(room):
    letter = seen(
        room,
        texts={"en": Text("A", "x"), "ar": Text("اجتماع استراتيجي", "مرحبا\n\nhttps://x.example/a")},
        language="ar",
    )
    assert letter.subject.startswith("اجتماع")
    assert letter.subject.endswith("\u2068[VRWG]\u2069")
    assert "\u206808:15" not in letter.subject
    assert re.search("\u2068[^\u2069]*08:15\u2069", letter.subject)
    assert letter.text.startswith("\u2068اجتماع استراتيجي\u2069: ")
    assert '<div lang="ar" dir="rtl">' in letter.html


def test_a_subject_turns_nothing_around_that_follows_it(room):
    turned = seen(room, texts={"en": Text("Strategy \u202emeeting \u2067now", "x")})
    assert turned.subject == "[VRWG] Strategy meeting \u2067now\u2069, Tue 30 Nov 08:15, The Hague"
    arabic = seen(room, texts={"en": Text("نساء", "x")})
    assert arabic.subject == "[VRWG] \u2068نساء\u2069, Tue 30 Nov 08:15, The Hague"


def test_a_meeting_online_says_so_and_asks_for_no_room(room):
    letter = seen(room, meeting=meeting(mode=MeetingMode.ONLINE, zone="Africa/Kampala"))
    assert letter.subject == "[VRWG] News, Tue 30 Nov 08:15, online"
    assert "Where: online." in letter.text
    assert "room" not in letter.text.lower()


def test_a_letter_and_its_invitation_say_how_to_take_part_and_which_session_it_is_part_of(room):
    session = make.keep(
        MeetingSession(
            slug="asp",
            names={"en": "Assembly of States Parties 2027", "fr": "Assemblée des États Parties 2027"},
        )
    )
    letter = seen(room, meeting=strategy(mode=MeetingMode.HYBRID, session_id=session.id))
    entry = letter.ics.replace("\r\n ", "")
    for words in ("In person and online", "Assembly of States Parties 2027"):
        assert words in letter.text
        assert words in letter.html
        assert words in entry


def test_every_letter_says_how_to_answer(room):
    for letter in (seen(room, meeting=None), seen(room)):
        assert "Answer or ask the people who keep this group:\nhttp://localhost/en/caucuses/vrwg/contact" in letter.text
        assert 'href="http://localhost/en/caucuses/vrwg/contact"' in letter.html
    reply = seen(room).text.partition("\nReply\n")[2].partition("\n\n")[0]
    link = r"http://localhost/en/answer/[\w-]{20,60}"
    assert re.search(
        rf"  I will come:\n  {link}[?]answer=coming\n  I cannot come:\n  {link}[?]answer=not-coming$", reply
    )


def test_a_meeting_without_a_deadline_can_be_answered_too(room):
    letter = seen(room, meeting=meeting(places=None))
    assert "\nReply\n  I will come:\n" in letter.text
    assert letter.html.count("/answer/") == 2
    assert "/answer/" not in seen(room, meeting=None).text


def test_a_week_of_another_gap_is_told_under_the_clocks(room):
    letter = seen(
        room, meeting=meeting(starts=datetime(2027, 3, 17, 9), ends=datetime(2027, 3, 17, 10), zone=zones.NEW_YORK)
    )
    words = "In the week of the meeting New York and The Hague are 5 hours apart, not 6 as usual."
    assert f"(your time), Wed 17 Mar 2027\n  {words}\n" in letter.text
    assert words in letter.html
    assert "hours apart" not in seen(room).text


def test_somebody_who_reads_nothing_that_we_speak_is_told_which_languages_there_are(room):
    letter = seen(room, person=make.person(languages=["es"]))
    assert letter.text.startswith("This announcement exists in English only.")
    assert "exists in" not in seen(room, person=make.person(languages=["es", "en"])).text


def test_a_meeting_of_several_days_names_each_day_once(room):
    late = seen(room, meeting=meeting(starts=datetime(2027, 11, 30, 22), ends=datetime(2027, 12, 1, 0, 30)))
    assert "Tuesday 30 November 2027, 22:00 – Wednesday 1 December 2027, 00:30 in The Hague." in late.text
    assert "  Tue 21:00 – Tue 23:30 UTC" not in late.text
    assert "  21:00–23:30 UTC (Tue)\n" in late.text
    long = seen(room, meeting=meeting(starts=datetime(2027, 11, 30, 8, 15), ends=datetime(2027, 12, 2, 18)))
    assert "  Tue 02:15 – Thu 12:00 in New York\n" in long.text


@pytest.mark.parametrize(
    ("typed", "words"), [("4", "room 4"), ("K-12", "room K-12"), ("Main Hall", "Main Hall"), ("Salle 3", "Salle 3")]
)
def test_a_room_that_is_but_a_number_is_called_a_room(room, typed, words):
    assert f"Where: {words}, The Hague." in seen(room, meeting=meeting(room=typed)).text


def test_a_title_in_another_language_than_the_frame_says_so(room):
    html = seen(room, person=make.person(languages=["fr"])).html
    assert '<bdi lang="en" dir="ltr">News</bdi>' in html
    assert "<bdi" not in seen(room).html.partition("</strong>")[0]


def test_a_test_is_marked_in_its_subject(room):
    sent = room.drafted(texts={"en": Text("A", "x"), "ar": Text("اجتماع", "x")})
    assert letters.render(sent, Edition("en", "en"), test=True).subject == "[TEST] [VRWG] A"
    assert letters.render(sent, Edition("ar", "en"), test=True).subject.endswith("\u2068[TEST]\u2069")
    assert "TEST" not in letters.render(sent, Edition("en", "en")).subject


def parts(room, edition="en", **more):
    """The letter in one edition, part by part."""
    sent = room.drafted(**{"meeting": strategy()} | more)
    chosen = Edition.of(edition)
    with languages.use(chosen.frame):
        return content.content(sent, queries.texts(sent), chosen)


def section(made, heading):
    [found] = [one for one in made.sections if one.heading == heading]
    return found


def test_a_notice_has_its_title_and_no_facts(room):
    made = parts(room, meeting=None)
    assert (list(made.lede), list(made.sections), made.meeting_link, made.do_not_forward) == (["News"], [], "", False)
    assert made.subject == "[VRWG] News"


def test_the_agenda_is_numbered_without_its_empty_lines_in_the_language_that_its_reader_knows_best(room):
    both = strategy(agenda=of_lines({"en": " Welcome \n\nReparations", "fr": "Accueil"}))
    agenda = section(parts(room, meeting=both), "Agenda")
    assert [(one.text, one.language) for one in agenda.entries] == [("Welcome", "en"), ("Reparations", "en")]
    instead = section(parts(room, "en+fr", meeting=both), "Ordre du jour")
    assert [(one.text, one.language) for one in instead.entries] == [("Accueil", "fr"), ("Reparations", "en")]
    none = strategy(agenda=of_lines({"ar": "ترحيب"}))
    [entry] = section(parts(room, "en+fr", meeting=none), "Ordre du jour").entries
    assert entry.language == "ar"


def test_an_item_says_when_it_is_who_leads_it_and_who_speaks(room):
    item = Item({"en": "Reparations"}, "08:30", 20, (Speaker("Ada", "Aid", leads=True), Speaker("Ben")))
    [entry] = section(parts(room, meeting=strategy(agenda=(item,))), "Agenda").entries
    assert entry.more == "08:30, 20 min; led by Ada (Aid); with Ben"


def test_what_is_not_known_has_no_heading(room):
    bare = parts(room, meeting=meeting())
    assert [one.heading for one in bare.sections] == ["When", "Where", "Reply"]
    assert "Please note the day." in bare.lede


@pytest.mark.parametrize(
    ("spoken", "into", "words"),
    [
        (("en",), ("fr", "ar"), ["English; interpretation into French, Arabic"]),
        (("en", "fr"), (), ["English, French"]),
        ((), ("fr",), ["Interpretation into French"]),
    ],
)
def test_the_languages_of_a_meeting_are_said(room, spoken, into, words):
    made = parts(room, meeting=meeting(languages=spoken, interpretation=into))
    assert list(section(made, "Languages").lines) == words


@pytest.mark.parametrize(("places", "words"), [(1, "There is 1 place."), (1200, "There are 1,200 places.")])
def test_places_are_counted_as_one_speaks(room, places, words):
    assert words in section(parts(room, meeting=strategy(places=places)), "Reply").lines


@pytest.mark.parametrize("places", [60, None])
def test_what_each_organisation_can_have_is_said_with_the_places_or_alone(room, places):
    lines = section(parts(room, meeting=strategy(places=places, places_each=2)), "Reply").lines
    assert lines[-1] == "Each organisation can have 2 places."
    assert ("There are 60 places." in lines) is (places is not None)


def test_the_words_of_an_author_do_not_turn_a_line_of_the_other_direction_around(room):
    texts = {"ar": Text("اجتماع", "x"), "en": Text("Strategy", "x")}
    made = parts(room, "ar+fr", texts=texts, meeting=meeting(hosts="المحكمة"))
    assert made.lede[0].startswith("\u2068اجتماع\u2069")
    assert list(section(made, "Organisateurs").lines) == ["\u2068المحكمة\u2069"]
    assert (made.direction, made.title_language) == ("rtl", "ar")
    own = parts(room, "en", texts=texts, meeting=meeting(hosts="The Court"))
    assert list(section(own, "Hosts").lines) == ["The Court"]
    assert (own.direction, own.title_language) == ("ltr", "")


def test_several_versions_are_named_to_who_reads_none_of_them(room):
    texts = {"ar": Text("اجتماع", "x"), "es": Text("Reunión", "x"), "en": Text("News", "x")}
    assert parts(room, "en+fr", texts=texts).notice.startswith("Cette annonce")
    assert parts(room, "en", texts=texts).notice == ""
    assert "Arabic" in parts(room, "en+en", texts=texts).notice


def test_a_title_of_the_meeting_goes_before_the_subject_in_its_own_version_only(room):
    named = strategy(titles={"en": "Strategy meeting"})
    texts = {"en": Text("Subject", "x"), "fr": Text("Objet", "x")}
    assert parts(room, "en", texts=texts, meeting=named).title == "Strategy meeting"
    assert parts(room, "fr", texts=texts, meeting=named).title == "Objet"
    assert parts(room, "fr", texts=texts, meeting=named).subject.startswith("[VRWG] Objet, mar. 30 nov. 08:15, La Haye")


def test_every_hue_of_a_caucus_has_a_colour(room):
    with transaction():
        room.caucus.hue = len(content.COLOURS) + 1
    assert parts(room).colour == content.COLOURS[1]
