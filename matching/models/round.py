"""What a match round decided, on what, how well, and the bytes that let anyone repeat it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Certified(models.Model):
    """The six integers of a certificate, with the two simpler ways beside them (see core/verify.py)."""

    n_needs = models.PositiveIntegerField()
    n_lots = models.PositiveIntegerField()
    n_edges = models.PositiveIntegerField()
    n_deals = models.PositiveIntegerField()
    primal_fen = models.BigIntegerField()  # total surplus
    dual_fen = models.BigIntegerField()  # what no plan can exceed
    gap_fen = models.BigIntegerField()
    blocking = models.PositiveIntegerField()
    unfair = models.PositiveIntegerField()
    budget_fen = models.BigIntegerField()
    greedy_fen = models.BigIntegerField()
    first_come_fen = models.BigIntegerField()
    is_sound = models.BooleanField()  # feasible, inside all limits, balanced, bounded
    is_exact = models.BooleanField()  # sound, and proved optimal and stable

    class Meta:
        abstract = True

    @property
    def gap_bp(self) -> int:
        """The gap in basis points of the bound: how far from optimal the plan can be at most."""
        return -(-self.gap_fen * 10_000 // self.dual_fen) if self.dual_fen else 0


class Round(Certified):
    """One finished round; it proposes, it never concludes a deal."""

    class Trigger(models.TextChoices):
        OPERATOR = "operator"
        COMMAND = "command"
        SCHEDULE = "schedule"
        LIVE = "live"  # only the pairs whose moment had come are proposed

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(db_index=True)  # the instant it looked at the market
    trigger = models.CharField(max_length=16, choices=Trigger)
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    directions = ArrayField(models.CharField(max_length=32))
    parameters = models.JSONField()  # core.market.Parameters, by name
    software = models.JSONField()  # versions that decided it: a replay elsewhere may explain a difference
    n_components = models.PositiveIntegerField()
    n_served = models.PositiveIntegerField()  # needs with a partner
    n_unmatched = models.PositiveIntegerField()
    n_entered = models.PositiveIntegerField(default=0)  # pairs beyond the nearest that the prices let in
    n_left = models.PositiveIntegerField(null=True)  # pairs left outside that could gain; none: nobody looked
    fairness = models.JSONField(default=dict)  # core.fairness.Fairness, by name
    rules = models.JSONField(default=dict)  # services.round_trials.compared; empty without fairness terms
    value_fen = models.BigIntegerField()  # sum of what is proposed to be paid
    gather_ms = models.PositiveIntegerField()
    solve_ms = models.PositiveIntegerField()
    verify_ms = models.PositiveIntegerField()
    input_sha256 = models.CharField(max_length=64)
    outcome_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(name="round_gap_adds_up", condition=Q(gap_fen=F("dual_fen") - F("primal_fen"))),
            models.CheckConstraint(
                name="round_exact_means_no_gap", condition=Q(is_exact=False) | Q(gap_fen=0, blocking=0, is_sound=True)
            ),
            models.CheckConstraint(
                name="round_sound_means_fair", condition=Q(is_sound=False) | Q(unfair=0, budget_fen=0, gap_fen__gte=0)
            ),
        ]

    @property
    def seconds(self) -> float:
        return (self.gather_ms + self.solve_ms + self.verify_ms) / 1000

    @property
    def gain_over_greedy_fen(self) -> int:
        return self.primal_fen - self.greedy_fen

    @property
    def gain_over_first_come_fen(self) -> int:
        return self.primal_fen - self.first_come_fen


class RoundRecord(models.Model):
    """The compressed bytes of a round's input and outcome, apart so that lists do not carry them."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="record")
    input = models.BinaryField()  # zlib over core.market.Market.to_bytes()
    outcome = models.BinaryField()  # zlib over core.solve.Outcome.to_bytes()


class Component(Certified):
    """One part of a round's market that was decided alone."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="components")
    direction = models.CharField(max_length=32)
    position = models.PositiveIntegerField()  # within the direction
    kind = models.CharField(max_length=16)  # unit, divisible, mixed
    method = models.CharField(max_length=16)
    failure = models.CharField(max_length=500, blank=True)
    is_out_of_time = models.BooleanField(default=False)  # the clock ended its search: a replay may differ

    class Meta:
        constraints = [
            models.UniqueConstraint(name="component_once", fields=["round", "direction", "position"]),
            models.CheckConstraint(name="component_gap_adds_up", condition=Q(gap_fen=F("dual_fen") - F("primal_fen"))),
        ]
