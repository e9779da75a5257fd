"""Run one match round from the command line and print what it is worth."""

from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.core.actor import SYSTEM
from common.errors import Refused
from matching.core.market import Parameters
from matching.models import Round
from matching.services import rounds


class Command(BaseCommand):
    help = "Run one match round over all published needs and offers; propose, never conclude."

    def add_arguments(self, parser: ArgumentParser) -> None:
        defaults = Parameters()
        parser.add_argument("--direction", action="append", help="only this direction; may be given several times")
        parser.add_argument("--radius-km", type=int, default=defaults.radius_m // 1000)
        parser.add_argument("--nearest", type=int, default=defaults.nearest, help="lots compared with each need")
        parser.add_argument("--quota-by", choices=("provider", "zone"), default="", help="bound the share of each")
        parser.add_argument("--quota-percent", type=int, default=100, help="that share of what a direction wants")
        parser.add_argument("--entrant-bonus-bp", type=int, default=0, help="bonus of new entrants, of the limit")
        parser.add_argument("--entrant-floor-bp", type=int, default=0, help="share of the deals that they should get")
        parser.add_argument("--memory-bonus-bp", type=int, default=0, help="bonus per round that a need went without")
        parser.add_argument("--memory-rounds", type=int, default=defaults.memory_rounds, help="rounds that count")
        parser.add_argument("--replay", action="store_true", help="decide the round again and compare every byte")

    def handle(self, *args: Any, **options: Any) -> None:
        parameters = replace(
            Parameters(),
            radius_m=options["radius_km"] * 1000,
            nearest=options["nearest"],
            quota_by=options["quota_by"],
            quota_share_bp=options["quota_percent"] * 100,
            entrant_bonus_bp=options["entrant_bonus_bp"],
            entrant_floor_bp=options["entrant_floor_bp"],
            memory_bonus_bp=options["memory_bonus_bp"],
            memory_rounds=options["memory_rounds"],
        )
        at = timezone.now()
        try:
            found = rounds.run(
                by=SYSTEM,
                at=at,
                directions=options["direction"],
                parameters=parameters,
                trigger=Round.Trigger.COMMAND,
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.report(found)
        if options["replay"]:
            again = rounds.replay(found.code, by=SYSTEM, at=at)
            self.line("Replay", f"{'the same bytes' if again.is_same else 'DIFFERS'} ({again.seconds:.2f} s)")

    def report(self, found: Round) -> None:
        self.line("Round", str(found.code))
        self.line("Market", f"{found.n_needs} needs, {found.n_lots} lots, {found.n_edges} candidate pairs")
        self.line("Proposals", f"{found.n_deals} for {found.n_served} needs; {found.n_unmatched} left wanting")
        self.line("Welfare", yuan(found.primal_fen))
        if found.rules:
            chosen, free = found.rules["chosen"], found.rules["free"]
            self.line("  fairness", f"costs {yuan(free['gain_fen'] - chosen['gain_fen'])}, bonuses apart")
        self.line("  greedy", f"{yuan(found.greedy_fen)} ({gain(found.primal_fen, found.greedy_fen)})")
        self.line("  first come", f"{yuan(found.first_come_fen)} ({gain(found.primal_fen, found.first_come_fen)})")
        verdict = "exact: no gap, nobody would rather leave" if found.is_exact else f"gap {yuan(found.gap_fen)} at most"
        self.line("Certificate", f"{'verified' if found.is_sound else 'NOT SOUND'}, {verdict}")
        self.line("Input", f"sha256 {found.input_sha256}")
        self.line(
            "Seconds",
            f"{found.seconds:.2f} (gather {found.gather_ms / 1000:.2f}, solve {found.solve_ms / 1000:.2f}, "
            f"verify {found.verify_ms / 1000:.2f})",
        )

    def line(self, name: str, text: str) -> None:
        self.stdout.write(f"{name:<13}{text}")


def yuan(fen: int) -> str:
    return f"{fen / 100:,.2f} yuan"


def gain(ours: int, theirs: int) -> str:
    return f"we gain {(ours - theirs) / theirs:+.1%}" if theirs else "nothing to compare"
