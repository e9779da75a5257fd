"""An exported round proves itself, and every planted fault is found by whoever checks it."""

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from matching import recheck
from matching.core.check import certify
from matching.core.columns import as_bytes
from matching.core.exported import Exported, findings, published
from matching.core.market import Market, Parameters, sha256
from matching.core.outcome import Outcome
from matching.core.solve import solve
from tests.matching.test_core_round import KINDS, section

FAULTS = 1_000
EXACT = {"unit", "divisible", "capped"}


def exported(*sections):
    market = Market(Parameters(seed="s"), sections)
    outcome = solve(market)
    rows = [
        published(of.direction, position, one)
        for of, decided in zip(sections, certify(market, outcome), strict=True)
        for position, one in enumerate(decided)
    ]
    return Exported("round", sha256(market.to_bytes()), sha256(outcome.to_bytes()), market, outcome, rows)


@pytest.fixture(scope="module")
def honest():
    several = section(seed=2), section(one_deal_each=True, seed=3), KINDS["split"], KINDS["bundle"]
    return exported(*several)


@pytest.mark.parametrize("kind", KINDS)
def test_an_honest_round_holds_and_survives_its_file(kind):
    found = exported(KINDS[kind])

    assert findings(found, input_sha256=found.input_sha256) == []
    assert Exported.from_bytes(found.to_bytes()).to_bytes() == found.to_bytes()


class Forger:
    """Changes one thing in a file and makes all the hashes in it fit again; what was published elsewhere stays."""

    def __init__(self, stored, rng):
        self.file, self.rng = json.loads(stored), rng
        self.market, self.outcome, self.components = (self.file[k] for k in ("market", "outcome", "components"))
        self.number = rng.randrange(len(self.market["sections"]))

    def forged(self):
        self.file["input_sha256"] = sha256(Market.of(self.market).to_bytes())
        self.file["outcome_sha256"] = sha256(Outcome.of(self.outcome).to_bytes())
        return Exported.from_bytes(as_bytes(self.file))

    def part(self, wanted=EXACT):
        parts = [p for section in self.outcome["sections"] for p in section if p["kind"] in wanted and any(p["units"])]
        return self.rng.choice(parts)

    def used(self, part):
        return self.rng.choice([edge for edge, units in enumerate(part["units"]) if units])

    def by(self):
        return self.rng.choice((-1, 1)) * self.rng.choice((1, 2, 50, 5_000))

    def column(self, table, name, by):
        values = self.market["sections"][self.number][table][name]
        values[self.rng.randrange(len(values))] += by

    def wrong_pair(self):
        part = self.part({*EXACT, "mixed"})
        edge = self.used(part)
        other = self.rng.choice([e for e in range(len(part["units"])) if e != edge] or [edge])
        if other == edge or part["units"][other] == part["units"][edge]:
            part["units"][edge] += 1
        else:
            part["units"][edge], part["units"][other] = part["units"][other], part["units"][edge]

    def shifted_price(self):
        part = self.part({*EXACT, "mixed"})
        part["unit_price_fen"][self.used(part)] += self.by()

    def overfull(self):
        part = self.part({*EXACT, "mixed"})
        part["units"][self.used(part)] += self.rng.choice((1, 3, 100))

    def dropped_deal(self):
        part = self.part({*EXACT, "mixed"})
        part["units"][self.used(part)] = 0

    def shifted_rent(self):
        rents = self.part()["lot_fen"]
        rents[self.rng.randrange(len(rents))] += self.by()

    def shifted_gain(self):
        gains = self.part()["need_fen"]
        gains[self.rng.randrange(len(gains))] += self.by()

    def shifted_end(self):
        ends = self.part()[self.rng.choice(("lot_low_fen", "lot_high_fen"))]
        ends[self.rng.randrange(len(ends))] += self.by()

    def dropped_edge(self):
        edges = self.market["sections"][self.number]["edges"]
        place = self.rng.randrange(len(edges["leg"]))
        for values in edges.values():
            del values[place]

    def forged_limit(self):
        self.column("legs", "limit_fen", self.by())

    def forged_reserve(self):
        self.column("edges", "reserve_fen", self.by())

    def forged_capacity(self):
        self.column("lots", "capacity", 1)

    def forged_figure(self):
        row = self.rng.choice(self.components)
        name = self.rng.choice(("primal_fen", "dual_fen", "gap_fen", "blocking", "unfair", "budget_fen"))
        row[name] += self.by()

    def forged_bound_and_gap(self):
        row = self.rng.choice(self.components)
        row["dual_fen"] -= (by := self.rng.randrange(1, 1_000))
        row["gap_fen"] -= by

    def forged_comparison(self):
        part = self.part({*EXACT, "mixed"})
        part[self.rng.choice(("greedy_fen", "first_come_fen"))] -= self.rng.randrange(1, 1_000)

    def forged_verdict(self):
        row = self.rng.choice(self.components)
        name = self.rng.choice(("is_exact", "is_sound"))
        row[name] = not row[name]

    def concealed_component(self):
        self.components.pop(self.rng.randrange(len(self.components)))

    def pretended_failure(self):
        self.part({*EXACT, "mixed"})["failure"] = "out of time"

    def other_kind(self):
        self.part()["kind"] = "mixed"

    def short_row(self):
        self.part({*EXACT, "mixed"})["units"].pop()


KINDS_OF_FAULTS = [
    name for name in vars(Forger) if name[0] != "_" and name not in {"forged", "part", "used", "by", "column"}
]


def test_a_thousand_planted_faults_are_all_found(honest):
    stored, unnoticed = honest.to_bytes(), []
    for number in range(FAULTS):
        kind = KINDS_OF_FAULTS[number % len(KINDS_OF_FAULTS)]
        forger = Forger(stored, random.Random(number))
        getattr(forger, kind)()
        if not findings(forger.forged(), input_sha256=honest.input_sha256):
            unnoticed.append((number, kind))

    assert len(KINDS_OF_FAULTS) >= 15
    assert unnoticed == []


def test_an_input_replaced_as_a_whole_shows_only_beside_the_published_hash(honest):
    other = exported(section(seed=9))

    assert findings(other) == []
    assert len(findings(other, input_sha256=honest.input_sha256)) == 1


def test_the_command_says_that_every_claim_holds(honest, tmp_path, capsys):
    path = tmp_path / "round.json.gz"
    path.write_bytes(gzip.compress(honest.to_bytes()))

    assert recheck.main([str(path), "--input-sha256", honest.input_sha256]) == 0

    text = capsys.readouterr().out
    assert text.endswith("Every claim holds.\n")
    assert f"primal_fen   {sum(row['primal_fen'] for row in honest.components):,}\n" in text


def test_the_command_names_what_does_not_hold(honest, tmp_path, capsys):
    forger = Forger(honest.to_bytes(), random.Random(5))
    forger.shifted_price()
    path = tmp_path / "round.json"
    path.write_bytes(forger.forged().to_bytes())

    assert recheck.main([str(path)]) == 1

    text = capsys.readouterr().out
    assert "a price does not follow from the rents\n" in text
    assert "claims do not hold.\n" in text


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\x1f\x8bbroken", b'{"format": "yuli-round-1"}', b"\xff"])
def test_what_is_no_exported_round_is_said_to_be_none(content, tmp_path, capsys):
    path = tmp_path / "round.json"
    path.write_bytes(content)

    assert recheck.main([str(path)]) == 2
    assert "cannot be read as an exported round" in capsys.readouterr().err


def test_checking_takes_neither_django_nor_a_solver():
    code = "import sys, matching.recheck; print(*sorted(set(sys.modules) & set(sys.argv[1:])))"
    words = [sys.executable, "-c", code, "django", "numba", "scipy.optimize", "highspy", "ortools"]

    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])  # noqa: S603

    assert done.stdout.split() == []
