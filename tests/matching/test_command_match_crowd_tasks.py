"""The crowd-work project: its tables go through the importer, and its tasks through an ordinary round."""

from io import StringIO

import pytest
from django.core.management import call_command

from marketplace.models import Demand, Listing
from matching.models import Proposal, Round

pytestmark = pytest.mark.django_db

# Three tasks in a row towards the north, some 1.1 km apart; the early member would take the two best of them.
TASKS = """task_id,lat,lon,price_cny,done,city
A0001,23.1600,113.3000,70,1,广州市
A0002,23.1700,113.3000,70,0,广州市
A0003,23.1800,113.3000,70,1,广州市
"""
MEMBERS = """member_id,lat,lon,quota,start_time,credit
B0001,23.1700,113.3000,2,06:30:00,100
B0002,23.1600,113.3000,1,07:00:00,50
B0003,113.3000,23.1700,5,06:30:00,50
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tasks.csv").write_text(TASKS)
    (tmp_path / "members.csv").write_text(MEMBERS)
    return tmp_path


def report(folder, *options: str) -> list[str]:
    out = StringIO()
    call_command("match_crowd_tasks", str(folder), *options, stdout=out)
    return out.getvalue().splitlines()


def test_a_round_gives_each_member_up_to_their_quota_and_is_compared(folder):
    lines = report(folder)

    rows = {line[:28].strip(): line[28:].split() for line in lines}
    assert "left out as dirty: 成员 B0003" in lines
    assert any("6 pairs within 10 km in 1 components; exact" in line for line in lines)
    matched, welfare, _, price, _ = rows["this round"]
    assert (matched, price) == ("3", "210.00")  # the member with a quota of two has two tasks
    # the early member would rather do the near task of either side, and whoever comes late walks
    assert rows["first come by start time"][0] == "3"
    assert float(welfare) >= float(rows["greedy"][1]) >= float(rows["first come by start time"][1])


def test_nothing_stays_behind_unless_it_is_asked_for(folder):
    report(folder)
    assert not any(model.objects.exists() for model in (Demand, Listing, Round))

    report(folder, "--keep")

    assert (Demand.objects.count(), Listing.objects.count()) == (3, 2)
    assert Proposal.objects.values("listing").distinct().count() == 2
    assert Proposal.objects.count() == 3
