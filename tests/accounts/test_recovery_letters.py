import pytest

from caucusmail import clock
from caucusmail.accounts import recovery_letters
from caucusmail.accounts.models import Recovery, RecoveryState
from caucusmail.accounts.recovery_letters import Step
from tests import make


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_step_names_the_new_address_masked_and_stops_it_unless_it_has_ended(step, language):
    person = make.person("Ada", languages=[language])
    letter = recovery_letters.told(person, Recovery(address="ada@new.example", due_at=clock.now()), step, "TOKEN")
    assert letter.language == language
    assert "a***@new.example" in letter.text
    assert "ada@new.example" not in letter.text
    assert ("/recover/stop/TOKEN" in letter.text) == (step is not Step.ENDED)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_letters_to_the_new_address_say_what_to_do(language):
    assert f"/{language}/recover/TOKEN" in recovery_letters.to_new_address(language, "TOKEN").text
    texts = {recovery_letters.stopped(language, state).text for state in (RecoveryState.ASKED, RecoveryState.WAITING)}
    assert len(texts) == 2
    assert all("/help/ask" in text for text in texts)
