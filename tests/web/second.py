"""The second step as a visitor takes it, for tests of several files."""

import re

from tests.accounts.devices import code_of
from tests.web import test_accounts


def sign_in(client, address: str) -> str:
    """By letter; where it leads, without the language of the letter."""
    return test_accounts.sign_in(client, address).replace("/en/", "/")


def secret_on(page: str) -> str:
    return re.search(r'<code class="big" dir="ltr">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")


def codes_on(page: str) -> list[str]:
    return re.findall(r'name="code" value="([a-z0-9]{5}-[a-z0-9]{5})"', page)


def set_up(client, **query) -> str:
    """Set an app up on its page; the page with the recovery codes."""
    secret = secret_on(client.get("/account/second-factor/app", query_string=query).text)
    answer = client.post(
        "/account/second-factor/app", data={"code": code_of(secret), "label": "Phone"}, query_string=query
    )
    assert answer.status_code == 200, answer.text
    return answer.text
