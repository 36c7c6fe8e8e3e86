import pytest

from caucusmail import languages
from caucusmail.meetings import paper_words
from caucusmail.meetings.filed import Paper
from caucusmail.meetings.models import Meeting

SINCE = "2027-11-03T09:00:00+00:00"


def paper(**more) -> Paper:
    values = {"id": 7, "title": "T", "language": "fr", "url": "", "media_type": "", "size": None, "sha256": ""}
    return Paper(**values | more)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 byte"), (999, "999 bytes"), (180_000, "180 KB"), (1_230_000, "1.2 MB"), (1_500, "1.5 KB")],
)
def test_a_size_is_said_as_file_managers_say_it(number, words):
    assert paper_words.size(number) == words


def test_what_is_known_is_said_before_it_is_opened_and_nothing_else():
    whole = paper(media_type="application/pdf", size=180_000, sha256="3f2a9c41" * 8)
    assert paper_words.facts(whole) == "French, PDF, 180 KB, SHA-256 3f2a9c413f2a9c41…"
    assert paper_words.facts(paper()) == "French"
    with languages.use("fr"):
        assert paper_words.facts(paper(size=1_230_000)) == "français, 1,2\xa0Mo"


def test_a_link_leads_where_it_says_and_a_file_to_the_meeting():
    away, here = paper(url="https://Docs.Example.org/a"), paper()
    assert (paper_words.link(Meeting(reference="r"), away), paper_words.host(away)) == (away.url, "docs.example.org")
    assert paper_words.link(Meeting(reference="r"), here).endswith("/en/meetings/r/papers/7")


def test_a_version_is_named_by_its_day_and_hash():
    kept = {"title": "Draft", "since": SINCE, "sha256": "ab" * 32}
    assert paper_words.version(kept) == f"“Draft”, version of 3 Nov 2027 (SHA-256 {'ab' * 8}…)"
    assert paper_words.version(kept | {"sha256": ""}) == "“Draft”, version of 3 Nov 2027"


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("en", "180 KB", 180_000),
        ("en", "180kb", 180_000),
        ("en", "1.2 MB", 1_200_000),
        ("en", "1,2 MB", 1_200_000),
        ("en", "1,234 KB", 1_234_000),
        ("en", "1,234,567", 1_234_567),
        ("en", "184320", 184_320),
        ("en", "12 bytes", 12),
        ("en", "2 MiB", 2_097_152),
        ("fr", "180 Ko", 180_000),
        ("fr", "1,2 Mo", 1_200_000),
        ("fr", "1,234 Mo", 1_234_000),
        ("fr", "1\u202f200 octets", 1_200),
        ("fr", "1.2 MB", 1_200_000),
        ("en", "much", None),
        ("en", "180 XB", None),
        ("en", "1.2.3 MB", None),
        ("en", "-5 KB", None),
        ("en", "5000 GB", None),
        ("en", "", None),
        ("en", "KB", None),
    ],
)
def test_a_size_is_read_as_people_write_it(language, typed, number):
    with languages.use(language):
        assert paper_words.read_size(typed) == number


@pytest.mark.parametrize(
    ("number", "words"), [(180_000, "180 KB"), (1_200_000, "1.2 MB"), (184_320, "184320"), (569, "569 bytes")]
)
def test_a_size_is_shown_so_that_nothing_of_it_is_lost(number, words):
    assert paper_words.exact_size(number) == words
    assert paper_words.read_size(words) == number
