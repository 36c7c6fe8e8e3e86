"""Words that want to be markup, through the staff's forms to every page that shows them; looked at by a real browser."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from playwright.sync_api import Page

from tests import make
from tests.browser import Live, Visit
from tests.door import let_in
from tests.entering import cookie

pytestmark = pytest.mark.corpora
LIVE_NODES = """() => [...document.querySelectorAll('*:not(link[rel=icon])')].filter(one =>
    ['IFRAME', 'OBJECT', 'EMBED', 'SVG', 'MATH', 'MARQUEE', 'VIDEO', 'AUDIO', 'BASE', 'FRAMESET', 'X'].includes(one.tagName.toUpperCase())
        && !one.closest('.map, .mark, header, figure')
    || one.tagName === 'SCRIPT' && !one.src.startsWith(location.origin + '/static/')
    || [...one.attributes].some(a => a.name.startsWith('on') || /^\\s*(javascript|data|vbscript):/i.test(a.value)
        && ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(a.name))
).map(one => one.outerHTML.slice(0, 200))"""


def payloads(corpora: Path) -> list[str]:
    lines = (corpora / "xss" / "payloads.txt").read_text(errors="replace").splitlines()
    return [line.strip() for line in lines if line.strip()]


def dead(page: Page) -> None:
    """Nothing on the page is alive that was typed."""
    assert page.evaluate(LIVE_NODES) == []
    assert page.evaluate("window.__hit === undefined")


def test_every_payload_in_every_field_of_the_desk_is_text(client: FlaskClient, corpora: Path):
    client = let_in(client, make.secretary())
    caucus = make.caucus("vrwg")
    one = make.application("Haki", [caucus])
    every = payloads(corpora)
    for start in range(0, len(every), 160):
        batch = every[start : start + 160]
        text = "\n".join(batch)[:1900]
        line = next(each for each in batch if len(each) < 190 and "<" in each)
        words = {"name_en": line, "name_fr": line, "about_en": text, "about_fr": text, "roster": "hidden"}
        assert client.post("/staff/caucuses/vrwg/words", data=words).status_code == 303
        hold = {"seen": "to-review", "note": text}
        assert client.post(f"/staff/applications/{one.id}/hold", data=hold).status_code == 303
        for path in ("/en/caucuses/vrwg", "/en/caucuses", f"/en/staff/applications/{one.id}", "/en/join"):
            html = client.get(path).text
            assert line not in html, path
            assert path.startswith("/en/staff") or str(escape(line)) in html, (path, line)
        client.post(f"/staff/applications/{one.id}/release")


def test_hostile_words_are_dead_in_chromium(live: Live, visit: Visit, corpora: Path):
    every = payloads(corpora)
    bad = "\n".join(every[::9])[:1900]
    lines = [each for each in every[::41] if len(each) < 190 and "<" in each][:8]
    with live.world():
        caucuses = [
            make.caucus(f"c{n}", names={"en": line}, about={"en": bad}, tag=line[:20]) for n, line in enumerate(lines)
        ]
        make.region("africa", names={"en": lines[0]})
        staff = make.secretary(name=lines[1])
        for number, line in enumerate(lines):
            make.coordinator(caucuses[number], make.person(name=line))
            make.member(caucuses[number], make.person(name=line))
        one = make.application(
            lines[2],
            caucuses[:2],
            acronym=lines[3][:40],
            website="javascript:alert(1)",
            vouchers=bad,
            note=bad,
            reason=bad,
        )
        number = one.id
        session = cookie(live.app, staff, live.url)
    page = visit("/caucuses")
    page.add_init_script("window.alert = window.confirm = window.prompt = () => { window.__hit = 1 }")
    page.context.add_cookies([session])
    paths = ["/caucuses", "/caucuses/c0", "/caucuses/c1/contact", "/caucuses/c2/members", "/regions", "/join", "/staff"]
    paths += ["/staff/queue", f"/staff/applications/{number}", "/staff/caucuses", "/staff/caucuses/c3", "/compose/new"]
    for path in [*paths, "/me", "/account/password", "/", "/caucuses/%3Cimg%20src=x%20onerror=alert(1)%3E"]:
        page.goto(f"{live.url}/en{path}")
        assert "/sign-in" not in page.url
        dead(page)
    page.goto(f"{live.url}/en/sign-in?next=javascript:alert(1)&why=%3Cscript%3Ealert(1)%3C/script%3E")
    dead(page)
