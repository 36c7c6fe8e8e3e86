"""Several groups that brought one copy: the one-click POST leaves them all, and the page offers each by itself."""

import itertools
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from caucusmail import clock, tokens
from caucusmail.announcements import audience, dispatch, leaving, naming
from caucusmail.announcements.choice import Audience
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.groups import queries
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.tokens import Purpose
from tests import make
from tests.announcements.rooms import Room, ready, released
from tests.golden import capture, reading
from tests.groups.leaving import PLACES, copy, digest, letters_to
from tests.sink import Sink

BODY = {"List-Unsubscribe": "One-Click"}


class Reader:
    """Somebody in three caucuses, and the address in the header of a copy that the first two brought."""

    def __init__(self) -> None:
        self.person = make.person()
        self.groups: list[EmailGroup] = []
        for number, slug in enumerate(("water", "children", "peace")):
            caucus = make.caucus(slug, place=number)
            self.groups.append(make.group(caucus))
            make.member(caucus, self.person, self.groups[-1])
        self.url = self.out(*self.groups[:2])

    def out(self, *groups: EmailGroup) -> str:
        return f"/leave/{tokens.sign(Purpose.ONE_CLICK, copy(self.person, *groups).id)}"

    @property
    def slugs(self) -> list[str]:
        return [place.caucus.slug for place in queries.places(self.person)]


@pytest.fixture
def reader() -> Reader:
    return Reader()


def buttons(page: str) -> dict[str, list[str]]:
    """Each button's words, and the values that its form sends as ``only``."""
    found = {}
    for form in re.findall(r'<form method="post".*?</form>', page[page.index("<h1") :], re.DOTALL):
        words = re.search(r"<button[^>]*>(.*?)</button>", form, re.DOTALL)
        assert words is not None
        found[unescape(words[1].strip())] = re.findall(r'name="only" value="(\d+)"', form)
    return found


def test_the_page_names_each_and_offers_each_and_all(csrf_client: FlaskClient, reader: Reader) -> None:
    water, children, _peace = reader.groups
    assert buttons(csrf_client.get(reader.url).text) == {
        "Leave only water caucus": [str(water.id)],
        "Leave only children caucus": [str(children.id)],
        "Leave all of these": [],
    }


def test_one_alone_is_offered_by_one_button(csrf_client: FlaskClient, reader: Reader) -> None:
    assert buttons(csrf_client.get(reader.out(reader.groups[2])).text) == {"Leave": []}


def test_the_button_of_one_leaves_that_one_and_the_rest_is_still_offered(
    csrf_client: FlaskClient, reader: Reader
) -> None:
    only = buttons(csrf_client.get(reader.url).text)["Leave only children caucus"]
    done = csrf_client.post(reader.url, data={"only": only})
    assert (done.status_code, "Set-Cookie" in done.headers) == (200, False)
    assert re.search(r"You are no longer in:.*children caucus", done.text, re.DOTALL)
    assert reader.slugs == ["water", "peace"]
    assert len(letters_to(reader.person)) == 1
    assert buttons(csrf_client.get(reader.url).text) == {"Leave": []}


def test_pressed_twice_it_leaves_one_and_shows_what_is_left(csrf_client: FlaskClient, reader: Reader) -> None:
    only = {"only": str(reader.groups[0].id)}
    csrf_client.post(reader.url, data=only)
    before = digest(*PLACES)
    again = csrf_client.post(reader.url, data=only)
    assert (again.status_code, digest(*PLACES)) == (200, before)
    assert buttons(again.text) == {"Leave": []}


@pytest.mark.parametrize("only", ["", "0", "x", "-1", "9" * 40, "9" * 5_000, "²", "1 2"])
def test_a_choice_that_is_none_leaves_nothing(csrf_client: FlaskClient, reader: Reader, only: str) -> None:
    answer = csrf_client.post(reader.url, data={"only": only})
    assert answer.status_code == 200
    assert len(reader.slugs) == 3
    assert len(buttons(answer.text)) == 3


def test_a_group_that_did_not_bring_the_copy_cannot_be_chosen(csrf_client: FlaskClient, reader: Reader) -> None:
    csrf_client.post(reader.url, data={"only": str(reader.groups[2].id)})
    assert len(reader.slugs) == 3


def test_two_groups_of_one_caucus_are_left_with_it(csrf_client: FlaskClient, reader: Reader) -> None:
    water, children, _peace = reader.groups
    talk = make.group(queries.places(reader.person)[0].caucus, local_part="talk", names={"en": "Talk"})
    make.keep(Subscription(group_id=talk.id, person_id=reader.person.id, since=clock.now()))
    both, one = reader.out(water, talk, children), reader.out(talk, children)
    assert buttons(csrf_client.get(both).text)["Leave only water caucus"] == [str(water.id), str(talk.id)]
    assert buttons(csrf_client.get(one).text)["Leave only Talk"] == [str(talk.id)]
    csrf_client.post(one, data={"only": str(talk.id)})
    assert reader.slugs == ["water", "children", "peace"]


def test_it_can_be_taken_back_alone(csrf_client: FlaskClient, reader: Reader) -> None:
    before = digest(*PLACES)
    done = csrf_client.post(reader.url, data={"only": str(reader.groups[1].id)}).text
    back = unescape(re.search(r'href="([^"]*/undo/[^"]+)"', done)[1])
    token = re.search(r'name="csrf_token" value="([^"]+)"', csrf_client.get(back).text)[1]
    assert csrf_client.post(back, data={"csrf_token": token}).status_code == 200
    assert digest(*PLACES) == before


@pytest.fixture
def identity() -> Iterator[None]:
    with capture.identity():
        yield


def test_whatever_the_overlap_a_bare_post_leaves_exactly_what_brought_the_copy(
    sink: Sink, csrf_client: FlaskClient, identity: None
) -> None:
    """One announcement to three of four caucuses; a reader for each way of being in some of the four."""
    rooms = [Room(slug=slug) for slug in ("water", "children", "peace", "other")]
    readers = {}
    for size in (1, 2, 3, 4):
        for some in itertools.combinations(rooms, size):
            person = make.person()
            for one in some:
                make.member(one.caucus, person, one.group)
            readers[person.address] = (person, {one.caucus.slug for one in some})
    chosen = Audience(caucus_ids=tuple(one.caucus.id for one in rooms[:3]))
    rooms[0].by = visibility.viewer(make.secretary())
    sent = ready(rooms[0], audience=chosen)
    with transaction():
        dispatch.confirm(sent, naming.word(sent, audience.estimate(sent).total), sent.revision, rooms[0].by)
    released(sent)
    with transaction():
        leaving.send_due()
    capture.drain()
    for address, (person, before) in readers.items():
        letters = [one for one in sink.to(address) if reading.values(one, "List-Unsubscribe")]
        assert len(letters) == (1 if before - {"other"} else 0)
        for letter in letters:
            way, _by_mail = reading.value(letter, "List-Unsubscribe").split(", ")
            path = way.strip("<>").removeprefix(capture.SITE)
            for _time in range(2):
                assert csrf_client.post(path, data=BODY).status_code == 200
                assert {place.caucus.slug for place in queries.places(person)} == before & {"other"}
