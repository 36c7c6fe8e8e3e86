from hashlib import sha256

from caucusmail.database import db
from caucusmail.demo import agendas, papers
from caucusmail.meetings import papers as kept
from caucusmail.meetings.filed import Paper, PaperFile


def test_every_paper_that_is_kept_here_is_a_whole_pdf_of_the_size_and_hash_that_are_told(demo_world):
    files = {one.paper_id: one.content for one in db.session.query(PaperFile)}
    here = [one for one in db.session.query(Paper) if not one.url]
    assert len(here) == len(papers.NOTES)
    for one in here:
        whole = files[one.id]
        assert (one.size, one.sha256, one.media_type) == (len(whole), sha256(whole).hexdigest(), kept.PDF)
        assert whole.index(b"xref") == int(whole.split(b"startxref\n")[1].split()[0])


def test_papers_hang_on_meetings_with_an_agenda():
    assert {*papers.NOTES, *papers.LINKS} <= set(agendas.OF)
