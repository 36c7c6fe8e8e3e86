"""Whose name others have written, and who is erased: no text and no letter of ours says it any more."""

import pytest

from caucusmail.accounts import queries as accounts
from caucusmail.database import transaction
from caucusmail.groups import handing_over
from caucusmail.privacy import protecting, unquoting
from caucusmail.privacy.protection_models import How, Protection, SealedValue
from tests import letters, make
from tests.groups.handed import AMINA, office
from tests.privacy.erased import erase


@pytest.fixture
def amina():
    """She took seats over, of which others were told by name."""
    haki = office()
    make.coordinator(haki.caucuses[0])
    offered = haki.offered(name="Amina Njoroge-Canary")
    with transaction():
        handing_over.accept(offered)
    (found,) = accounts.by_address(AMINA)
    return haki, found


def said(haki) -> str:
    return "".join(letters.text(one) for one in letters.to(haki.rosa.address))


def test_letters_to_others_say_a_made_up_name(amina):
    haki, her = amina
    assert "Amina Njoroge-Canary" in said(haki)
    erase(her)
    assert "Njoroge-Canary" not in said(haki)
    assert "speaks for Haki from now on" in said(haki)
    assert (make.rows(Protection), make.rows(SealedValue)) == ([], [])


def test_of_who_is_protected_they_say_it_already(amina):
    haki, her = amina
    with transaction():
        protecting.protect(her, by=her, how=How.SELF)
    before = said(haki)
    with transaction():
        unquoting.everywhere(her)
    assert said(haki) == before
    assert len(make.rows(Protection)) == 1
