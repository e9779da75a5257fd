"""A stored round leaves the database as a file that proves itself."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.core.actor import SYSTEM
from matching import recheck
from matching.services import rounds
from tests import make

pytestmark = pytest.mark.django_db


def decided():
    for code in ("instruments", "skills"):
        make.fitting_wish(code, published_at=make.MONDAY_9AM, period=None)
        make.fitting_offer(code)
    return rounds.run(by=SYSTEM, at=timezone.now())


@pytest.mark.parametrize("name", ["round.json", "round.json.gz"])
def test_the_latest_round_is_written_and_holds(name, tmp_path, capsys):
    found, out = decided(), StringIO()

    call_command("export_round", str(tmp_path / name), stdout=out)

    assert f"Round {found.code} in {tmp_path / name}" in out.getvalue()
    assert recheck.main([str(tmp_path / name), "--input-sha256", found.input_sha256]) == 0
    assert f"dual_fen     {found.dual_fen:,}\n" in capsys.readouterr().out


def test_a_figure_changed_in_the_database_is_found(tmp_path, capsys):
    found = decided()
    found.components.filter(position=0, direction="skills").update(is_exact=False)

    call_command("export_round", str(tmp_path / "round.json"), round=found.code, stdout=StringIO())

    assert recheck.main([str(tmp_path / "round.json")]) == 1
    assert "WRONG  skills 0: is_exact is True, not the published False\n" in capsys.readouterr().out


@pytest.mark.parametrize("words", [(), ("--round", "00000000-0000-4000-8000-000000000000")])
def test_without_such_a_round_nothing_is_written(words, tmp_path):
    with pytest.raises(CommandError, match="There is no such round"):
        call_command("export_round", str(tmp_path / "round.json"), *words)

    assert list(tmp_path.iterdir()) == []
