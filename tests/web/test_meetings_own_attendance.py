"""What an organisation sees of its own people at meetings."""

from caucusmail.directory.models import RosterPolicy
from caucusmail.meetings.door import Who
from tests import make
from tests.entering import enter
from tests.meetings.doors import keeper, on, press, seated


def test_who_speaks_for_an_organisation_finds_the_meetings_its_people_came_to(client):
    one = on(RosterPolicy.HIDDEN)
    ngo, holder = seated(one, "Haki")
    admin = make.person()
    make.representative(admin, ngo, admin=True)
    where = f"/organisations/{ngo.id}/attendance"
    enter(client, holder)
    assert f'href="{where}"' in client.get("/me").text
    assert "Nobody was counted for it at a meeting yet." in client.get(where).text
    press(one, keeper(one), Who(name="Haki"), 3)
    for who in (holder, admin):
        enter(client, who)
        text = client.get(where).text
        assert "3 people came." in text
        assert f"/meetings/{one.reference}" in text
    assert f'href="{where}"' in client.get(f"/organisations/{ngo.id}").text


def test_nobody_else_does(client):
    one = on()
    ngo, _holder = seated(one, "Haki")
    where = f"/organisations/{ngo.id}/attendance"
    assert client.get(where).status_code == 303
    for who in (make.person(), make.coordinator(one.caucus), seated(one, "Andina")[1]):
        enter(client, who)
        assert client.get(where).status_code == 404
