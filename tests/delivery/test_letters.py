import pytest

from caucusmail.delivery import letters


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "Does this letter arrive?"), ("fr", "Cette lettre arrive-t-elle ?")]
)
def test_a_probe_speaks_its_readers_language_and_asks_for_nothing(language: str, subject: str) -> None:
    letter = letters.probe("Ada", language)
    assert (letter.kind, letter.subject) == (letters.PROBE, subject)
    assert "Ada" in letter.text


def test_a_probe_to_nobody_by_name_greets_all_the_same() -> None:
    assert "Hello," in letters.probe("", "xx").text
