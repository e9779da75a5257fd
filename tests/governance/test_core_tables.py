"""Machines, limits and words of governance, as tables."""

from datetime import date

import pytest

from governance.core import limits
from governance.core.complaint_clocks import LIMITS, ON_HARD_STOP, ON_TIMEOUT
from governance.core.complaint_inputs import NEEDS, StepWords, missing, takes
from governance.core.complaint_notices import NOTICES
from governance.core.complaint_states import BEFORE_AGREEMENT, CLOSED, COMPLAINT, OPEN, PAUSED, ComplaintState
from governance.core.report_states import REPORT, ReportState
from governance.selectors import limits as table

MACHINES = {"complaint": (COMPLAINT, ComplaintState), "report": (REPORT, ReportState)}


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_can_be_reached(name):
    machine, states = MACHINES[name]
    reached, grown = {machine.initial}, True
    while grown:
        more = {m.target for m in machine.moves if m.sources & reached}
        grown = not more <= reached
        reached |= more

    assert reached == set(states)


def test_only_the_archive_and_an_informed_reporter_are_the_end():
    for machine, end in ((COMPLAINT, ComplaintState.ARCHIVED), (REPORT, ReportState.INFORMED)):
        assert machine.states() - {source for m in machine.moves for source in m.sources} == {end}


def test_open_closed_and_draft_share_out_the_states():
    assert OPEN | CLOSED | {ComplaintState.DRAFT} == set(ComplaintState)
    assert not OPEN & CLOSED
    assert OPEN | {ComplaintState.DRAFT} >= BEFORE_AGREEMENT
    assert PAUSED <= OPEN


def test_every_state_but_draft_archive_and_pause_for_appraisal_has_a_clock():
    assert set(ComplaintState) - set(LIMITS) == {
        ComplaintState.DRAFT,
        ComplaintState.ARCHIVED,
        ComplaintState.APPRAISAL,
    }


def test_system_moves_start_where_they_are_due():
    for due in (ON_TIMEOUT, ON_HARD_STOP):
        for state, name in due.items():
            assert name in COMPLAINT.open_moves(state, {"system"})


def test_every_move_is_told_to_a_party_but_what_waits_in_the_mediators_queue_and_the_archive():
    assert {m.name for m in COMPLAINT.moves} - set(NOTICES) == {"submit", "give_info", "archive"}


def test_words_are_known_for_real_moves_only():
    assert set(NEEDS) <= {m.name for m in COMPLAINT.moves}
    assert missing("propose", StepWords("x")) == ["finding"]
    assert missing("accept", StepWords()) == []
    assert takes("escalate") == {"outlet", "text"}


def test_every_clock_has_a_limit_in_force_in_each_year_since_2024():
    for year in (2024, 2025, 2026, 2030):
        for code in {*LIMITS.values(), "complaint.hard_stop", "complaint.reopen", "rating.seal", "report.inform"}:
            assert limits.in_force(table.table(), code, date(year, 6, 1)).value > 0


def test_no_two_limits_of_one_code_are_in_force_on_one_day():
    for day in (date(2024, 1, 1), date(2026, 4, 14), date(2026, 4, 15), date(2026, 12, 31)):
        codes = [
            row.code
            for row in table.table()
            if row.in_force_from <= day and (row.in_force_until is None or day < row.in_force_until)
        ]
        assert len(codes) == len(set(codes))


@pytest.mark.clause("XM-4.2.1h")
def test_limits_name_their_source_and_numbers_nobody_has_read_are_marked():
    rows = {(row.code, row.in_force_from): row for row in table.table()}

    old, new = rows["complaint.hard_stop", date(2024, 1, 1)], rows["complaint.hard_stop", date(2026, 4, 15)]
    assert (old.value, old.is_verified, old.in_force_until) == (45, True, date(2026, 4, 15))
    assert not new.is_verified
    assert all(row.source for row in rows.values())


def test_a_day_before_the_table_has_no_limit():
    with pytest.raises(LookupError):
        limits.in_force(table.table(), "complaint.hard_stop", date(2023, 12, 31))
