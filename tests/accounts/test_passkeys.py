"""Web Authentication, 7.1 and 7.2: what is looked at before a passkey is believed."""

import json
from dataclasses import replace

import pytest
from webauthn.helpers import base64url_to_bytes

from caucusmail.accounts import factors, passkeys
from caucusmail.accounts.models import CredentialKind
from caucusmail.accounts.passkeys import Answer, BadPasskey
from caucusmail.database import transaction
from tests import letters, make
from tests.accounts.authenticator import PRESENT, Authenticator
from tests.accounts.devices import half, signed_in

HERE = 7  # the number of a session
NETWORK = "192.0.2.0/24"


def registered(person, device=None):
    device = device or Authenticator()
    sign_in = signed_in(person)
    answer = Answer(device.make(passkeys.to_register(person, HERE)), HERE)
    with transaction():
        passkeys.register(sign_in, answer, "Phone")
    return device


def proved(text, session=HERE):
    with transaction():
        return passkeys.by_passkey(Answer(text, session), NETWORK)


def refused(text, session=HERE):
    with pytest.raises(BadPasskey, match="did not work here"):
        proved(text, session)


def test_a_passkey_is_set_up_and_signs_its_person_in():
    anna, ben = make.person(address="anna@ngo.example"), make.person()
    device = registered(anna)
    registered(ben, Authenticator(identity=b"another"))
    assert proved(device.prove(passkeys.to_prove(HERE))) == anna
    (kept,) = factors.of(anna)
    assert (kept.kind, kept.label, kept.counter, kept.used_at is None) == (CredentialKind.PASSKEY, "Phone", 2, False)
    assert "“Phone” was added" in letters.text(letters.to("anna@ngo.example")[0])


def test_what_the_browser_is_asked_wants_the_user_verified_and_names_nobody():
    anna = make.person(name="Anna Kovač", address="anna@ngo.example")
    registered(anna)
    asked = json.loads(passkeys.to_prove(HERE))
    assert (asked["userVerification"], asked["rpId"], asked.get("allowCredentials", [])) == (
        "required",
        "localhost",
        [],
    )
    made = json.loads(passkeys.to_register(anna, HERE))
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["attestation"] == "none"
    assert len(made["excludeCredentials"]) == 1
    assert b"anna" not in base64url_to_bytes(made["user"]["id"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost.evil.example"},
        {"origin": "https://localhost"},
        {"origin": "http://localhost:8000"},
        {"origin": "null"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
    ids=str,
)
def test_a_passkey_of_another_origin_or_without_its_user_is_refused(wrong):
    anna = make.person()
    bad = Authenticator(**wrong)
    answer = Answer(bad.make(passkeys.to_register(anna, HERE)), HERE)
    with pytest.raises(BadPasskey), transaction():
        passkeys.register(signed_in(anna), answer, "")
    assert factors.of(anna) == []
    good = registered(anna)
    refused(replace(good, **wrong).prove(passkeys.to_prove(HERE)))


def test_an_answer_works_once():
    device = registered(make.person())
    answer = device.prove(passkeys.to_prove(HERE))
    proved(answer)
    refused(answer)


def test_a_challenge_works_once_whoever_answers_it():
    device, asked = registered(make.person()), passkeys.to_prove(HERE)
    proved(device.prove(asked))
    refused(device.prove(asked))


def test_a_challenge_of_another_session_is_refused():
    device = registered(make.person())
    refused(device.prove(passkeys.to_prove(HERE)), session=8)


def test_a_challenge_is_good_for_ten_minutes(stopped_clock):
    device = registered(make.person())
    young, old = passkeys.to_prove(HERE), passkeys.to_prove(9)
    stopped_clock.shift(590)
    proved(device.prove(young))
    stopped_clock.shift(11)
    refused(device.prove(old), session=9)


def test_a_challenge_that_we_did_not_make_is_refused():
    device = registered(make.person())
    asked = json.loads(passkeys.to_prove(HERE))
    for challenge in ("AAAA", asked["challenge"][:-2] + "AA", "é", ""):
        refused(device.prove(json.dumps(asked | {"challenge": challenge})))


def test_a_counter_that_goes_back_tells_a_copy():
    device = registered(make.person(), Authenticator(counter=5))
    copy = replace(device)
    proved(device.prove(passkeys.to_prove(HERE)))
    refused(copy.prove(passkeys.to_prove(8)), session=8)


def test_an_answer_to_another_question_is_refused():
    device = registered(make.person())
    refused(device.prove(passkeys.to_prove(HERE), kind="webauthn.create"))


def test_a_signature_of_another_key_is_refused():
    device = registered(make.person())
    refused(replace(Authenticator(), handle=device.handle, counter=9).prove(passkeys.to_prove(HERE)))


def test_a_passkey_that_nobody_has_is_refused_alike():
    device = Authenticator(identity=b"nobody", handle="AAAA")
    refused(device.prove(passkeys.to_prove(HERE)))


def test_the_handle_of_another_person_is_refused():
    anna, ben = make.person(), make.person()
    device = registered(anna)
    device.handle = registered(ben, Authenticator(identity=b"another")).handle
    refused(device.prove(passkeys.to_prove(HERE)))


def test_nobody_sets_up_the_passkey_of_somebody_else():
    device = registered(make.person())
    thief = make.person()
    with pytest.raises(BadPasskey, match="set up already"):
        registered(thief, device)


GARBLED = [
    "",
    "null",
    "[]",
    "{}",
    "7",
    '{"id": 7}',
    "[" * 19_000,
    '{"a":' * 3_000,
    "x" * 30_000,
    '{"id": "cGFzc2tleS1vZi1hLXRlc3Q", "response": 1}',
    '{"id": "cGFzc2tleS1vZi1hLXRlc3Q", "response": {"clientDataJSON": 1, "userHandle": 1}}',
    '{"id": "\\ud800", "response": {}}',
    '{"id": "\\u0000", "response": {}}',
]


@pytest.mark.parametrize("text", GARBLED, ids=lambda text: text[:20])
def test_what_no_browser_says_is_refused_and_breaks_nothing(text):
    registered(make.person())
    refused(text)
    sign_in = signed_in(make.person())
    with pytest.raises(BadPasskey), transaction():
        passkeys.register(sign_in, Answer(text, HERE), "")


def test_an_answer_cut_short_anywhere_is_refused():
    device = registered(make.person())
    whole = json.loads(device.prove(passkeys.to_prove(HERE)))
    for name, value in whole["response"].items():
        for length in (0, 1, len(value) // 2, len(value) - 3):
            refused(json.dumps(whole | {"response": whole["response"] | {name: value[:length]}}))
    proved(json.dumps(whole))


def test_the_second_step_takes_only_a_passkey_of_its_own_person():
    anna, ben = make.person(), make.person()
    device = registered(anna)
    registered(ben, Authenticator(identity=b"another"))
    waiting = half(ben)
    with pytest.raises(BadPasskey), transaction():
        passkeys.prove(waiting, Answer(device.prove(passkeys.to_prove(HERE)), HERE))
    assert not factors.remembered(waiting)
    waiting = half(anna)
    with transaction():
        passkeys.prove(waiting, Answer(device.prove(passkeys.to_prove(8)), 8))
    assert factors.remembered(waiting)
