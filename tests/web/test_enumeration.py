"""Whether an address is known can be read off no page that takes one: the same bytes, the same number of statements.

The time it takes is measured: ``make bench ONLY=enumeration``.
"""

import re

import pytest

from tests import enumeration, make
from tests.statements import counted

BY_CHANCE = re.compile(r'value="[^"]{20,}"|data-[a-z]+="[^"]{20,}"|nonce="[^"]*"')


def seen(client, form: str, kind: str) -> tuple[int, str, list[str]]:
    """Status, page without the address and what is of chance, statements."""
    typed = enumeration.address(kind)
    press = enumeration.FORMS[form](client, typed)
    with counted() as statements:
        answer = press()
    page = BY_CHANCE.sub("", answer.get_data(as_text=True).replace(typed, "ADDRESS"))
    return answer.status_code, page, [one.partition(" ")[0] for one in statements]


@pytest.mark.parametrize("form", enumeration.FORMS)
def test_no_page_and_no_statement_tells_who_is_known(app, client, stopped_clock, form):
    make.country("KE")
    make.caucus("vrwg")
    for kind in enumeration.KINDS:
        enumeration.settle(kind)
    seen(app.test_client(), form, "warm")
    found = {kind: seen(app.test_client(), form, kind) for kind in enumeration.KINDS}
    nobody = found.pop("nobody")
    assert nobody[0] in (200, 422)
    for kind, other in found.items():
        assert other == nobody, kind
