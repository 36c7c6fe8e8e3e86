"""Sign-in letters that stop after three: what a person reads, and what still works."""

from html import unescape

import pytest

from tests import letters, make


@pytest.mark.parametrize("known", [True, False])
def test_the_page_says_to_everybody_that_three_letters_are_written_and_which_one_works(client, known):
    if known:
        make.person("Ada", "ada@ngo.example")
    client.post("/en/sign-in", data={"address": "ada@ngo.example"})
    page = unescape(client.get("/en/sign-in/code").text)
    assert "We write at most three such letters in ten minutes." in page
    assert "type the code of the newest letter here, or open its link" in page


def test_who_asks_a_fourth_time_signs_in_by_the_code_of_the_third_letter(client):
    make.person("Ada", "ada@ngo.example")
    for _time in range(4):
        client.post("/sign-in", data={"address": "ada@ngo.example"})
        letters.written()
    assert len(letters.to("ada@ngo.example")) == 3
    code = letters.code(letters.to("ada@ngo.example")[-1])
    assert client.post("/sign-in/code", data={"code": code}).status_code == 303
    assert client.get("/me").status_code == 200


def test_a_fourth_asking_for_another_address_is_its_own(client):
    make.person("Ada", "ada@ngo.example")
    for _time in range(3):
        client.post("/sign-in", data={"address": "ben@ngo.example"})
    client.post("/sign-in", data={"address": "ada@ngo.example"})
    client.post("/sign-in", data={"address": "ben@ngo.example"})
    code = letters.code(letters.to("ada@ngo.example")[-1])
    assert client.post("/sign-in/code", data={"code": code}).status_code == 422
