"""Each measure in small: that it runs and tells its figure. Nothing here says how fast."""

from pathlib import Path
from typing import Any

import pytest

from tests import services
from tests.bench import mailman, slow_server
from tests.bench.__main__ import MEASURES, chosen, said
from tests.bench.figures import Asked, ratio, spread
from tests.faults.stores import LeftOut

SMALL = Asked(letters=12, runs=1, workers=(1,), lines=(4,))
TWO = Asked(letters=12, runs=1, workers=(2,), lines=(4,))


def told(name: str, asked: Asked = SMALL) -> list[dict[str, Any]]:
    """The lines of one measure."""
    lines: list[dict[str, Any]] = []
    try:
        MEASURES[name](lambda measure, **figures: lines.append({"measure": measure, **figures}), asked)
    except LeftOut as why:
        services.missing(str(why))
    return lines


def test_what_is_asked_for_is_chosen_and_a_name_of_nothing_is_refused():
    assert chosen("engine_sqlite, bounces") == ["engine_sqlite", "bounces"]
    assert [*chosen(""), "million_postgresql", "million_sqlite"] == list(MEASURES), (
        "what takes too long is named to be done"
    )
    assert chosen("million_sqlite") == ["million_sqlite"]
    with pytest.raises(SystemExit, match="no such measure: speed"):
        chosen("speed")


def test_the_command_line_is_understood_and_what_it_does_not_say_is_usual():
    assert said({}) == Asked()
    assert said({"N": "500", "RUNS": "5", "WORKERS": "2", "LINES": "4,16"}) == Asked(500, 5, (2,), (4, 16))


def test_the_middle_of_several_runs_is_told_with_its_neighbours():
    assert spread([30.4, 10.2, 20.3]) == {"median": 20, "min": 10, "max": 30, "runs": 3}
    assert ratio([1.0, 3.0, 2.0], [4.0]) == 0.5


@pytest.mark.journey
def test_the_raw_limit_is_told():
    [line] = told("relay_limit")
    assert (line["n"], line["runs"]) == (12, 1)
    assert line["median"] > 0


@pytest.mark.journey
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_engine_sends_everything_once_beside_the_raw_limit(database: str):
    [line] = told(f"engine_{database}", TWO)
    assert (line["database"], line["workers"], line["lines"], line["n"]) == (database, 2, 4, 12)
    assert line["ratio"] == pytest.approx(line["median"] / line["R"]["median"], rel=0.05)
    assert line["cpu_us_a_letter"]["median"] > 0
    assert line["octets"] > 3000


@pytest.mark.journey
def test_the_loop_of_the_documentation_sends_letters_like_ours_beside_the_engine():
    [line] = told("docs_loop")
    assert (line["processes"], line["n"]) == (1, 12)
    assert line["median"] > 0
    assert line["engine"]["median"] > 0
    assert line["engine_to_loop"] > 0


@pytest.mark.journey
def test_signed_letters_are_told_as_a_share_of_what_rsa_allows():
    one, both, neither = told("dkim")
    assert (one["keys"], both["keys"]) == ("RSA-2048", "RSA-2048 and Ed25519")
    assert one["octets"] == both["octets"] > 3000, "the size is told without signatures"
    assert 0 < one["share"] < 2
    assert "never" in neither["left_out"]


@pytest.mark.journey
def test_a_slow_relay_takes_everything_from_both():
    [line] = told("slow_relay")
    assert (line["lines"], line["n"]) == (16, 12)
    assert line["ratio"] > 0


def test_the_slow_relay_answers_in_groups_and_counts_final_dots():
    talk = slow_server.Conversation()
    assert talk.answers(b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT") == slow_server.EHLO + b"250 2.0.0 fine\r\n"
    assert talk.answers(b" TO:<c@d>\r\nDATA\r\n").endswith(b"354 go on\r\n")
    assert talk.answers(b"Subject: x\r\n\r\nDATA\r\n.") == b""
    assert talk.answers(b"\r\nMAIL FROM:<a@b>\r\n") == b"250 2.0.0 taken\r\n250 2.0.0 fine\r\n"
    assert talk.dots == 1


@pytest.mark.journey
def test_a_worker_is_weighed_with_few_and_with_ten_times_as_many():
    [line] = told("worker_memory")
    assert list(line["peaks"]) == ["12", "120"]
    assert 20 < line["peaks"]["12"] < 1000


@pytest.mark.journey
def test_a_change_reaches_everybody_who_was_invited():
    [line] = told("change_letter")
    assert line["n"] == 12
    assert 0 < line["click_to_first_letter"]["median"] <= line["click_to_last_letter"]["median"]


@pytest.mark.journey
def test_the_first_letter_follows_the_click_and_the_release():
    [line] = told("first_letter")
    times = {name: line[name]["median"] for name in ("confirming", "click_to_release", "release_to_first_letter")}
    assert min(times.values()) > 0
    assert times["click_to_release"] + times["release_to_first_letter"] == pytest.approx(
        line["click_to_first_letter"]["median"], abs=0.01
    )
    assert line["n"] == 12


@pytest.mark.journey
def test_a_row_of_the_ledger_is_weighed_owed_sent_and_packed():
    lines = told("ledger_bytes", Asked(letters=400, runs=1))
    assert [line["database"] for line in lines] == ["sqlite", "postgresql"]
    for line in lines:
        if "left_out" in line:
            services.missing(line["left_out"])
        for when in ("owed", "sent", "packed"):
            assert 100 < line[when]["in_all"] < 10_000
            assert line[when]["in_all"] == line[when]["table"] + line[when]["indexes"]


@pytest.mark.journey
def test_twice_the_workers_send_everything_once_and_are_told_beside_the_first():
    one, two = told("scale_out")
    assert (one["workers"], two["workers"]) == (1, 2)
    assert one["growth"] == 1
    assert two["growth"] > 0


@pytest.mark.journey
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_long_list_tells_time_disk_and_memory(database: str):
    [line] = told(f"million_{database}")
    assert (line["database"], line["n"], line["workers"]) == (database, 12, 1)
    assert line["database_mb"]["people"] <= line["database_mb"]["owed"] <= line["database_mb"]["sent"]
    assert 20 < line["peak_mb"] < 1000
    assert line["confirm_peak_mb"] > 20  # of the process that asks: here one that has run a thousand tests


def test_without_an_installation_of_mailman_the_comparison_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv(mailman.NAMED, raising=False)
    with pytest.raises(LeftOut, match="MAILMAN names no installation"):
        mailman.installed()
    monkeypatch.setenv(mailman.NAMED, str(tmp_path))
    with pytest.raises(LeftOut, match="no program called master"):
        mailman.installed()
    (tmp_path / "master").touch()
    assert mailman.installed() == tmp_path


@pytest.mark.journey
def test_the_members_page_is_asked_for_and_the_import_left_out():
    *pages, importing = told("members_page", Asked(letters=30))
    assert [(page["which"], page["rows"]) for page in pages] == [("first page", 25), ("search", 0), ("last page", 5)]
    assert "left_out" in importing


@pytest.mark.corpora
def test_reports_read_are_told_with_their_marks():
    lines = told("bounces")
    if "left_out" in lines[-1]:
        services.missing(lines[-1]["left_out"])
    [line] = [line for line in lines if line["measure"] == "bounces"]
    assert set(line["required"]) <= set(line)
    assert line["crashes"] == line["false_on_ordinary"] == 0


def test_clashes_are_counted_and_a_better_time_is_found():
    [line] = told("clashes", Asked(letters=60, runs=1))
    assert (line["people"], line["better"], line["ms"]["runs"]) == (60, True, 3)
    assert min(line["totals"]) > 0


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_protecting_somebody_is_measured_and_lifting(database):
    [line] = told(f"protect_now_{database}", Asked(letters=30, runs=2))
    assert (line["database"], line["rows"] > 30, line["quotes"]) == (database, True, 83)
