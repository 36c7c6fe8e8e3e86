import pytest

from caucusmail.directory import resemblance
from caucusmail.directory.resemblance import Index, Marks, Trace


def marks(key: int, *names: str, acronym: str = "", domains: tuple[str, ...] = ()) -> Marks:
    return Marks(key, frozenset(names), acronym, frozenset(domains))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("haki.example", "hakii.example"),
        ("haki.example", "hak.example"),
        ("haki.example", "hali.example"),
        ("haki.example", "ahki.example"),
        ("modern.example", "modem.example"),
        ("haki.example", "hakı.example".replace("ı", "1")),
        ("haki.example", "h\u0430ki.example"),
        ("haki.example", "h\u0430ki.example".encode("idna").decode()),
        ("peace-now.example", "peacenow.example"),
        ("vvomen.example", "women.example"),
    ],
)
def test_domains_that_could_be_taken_for_each_other(one, other):
    assert resemblance.near(one, other)
    assert resemblance.near(other, one)
    assert Index([marks(1, domains=(one,))]).like(marks(2, domains=(other,))) == {1: {Trace.NEAR_DOMAIN}}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("haki.example", "haki.example"),
        ("haki.example", "amani.example"),
        ("haki.example", "hakiba.example"),
        ("", "a"),
    ],
)
def test_domains_that_are_the_same_or_quite_different_are_not_near(one, other):
    assert not resemblance.near(one, other)


def test_the_same_domain_is_called_the_same_and_not_near():
    index = Index([marks(1, domains=("haki.example",))])
    assert index.like(marks(2, domains=("haki.example",))) == {1: {Trace.SAME_DOMAIN}}


def test_every_way_of_resembling_is_told():
    index = Index([marks(1, "mwangaza haki", acronym="MHI", domains=("mhi.example",)), marks(2, "other")])
    found = index.like(marks(9, "mwangaza haki", acronym="MHI", domains=("mhi.example",)))
    assert found == {1: {Trace.SAME_NAME, Trace.SAME_ACRONYM, Trace.SAME_DOMAIN}}


def test_a_single_letter_is_no_acronym():
    assert Index([marks(1, acronym="A")]).like(marks(2, acronym="A")) == {}


def test_nothing_resembles_itself():
    one = marks(1, "haki")
    assert Index([one]).like(one) == {}


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://www.haki.example/about", "haki.example"),
        ("haki.example", "haki.example"),
        ("WWW.Haki.Example", "haki.example"),
        ("", ""),
        ("http://[broken", ""),
        ("javascript:alert(1)", "javascript"),
        ("our Facebook page", "our facebook page"),
        ("a" * 253, "a" * 253),
        ("a" * 254, ""),
    ],
)
def test_the_domain_of_a_site_is_read_from_whatever_was_typed(website, domain):
    assert resemblance.site_domain(website) == domain


def test_free_mail_says_nothing_of_an_organisation():
    assert resemblance.own_domain("mhi@gmail.com") == ""
    assert resemblance.own_domain("achieng@mhi.example") == "mhi.example"
