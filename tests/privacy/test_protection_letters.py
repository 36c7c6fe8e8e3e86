"""The letters about protecting somebody tell whoever reads over a shoulder nothing, in each language."""

import re

import pytest

from caucusmail import languages
from caucusmail.privacy import protection_letters
from tests import make

KINDS = ("second", "declined", "agreed", "done")
TELLING = re.compile(
    r"protect|protég|risk|risqu|danger|safe|sûr|hide|cach|name|nom\b|caucus\b|groupe|member|membre|Rosa|Haki",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", languages.OFFERED)
@pytest.mark.parametrize("kind", KINDS)
def test_no_word_tells_what_it_is_about(kind, language):
    rosa = make.person("Rosa of Haki", "rosa@haki.example", languages=[language])
    letter = getattr(protection_letters, kind)(rosa)
    assert letter.language == language
    assert letter.kind.startswith("privacy/")  # leaves to who is protected
    said = re.sub(r"https?://\S+", "", letter.subject + letter.text)
    assert TELLING.findall(said) == []


def test_the_links_do_not_tell_it_either():
    rosa = make.person()
    for kind in KINDS:
        assert "protect" not in getattr(protection_letters, kind)(rosa).text
