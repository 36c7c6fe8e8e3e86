"""Whom an announcement is for: chosen, counted, named."""

import pytest

from caucusmail import clock
from caucusmail.announcements.models import Announcement
from caucusmail.database import db
from caucusmail.directory.models import Caucus, Seat
from tests import make
from tests.entering import enter
from tests.web.composing import begin, page, save


def test_an_audience_that_one_may_not_choose_is_refused_with_the_text_kept(client, vrwg, ilse):
    url = begin(client, vrwg, "notice")
    assert "whole membership" not in page(client, url)
    answer = save(client, url, subject_en="To all", body_en="Everybody!", everybody="y")
    assert answer.status_code == 409
    assert "Choose at least one group" in answer.get_data(as_text=True)
    assert "Everybody!" in answer.get_data(as_text=True)


def test_no_group_is_nobody_and_the_whole_membership_is_ticked(client, vrwg, ilse):
    for slug in ("fenicc", "peace"):
        caucus = make.caucus(slug)
        make.member(caucus, group=make.group(caucus))
    enter(client, make.secretary())
    url = begin(client, vrwg, "notice")
    save(client, url, subject_en="To all", body_en="Everybody!", caucus_ids=None)
    assert "no group is chosen yet" in page(client, url + "/check")
    save(client, url, everybody="y")
    html = page(client, url + "/check")
    assert "2 people get this now" in html
    assert "any group: the whole membership" in html
    assert "type: ALL 2" in page(client, url + "/confirm")


def test_experts_are_counted_in_no_country_and_their_region_is_not_known(client, vrwg, ilse):
    group, ngo = make.group(vrwg), make.ngo()
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=vrwg.id, since=clock.now()))
    make.member(vrwg, group=group, seat_id=seat.id)
    make.member(vrwg, group=group)
    url = begin(client, vrwg, "notice")
    save(client, url, subject_en="Hello", body_en="You.")
    assert "2 people get this now: 1 organisation in 1 country and 1 individual expert." in page(client, url + "/check")
    save(client, url, region_ids=[str(ngo.region_id)])
    html = page(client, url + "/check")
    assert "1 person gets this now: 1 organisation in 1 country." in html
    assert "of 1 no region is known" in html
    assert "has no region that is known" in page(client, url + "/audience?out=no-region")


def test_check_and_confirm_name_the_groups_and_the_filters(client, vrwg, ilse):
    other = make.coordinator(make.caucus("fenicc", names={"en": "Faith Network"}), ilse) and make.rows(Caucus)[-1]
    for caucus in (vrwg, other):
        make.member(caucus, group=make.group(caucus))
    url = begin(client, vrwg, "notice")
    chosen = {"caucus_ids": [str(other.id)], "readers": ["en", "fr"], "roles": ["individual"]}
    save(client, url, subject_en="Hello", body_en="You.", **chosen)
    for path in ("/check", "/confirm"):
        html = page(client, url + path)
        for words in ("Faith Network", "English and French", "Individual experts"):
            assert f"<dd>{words}</dd>" in html
    assert "type: FENICC" in html  # the group that gets it, not the one that writes
    save(client, url, caucus_ids=[str(vrwg.id), str(other.id)])
    html = page(client, url + "/confirm")
    assert "<dd>Victims’ Rights Working Group and Faith Network</dd>" in html
    assert "type: ALL 2" in html


def test_the_audience_page_says_who_and_why_and_who_not(client, vrwg, ilse):
    group = make.group(vrwg)
    make.member(vrwg, make.person("Achieng Odera"), group)
    make.member(vrwg, make.person("Rosa Quispe"))  # without a place on the group
    url = begin(client, vrwg, "notice")
    save(client, url, subject_en="Hello")
    got = page(client, url + "/audience")
    assert "Achieng Odera" in got
    assert "Rosa Quispe" not in got
    assert "has “zzz” in their name" in page(client, url + "/audience?find=zzz")
    assert page(client, url + "/audience?page=-3&find=Achieng")


@pytest.mark.parametrize(
    "query", ["?page=99999999999999999999", "?out=nonsense", "?page=x&out=paused", "?find=" + "a" * 500]
)
def test_a_strange_question_is_answered_calmly(client, vrwg, ilse, query):
    assert client.get(begin(client, vrwg) + "/audience" + query).status_code in (200, 404)


def test_a_further_email_group_of_the_caucus_can_be_chosen_or_left_out(client, vrwg, ilse):
    drafting = make.group(vrwg, local_part="vrwg-drafting", names={"en": "Drafting group"})
    url = begin(client, vrwg, "notice")
    assert "Drafting group" in page(client, url)
    answer = save(
        client, url, subject_en="Draft", body_en="Please read.", caucus_ids=None, group_ids=[str(drafting.id)]
    )
    assert answer.status_code == 303
    (announcement,) = make.rows(Announcement)
    assert announcement.audience == {"group_ids": [drafting.id]}
    save(client, url, caucus_ids=[str(vrwg.id)], group_ids=None, exclude_group_ids=[str(drafting.id)])
    db.session.expire_all()
    assert make.rows(Announcement)[0].audience == {"caucus_ids": [vrwg.id], "exclude_group_ids": [drafting.id]}
