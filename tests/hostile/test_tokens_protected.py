"""Every link that was good before somebody is protected opens nothing after, whatever it was for, and tells no name."""

from collections.abc import Iterator, Sequence

from flask import Flask

from caucusmail import clock, tokens
from caucusmail.accounts import signing_in
from caucusmail.accounts.models import AddressChange, AskedAddress, Person, Recovery, SignInLetter
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory.absence_models import Absence
from caucusmail.directory.applications import Applicant, ApplicantState
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.yearly_models import YearlyAnswer
from caucusmail.groups import membership
from caucusmail.privacy import erasing
from caucusmail.privacy.models import Erasure
from caucusmail.tokens import Purpose
from tests import letters, make
from tests.announcements.rooms import confirmed, ready, strategy
from tests.hostile import world
from tests.hostile.test_tokens import TAKES
from tests.hostile.world import Half
from tests.privacy.protected import protect

ELSEWHERE = {
    Purpose.BOUNCE: "stands in no link: delivery reports come to it",
    Purpose.DOOR: "opens the door of a meeting for who stands there: no person's own",
    Purpose.FORM_TIME: "when a form was opened",
    Purpose.PASSKEY: "a challenge within one page",
    Purpose.MY_DATA: "needs a sign-in, too (tests/privacy/test_protecting_more.py)",
    Purpose.PROTECTION: "of who began it, not of who is protected",
    Purpose.MEMBER_LETTER: "of mail that waits for its writer's yes (tests/inbound/test_corresponding.py)",
}
"""What nobody opens here before, and why."""

OF_ROWS = {
    Purpose.ADDRESS: AskedAddress,
    Purpose.ADDRESS_BACK: AddressChange,
    Purpose.CONFIRM_SIGN_UP: Applicant,
    Purpose.DEPUTY: Absence,
    Purpose.ERASURE: Erasure,
    Purpose.HAND_OVER: HandOver,
    Purpose.MEETING_REPLY: Delivery,
    Purpose.ONE_CLICK: Delivery,
    Purpose.RECOVERY: Recovery,
    Purpose.RECOVERY_STOP: Recovery,
    Purpose.SIGN_IN: SignInLetter,
    Purpose.UNDO: AuditEntry,
}


def build() -> Half:
    """Our half of the world, with an open link of each kind for somebody; nobody has answered the invitation and the offer yet."""
    ours = world.build().ours
    leaves, asked = make.member(ours.room.caucus, None, ours.room.group), make.person("Amina Diaz", "amina@x.example")
    confirmed(ours.room, ready(ours.room, meeting=strategy()))
    with transaction():
        given = {"name": asked.name, "address": asked.address, "address_key": asked.address_key}
        invited = Applicant(
            application_id=ours.values["application_id"], languages=["en"], made_at=clock.now(), **given
        )
        invited.state = ApplicantState.UNCONFIRMED
        for offered in make.rows(HandOver):
            offered.name, offered.address, offered.address_key = given.values()
        db.session.add(invited)
        membership.leave_all(leaves, by=leaves)
        erasing.ask(asked, remember=False)
    with transaction():
        signing_in.ask(ours.member.address, "a network")
    letters.written()
    return ours


def signed() -> dict[Purpose, list[str]]:
    """Every token that could be good, by purpose."""
    people, deliveries = make.rows(Person), make.rows(Delivery)
    found = {purpose: [tokens.sign(purpose, row.id) for row in make.rows(table)] for purpose, table in OF_ROWS.items()}
    found[Purpose.SETTINGS] = [tokens.sign(Purpose.SETTINGS, one.id, one.settings_version) for one in people]
    found[Purpose.CALENDAR] = [tokens.sign(Purpose.CALENDAR, one.id, one.calendar_version) for one in people]
    found[Purpose.READ] = [tokens.sign(Purpose.READ, row.id, row.settings_version or 0) for row in deliveries]
    found[Purpose.APPLICATION] = [
        tokens.sign(Purpose.APPLICATION, row.id, version) for row in make.rows(Applicant) for version in (0, 1)
    ]
    yearly = [(row.id, one.id, one.settings_version) for row in make.rows(YearlyAnswer) for one in people]
    return found | {Purpose.YEARLY: [tokens.sign(Purpose.YEARLY, *numbers) for numbers in yearly]}


def doors(app: Flask, ours: Half, method: str) -> Iterator[tuple[Purpose, str]]:
    for rule in world.rules(app, method):
        if "token" in rule._converters:
            yield TAKES.get(rule.endpoint, Purpose.SETTINGS), world.path(app, rule, ours, token="TOKEN")


def opened(app: Flask, links: Sequence[tuple[Purpose, str]]) -> set[Purpose]:
    return {purpose for purpose, path in links if app.test_client().get(path).status_code in (200, 303)}


def test_what_opened_before_opens_nothing_after_and_names_nobody(app: Flask, stopped_clock):
    ours = build()
    before = signed()
    links = [
        (one, path.replace("TOKEN", token)) for one, path in doors(app, ours, "GET") for token in before.get(one, ())
    ]
    assert opened(app, links) == before.keys()
    assert set(Purpose) == before.keys() | ELSEWHERE.keys()
    made = [protect(one) for one in make.rows(Person)]
    state = world.digest()
    posts = [
        (one, path.replace("TOKEN", token)) for one, path in doors(app, ours, "POST") for token in before.get(one, ())
    ]
    for method, some in (("GET", links), ("POST", posts)):
        for purpose, path in some:
            answer = app.test_client().open(path, method=method, data={"answer": "yes", "kept": ["1"]})
            also = {403} if purpose is Purpose.READ else {400} if method == "POST" else set()  # 403: sign in to read it
            assert answer.status_code in {404, 410} | also, (method, path, answer.status)
            assert [one.stands_for for one in made if one.stands_for in answer.text] == []
    assert world.digest() == state
