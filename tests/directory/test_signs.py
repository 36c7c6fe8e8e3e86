from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete

from caucusmail.database import db, transaction
from caucusmail.directory import resemblance, signs, verification
from caucusmail.directory.applications import ApplicationState
from caucusmail.directory.models import Ngo, NgoState
from caucusmail.directory.resemblance import Index, Marks, Trace
from caucusmail.directory.signs import Sign
from caucusmail.directory.verification import Decision
from tests import make

LETTERS = st.text("abrn1м-", min_size=1, max_size=6)
DOMAINS = st.one_of(LETTERS.map(lambda word: f"{word}.org"), st.sampled_from(["xn--80ak6aa92e.com", "ﷺ.org", "a"]))
KNOWN = st.builds(
    Marks,
    st.just(0),
    st.frozensets(st.sampled_from(["haki", "amani", "nuru 1"]), max_size=2),
    st.sampled_from(["", "A", "AB", "CDH"]),
    st.frozensets(DOMAINS, max_size=2),
    st.frozensets(st.sampled_from(["a@a.org", "b@b.org"]), max_size=1),
)


def plainly(one: Marks, other: Marks) -> frozenset[Trace]:
    """The definition, two by two."""
    found = {
        Trace.SAME_NAME: bool(one.names & other.names),
        Trace.SAME_DOMAIN: bool(one.domains & other.domains),
        Trace.SAME_ADDRESS: bool(one.addresses & other.addresses),
        Trace.SAME_ACRONYM: one.acronym == other.acronym and len(one.acronym) > 1,
        Trace.NEAR_DOMAIN: not one.domains & other.domains
        and any(resemblance.near(mine, theirs) for mine in one.domains for theirs in other.domains),
    }
    return frozenset(trace for trace, true in found.items() if true)


def numbered(found: list[Marks]) -> list[Marks]:
    return [Marks(key, one.names, one.acronym, one.domains, one.addresses) for key, one in enumerate(found, 1)]


@given(st.lists(KNOWN, max_size=6), KNOWN)
def test_the_index_finds_what_comparing_with_all_would_find(found, asked):
    known = numbered(found)
    expected = {one.key: traces for one in known if (traces := plainly(asked, one))}
    assert Index(known).like(asked) == expected


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.lists(KNOWN, max_size=4), st.lists(KNOWN, min_size=1, max_size=3))
def test_the_signs_kept_of_organisations_find_what_comparing_with_all_would_find(app, found, asked):
    with app.app_context(), transaction():
        db.session.execute(delete(Ngo))
        known = {}
        for one in found:
            names, domains = sorted(one.names), sorted(one.domains)
            ngo = Ngo(
                name="N",
                name_key=names[0] if names else "none",
                latin_name=names[1] if len(names) > 1 else "",
                acronym=one.acronym.lower(),
                domain=domains[0] if domains else "",
                website=f"https://www.{domains[1]}/about" if len(domains) > 1 else "",
                state=NgoState.VERIFIED,
                made_at=make.clock.now(),
            )
            db.session.add(ngo)
            db.session.flush()
            known[ngo.id] = Marks(ngo.id, one.names or frozenset({"none"}), one.acronym, one.domains)
        signs.write(list(known))
        index = Index(signs.sharing(asked))
        for one in asked:
            assert index.like(one) == {key: traces for key, it in known.items() if (traces := plainly(one, it))}


def test_only_what_shares_a_sign_is_looked_at():
    near = make.ngo(domain="haki.example")
    for number in range(5):
        make.ngo(domain=f"other{number}.example", acronym="CDH")
    asked = Marks(1, frozenset({"x"}), "CDH", frozenset({"hakl.example"}))
    assert [one.key for one in signs.sharing([asked], {Trace.NEAR_DOMAIN, Trace.SAME_NAME})] == [near.id]
    assert len(signs.sharing([asked])) == 6
    assert signs.sharing([]) == []


def test_an_approved_organisation_is_recognised_from_then_on():
    application = make.application("Mwangaza Haki", people=["a@mhi.example"], acronym="MHI")
    with transaction():
        verification.approve(
            application, Decision("known", None, False), seen=ApplicationState.TO_REVIEW, by=make.secretary()
        )
    (ngo,) = make.rows(Ngo)
    for asked, trace in (
        (Marks(1, frozenset({"mwangaza haki"}), "", frozenset()), Trace.SAME_NAME),
        (Marks(1, frozenset(), "MHI", frozenset()), Trace.SAME_ACRONYM),
        (Marks(1, frozenset(), "", frozenset({"mhi.example"})), Trace.SAME_DOMAIN),
        (Marks(1, frozenset(), "", frozenset({"mhii.example"})), Trace.NEAR_DOMAIN),
    ):
        assert Index(signs.sharing([asked])).like(asked) == {ngo.id: {trace}}


def test_the_signs_of_an_organisation_go_with_it():
    ngo = make.ngo(domain="haki.example")
    with transaction():
        db.session.delete(ngo)
        db.session.flush()
        assert db.session.query(Sign).count() == 0


def test_what_stands_in_the_columns_at_their_longest_is_kept():
    ngo = make.ngo("n" * 250, domain="d" * 245 + ".example", website=f"https://{'ﷺ' * 280}.example", acronym="ß" * 40)
    with transaction():
        signs.write([ngo.id])
    assert max(len(value) for (value,) in db.session.query(Sign.value)) <= resemblance.LONGEST
