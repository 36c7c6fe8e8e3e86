import pytest

from caucusmail.mail import markdown


def test_headings_begin_below_those_of_letters_and_pages():
    assert markdown.html("# One") == "<h3>One</h3>\n"


@pytest.mark.parametrize(
    "source",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://x.example/y.png)", "<img src=x onerror=alert(1)>",
     "<svg onload=alert(1)>", "[x](data:text/html,hello)", "<style>*{}</style>", "<a href='https://x.example' onclick='x()'>x</a>"],
)  # fmt: skip
def test_nothing_alive_comes_through(source):
    made = markdown.html(source)
    for tag in ("<script", "<img", "<svg", "<style", "<a onclick", 'javascript:"', 'href="data'):
        assert tag not in made


def test_no_payload_of_the_corpus_comes_through_alive(corpora):
    for payload in (corpora / "xss" / "payloads.txt").read_text(errors="replace").splitlines():
        made = markdown.html(payload).lower()
        for tag in ("<script", "<img", "<svg", "<iframe", "<object", "<style", '<a href="javascript'):
            assert tag not in made, payload


@pytest.mark.parametrize(
    ("source", "href"),
    [
        ("See https://x.example/a_b?c=1&d=2.", "https://x.example/a_b?c=1&amp;d=2"),
        ("(https://x.example/a)", "https://x.example/a"),
        ("« https://x.example/é »", "https://x.example/é"),
        ("[words](https://x.example/a)", "https://x.example/a"),
        ("<mailto:a@x.example>", "mailto:a@x.example"),
    ],
)
def test_an_address_of_a_page_is_a_link_without_the_point_after_it(source, href):
    made = markdown.html(source)
    assert f'<a href="{href}">' in made
    assert made.count("<a ") == 1


def test_an_address_inside_a_link_or_code_is_not_made_a_second_one():
    assert markdown.html("[https://x.example](https://y.example)").count("<a ") == 1
    assert "<a " not in markdown.html("`https://x.example`")


def test_lists_tables_and_emphasis_are_what_they_look_like():
    made = markdown.html("1. *one*\n2. **two**\n\n| a |\n| - |\n| ~~b~~ |\n\n###### Deep")
    for piece in ("<ol>", "<em>one</em>", "<strong>two</strong>", "<td><s>b</s></td>", "<h6>Deep</h6>"):
        assert piece in made


def test_plain_text_is_what_was_typed_without_what_no_letter_may_hold():
    assert markdown.text("\n**Bring** [this](https://x.example)\x00\ue000name\ue001\n") == (
        "**Bring** [this](https://x.example)name"
    )
