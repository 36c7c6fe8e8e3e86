"""The copy of an announcement on the site."""

from tests import make
from tests.entering import enter
from tests.web.composing import page, save, sending, the


def test_the_copy_on_the_site_is_for_those_who_were_sent_it(client, url, members):
    one = sending(client, url, accepted=250)
    path = f"/announcements/{one.reference}"
    html = page(client, path)
    assert "<em>plan</em>" in html
    assert "Strategy meeting" in html
    enter(client, members[0])
    assert "10:15" in page(client, path)
    stranger = make.person()
    enter(client, stranger)
    assert client.get(path).status_code == 404
    client.delete_cookie("session")
    refused = client.get(path)
    assert refused.status_code == 404
    assert f'href="/sign-in?next={path}"' in refused.get_data(as_text=True)
    nothing = client.get("/announcements/there-is-none").get_data(as_text=True)
    assert nothing == refused.get_data(as_text=True).replace(one.reference, "there-is-none")


def test_a_draft_has_no_copy_on_the_site(client, url):
    assert client.get(f"/announcements/{the().reference}").status_code == 404


def test_a_public_copy_shows_neither_room_nor_street_to_strangers(client, url):
    save(client, url, room="K-12", street="Secret street 5", public="y")
    one = sending(client, url, accepted=250)
    client.delete_cookie("session")
    html = page(client, f"/announcements/{one.reference}")
    assert "Strategy meeting" in html
    assert "K-12" not in html
    assert "Secret street" not in html


def test_hostile_text_is_dead_in_preview_letter_copy_and_list(client, url, corpora):
    payloads = [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<svg/onload=alert(1)>",
        "![x](https://evil.example/x.png)",
        "{{config.items()}}{{7*7}}",
        "<a href='data:text/html,x'>x</a>",
    ]
    body = "\n\n".join(payloads)
    save(client, url, subject_en="<img src=x onerror=alert(1)>", body_en=body, public="y", room="<script>room</script>")
    one = sending(client, url, accepted=250)
    for path in (url + "/letter", url + "/preview", url + "/preview?dress=html", f"/announcements/{one.reference}"):
        html = page(client, path)
        lowered = html.lower()
        for live in ("<script>", "<svg", "<img", 'href="javascript', 'src="https', "<a href='data:"):
            assert live not in lowered, (path, live)
        assert "{{7*7}}" in html or "preview" in path


def test_the_copy_on_the_site_calls_its_reader_by_no_name(client, url):
    save(client, url, subject_en="Hello", body_en="Dear {{name}}, come.", public="y")
    one = sending(client, url, accepted=250)
    html = page(client, f"/announcements/{one.reference}")
    assert "Dear colleague, come." in html
    assert "{{name}}" not in html
