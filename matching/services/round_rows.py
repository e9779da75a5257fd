"""From an outcome to rows: the round, its components, a proposal per deal and a reason per need left wanting."""

import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import numpy as np

from accounts.core.actor import Actor
from accounts.core.parties import NoticeKind
from accounts.services import notifications
from common import audit, events
from common.db import copy_in
from common.errors import gettext_noop
from matching.core.check import Decided
from matching.core.market import Market, Section, sha256
from matching.core.outcome import Outcome
from matching.core.problem import ints
from matching.core.reasons import left_over
from matching.core.settle import first_of_deals
from matching.models import Component, Proposal, Round, RoundRecord, Unmatched
from matching.selectors.gathered import Gathered, GatheredSection
from matching.services import proposal_rows, proposal_times, round_aids, round_fairness
from matching.services.round_aids import Aid

SOFTWARE = ("numpy", "scipy", "numba")


@dataclass(frozen=True)
class Times:
    """How long each step took, in milliseconds."""

    gather_ms: int
    solve_ms: int
    verify_ms: int


def write(
    gathered: Gathered,
    outcome: Outcome,
    decided: Sequence[Sequence[Decided]],
    *,
    times: Times,
    trigger: str,
    unaided: Sequence[Sequence[Decided]] | None = None,
    rules: Mapping[str, Any] | None = None,
    only: Collection[tuple[int, int]] | None = None,
    by: Actor,
    at: datetime,
) -> Round:
    """Write everything a round found and tell those concerned; call it inside a transaction.

    Args:
        unaided: what was decided without bonuses, where there are any.
        rules: what its fairness terms come to, as of `round_trials.compared`.
        only: propose these (demand id, listing id) alone, and leave nobody wanting; all when None.
    """
    round_ = Round(at=at, trigger=trigger, by_user_id=by.user_id, **asdict(times))
    round_.directions = [section.direction for section in gathered.market.sections]
    round_.parameters = asdict(gathered.market.parameters)
    round_.rules = rules or {}
    round_.software = {name: version(name) for name in SOFTWARE}
    round_.n_entered, round_.n_left = gathered.entered, gathered.left
    _add_totals(round_, gathered.market, [one for section in decided for one in section])
    stored, answered = gathered.market.to_bytes(), outcome.to_bytes()
    round_.input_sha256, round_.outcome_sha256 = sha256(stored), sha256(answered)
    proposals: list[Proposal] = []
    unmatched: list[Unmatched] = []
    components: list[Component] = []
    aids: Sequence[Aid | None] = [None] * len(gathered.sections)
    if unaided is not None:
        aids = round_aids.aids(gathered, decided, unaided, at=at)
    for section, parts, aid in zip(gathered.sections, decided, aids, strict=True):
        rows = [_component(round_, section, position, one) for position, one in enumerate(parts)]
        components += rows
        made = proposal_rows.from_parts(round_, section, list(zip(rows, parts, strict=True)), aid=aid, at=at)
        if only is None:
            proposals += made
            unmatched += _unmatched(round_, section, gathered.market, parts, aid)
        else:
            proposals += [proposal for proposal in made if (proposal.demand_id, proposal.listing_id) in only]
    round_.n_deals = len(proposals)
    round_.n_served = len({proposal.demand_id for proposal in proposals})
    round_.n_unmatched = len(unmatched)
    round_.fairness = round_fairness.report(gathered.sections, decided, proposals, at=at)
    round_.value_fen = sum(proposal.total_fen for proposal in proposals)
    round_.save()
    RoundRecord.objects.create(round=round_, input=zlib.compress(stored, 1), outcome=zlib.compress(answered, 1))
    for row in components:
        row.round = round_  # which has a key only now
    copy_in(components)
    for proposal in proposals:
        proposal.round, proposal.component = round_, proposal.component
    copy_in(proposals)
    proposal_times.propose(proposals)
    for left in unmatched:
        left.round = round_
    copy_in(unmatched)
    concerned = _tell(proposals, unmatched, at=at)
    events.publish("round.finished", audience=concerned, round=round_.code)
    audit.record("round.run", round_, by=by, at=at, deals=round_.n_deals, trigger=trigger)
    return round_


def _add_totals(round_: Round, market: Market, decided: Sequence[Decided]) -> None:
    found = [one.certificate for one in decided]
    round_.n_needs = sum(len(section.needs.code) for section in market.sections)
    # Several weeks of one offer are one offer, and one possible deal with a need.
    round_.n_lots = sum(len(set(section.lots.code)) for section in market.sections)
    round_.n_edges = sum(_n_pairs(section) for section in market.sections)
    round_.n_components = len(decided)
    for name in ("primal_fen", "dual_fen", "gap_fen", "blocking", "unfair", "budget_fen"):
        setattr(round_, name, sum(getattr(certificate, name) for certificate in found))
    round_.greedy_fen = sum(one.outcome.greedy_fen for one in decided)
    round_.first_come_fen = sum(one.outcome.first_come_fen for one in decided)
    round_.is_sound = all(c.is_sound for c in found)
    round_.is_exact = all(c.is_exact and not one.outcome.failure for c, one in zip(found, decided, strict=True))


def _n_pairs(section: Section) -> int:
    listings: dict[str, int] = {}
    listing = ints([listings.setdefault(code, len(listings)) for code in section.lots.code])
    return np.unique(section.edges.leg * max(len(listings), 1) + listing[section.edges.lot]).size


def _component(round_: Round, section: GatheredSection, position: int, one: Decided) -> Component:
    found, decided = one.certificate, one.outcome
    return Component(
        round=round_,
        direction=section.direction,
        position=position,
        kind=decided.kind,
        method=decided.method,
        failure=decided.failure[:500],
        is_out_of_time=decided.out_of_time,
        n_needs=one.part.problem.n_needs,
        n_lots=len({section.rows.lots.code[lot] for lot in one.part.lots.tolist()}),
        n_edges=int(np.unique(one.part.deal).size),
        n_deals=first_of_deals(one.part, decided.units).size,
        primal_fen=found.primal_fen,
        dual_fen=found.dual_fen,
        gap_fen=found.gap_fen,
        blocking=found.blocking,
        unfair=found.unfair,
        budget_fen=found.budget_fen,
        greedy_fen=decided.greedy_fen,
        first_come_fen=decided.first_come_fen,
        is_sound=found.is_sound,
        is_exact=found.is_exact and not decided.failure,
    )


def _unmatched(
    round_: Round, section: GatheredSection, market: Market, parts: Sequence[Decided], aid: Aid | None
) -> Iterator[Unmatched]:
    decided = [(one.part, one.outcome) for one in parts]
    for left in left_over(section.rows, market.parameters, decided):
        need = section.needs[left.need]
        hurdle = section.hurdles.get(left.need)
        why, facts = (hurdle.why, hurdle.facts) if hurdle else (left.why, {})
        if aid and left.need in aid.lost:
            facts = {**facts, "by_bonus": True}
        yield Unmatched(
            round=round_,
            demand_id=need.id,
            owner_id=need.owner_id,
            direction=section.direction,
            quantity=left.units,
            why=why,
            leg=left.leg,
            listing_id=section.lots[left.lot].id if left.lot >= 0 else None,
            missing_fen=left.missing_fen,
            facts=facts,
        )


def _tell(proposals: Sequence[Proposal], unmatched: Sequence[Unmatched], *, at: datetime) -> set[int]:
    """Tell every party once how many proposals it has, and every owner how many needs went without; return them."""
    by_party = Counter(party for proposal in proposals for party in proposal.party_ids())
    without = Counter(row.owner_id for row in unmatched)
    for counts, message, link in (
        (by_party, gettext_noop("A match round has %(count)s proposals for you."), "/proposals"),
        (without, gettext_noop("A match round left %(count)s of your needs wanting; see why."), "/demands/mine"),
    ):
        parties_by_count: dict[int, list[int]] = {}
        for party, count in counts.items():
            parties_by_count.setdefault(count, []).append(party)
        for count, parties in sorted(parties_by_count.items()):
            notifications.notify(
                organisation_ids=parties,
                kind=NoticeKind.MATCH,
                message=message,
                params={"count": count},
                link=link,
                at=at,
            )
    return {*by_party, *without}
