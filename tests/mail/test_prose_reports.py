import pytest

from caucusmail.mail import prose_reports


def told(text: str, not_these: set[str] | None = None) -> list[str]:
    return [one.address for one in prose_reports.read(text, not_these or set())]


@pytest.mark.parametrize(
    "text",
    [
        "<a@b.example>:\n550 no\n",
        "  a@b.example\n    host mx.b.example: 550 no\n",
        "Unable to deliver message to: <a@b.example>\n",
        "RCPT TO:<a@b.example> 550 no\n",
        "The following address failed: a@b.example\n",
        "554 <a@b.example>... User unknown\n",
    ],
)
def test_a_failed_address_is_found_in_the_ways_systems_name_it(text: str):
    assert told(text) == ["a@b.example"]


def test_who_may_be_asked_for_help_has_not_failed():
    text = "For assistance contact help@b.example\nSender: <s@b.example>\n<a@b.example>: 550 no\n<postmaster@b.example>: x\n"
    assert told(text) == ["a@b.example"]


def test_the_sender_has_not_failed():
    assert told("<me@b.example>: hello\n<a@b.example>: 550 no\n", {"me@b.example"}) == ["a@b.example"]


def test_the_words_of_each_go_as_far_as_the_next():
    one, two = prose_reports.read("<a@b.example>: 550 gone\n<c@b.example>: 552 full\n", set())
    assert "gone" in one.words
    assert "full" not in one.words
    assert "full" in two.words


def test_a_forwarded_address_is_named_with_what_it_was_forwarded_from():
    (one,) = prose_reports.read("  a@b.example\n    (generated from c@d.example)\n    550 no\n", set())
    assert (one.address, one.original) == ("a@b.example", "c@d.example")


def test_in_a_transcript_the_reason_stands_before_the_summary():
    text = ">>> RCPT\n<<< 550 blocked\n554 <a@b.example>... failed\n550 Host unknown\n554 <c@d.example>... failed\n"
    one, two = prose_reports.read(text, set())
    assert "blocked" in one.words
    assert "Host unknown" in two.words
    assert "blocked" not in two.words


@pytest.mark.parametrize(
    "mark",
    [
        "--- Below this line is a copy of the message.",
        "------ This is a copy of the message",
        "Original message follows.",
        "Received: from x",
    ],
)
def test_what_is_returned_is_cut_off(mark: str):
    text = f"<a@b.example>: 550 no\n\n{mark}\nTo: c@d.example\n"
    assert "c@d.example" not in prose_reports.own_words(text)
    assert "a@b.example" in prose_reports.own_words(text)
