import re

from caucusmail.mail import markdown, rendering, slots


def test_html_made_from_text_escapes_and_links():
    made = rendering.html_of("Hello <b> & you\n\nSee https://caucus.example/fr/my/a_b-c.\nBye")
    assert "<p>Hello &lt;b&gt; &amp; you</p>" in made
    assert '<a href="https://caucus.example/fr/my/a_b-c">https://caucus.example/fr/my/a_b-c</a>.' in made


def test_the_slot_of_a_link_is_a_link_and_no_other_slot_is():
    link, name = slots.mark(slots.Slot.LINK_SETTINGS), slots.mark(slots.Slot.NAME)
    assert rendering.html_of(f"{name} {link}") == f'<p>{name} <a href="{link}">{link}</a></p>'


def test_a_frame_loads_nothing_from_anywhere():
    page = rendering.framed(rendering.html_of("Hello"), "Title <x>")
    assert "Title &lt;x&gt;" in page
    assert "<img" not in page
    assert "@import" not in page
    assert "url(" not in page


def test_every_letter_says_why_it_came_and_that_we_never_ask_for_a_password():
    made = rendering.letter("accounts/sign_in", "en", link="https://caucus.example/sign-in/x", code="123-456")
    for part in (made.text, made.html):
        assert "You get this letter because" in part
        assert "We never ask for a password" in part
    assert "https://caucus.example/sign-in/x" in made.text.partition("You get this letter")[0]


def test_a_letter_with_a_footer_of_its_own_gets_no_second_one():
    template = rendering._environment(autoescape=False).get_template("announcements/mail/announcement.txt")
    assert rendering._footer(template, {}) == ""


def test_a_table_has_lines():
    html = rendering.framed(markdown.html("| a | b |\n| - | - |\n| 1 | 2 |"), "Title")
    assert re.search(r'<td style="[^"]*border: 1px solid', html)


def test_a_name_in_a_subject_stands_apart_where_it_runs_against_it():
    made = rendering._apart({"caucus": "نساء", "names": ["نساء", "Women"], "more": 3})
    assert made == {"caucus": "\u2068نساء\u2069", "names": ["\u2068نساء\u2069", "Women"], "more": 3}
