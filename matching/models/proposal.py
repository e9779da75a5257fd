"""What a round proposes to two sides, and why the others got nothing."""

import uuid

from django.contrib.gis.db.models import PointField
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from matching.core.explain import Why
from matching.core.proposal_states import OPEN, PROPOSAL, Party, ProposalState


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def of_organisation(self, organisation_id: int | None) -> "ProposalQuerySet":
        return self.filter(Q(consumer_id=organisation_id) | Q(provider_id=organisation_id))

    def open(self) -> "ProposalQuerySet":
        return self.filter(state__in=sorted(OPEN))

    def joined(self) -> "ProposalQuerySet":
        return self.select_related("round", "demand", "listing", "consumer", "provider")


class Proposal(models.Model):
    """A deal that a round suggests to a consumer and a provider; nothing is owed until both accept."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey("matching.Round", on_delete=models.PROTECT, related_name="proposals")
    component = models.ForeignKey("matching.Component", on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=32)
    demand = models.ForeignKey("marketplace.Demand", on_delete=models.PROTECT, related_name="proposals")
    demand_version = models.PositiveIntegerField()
    listing = models.ForeignKey("marketplace.Listing", on_delete=models.PROTECT, related_name="proposals")
    listing_version = models.PositiveIntegerField()
    consumer = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    # All proposals of one need in one round; for all-or-nothing needs they stand or fall together.
    bundle = models.UUIDField(db_index=True)
    is_whole = models.BooleanField(default=False)
    leg = models.CharField(max_length=64, blank=True)
    quantity = models.PositiveBigIntegerField()  # in `unit`
    unit = models.CharField(max_length=32)
    unit_price_fen = models.PositiveBigIntegerField()
    setup_fen = models.PositiveBigIntegerField(default=0)
    total_fen = models.PositiveBigIntegerField()
    low_unit_price_fen = models.PositiveBigIntegerField()  # any price in this range supports the plan
    high_unit_price_fen = models.PositiveBigIntegerField()
    limit_fen = models.PositiveBigIntegerField()  # per unit; for the consumer's eyes
    reserve_fen = models.PositiveBigIntegerField()  # per unit; for the provider's eyes
    gain_fen = models.PositiveBigIntegerField()  # surplus of the deal, both sides together, bonuses apart
    entrant_bonus_bp = models.PositiveIntegerField(default=0)  # what it counted for beyond its worth, of the limit
    memory_bonus_bp = models.PositiveIntegerField(default=0)  # likewise, for rounds in which its need went without
    is_by_bonus = models.BooleanField(default=False)  # without bonuses the round would not have proposed it
    fit_bp = models.PositiveIntegerField()
    fit_terms = models.JSONField(default=list)
    distance_m = models.PositiveIntegerField(null=True)
    rank = models.PositiveIntegerField()  # of this partner among the need's candidates, by surplus
    n_candidates = models.PositiveIntegerField()
    # The partner the need would turn to next, and by how many fen per unit that one falls short.
    next_listing = models.ForeignKey("marketplace.Listing", on_delete=models.PROTECT, null=True, related_name="+")
    next_missing_fen = models.PositiveBigIntegerField(null=True)
    period = DateTimeRangeField(null=True)
    weeks = models.JSONField(default=list)  # [calendar week, quantity], where capacity is promised by the week
    consumer_place = PointField(null=True)  # rounded to about a kilometre, for the public map
    provider_place = PointField(null=True)
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in ProposalState], default=PROPOSAL.initial)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    order_code = models.UUIDField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="proposal_state_known", condition=Q(state__in=sorted(ProposalState))),
            models.CheckConstraint(
                name="proposal_total_adds_up",
                condition=Q(total_fen=F("quantity") * F("unit_price_fen") + F("setup_fen")),
            ),
            models.CheckConstraint(name="proposal_above_reserve", condition=Q(unit_price_fen__gte=F("reserve_fen"))),
            # A bundle or split order has one limit for all its parts; the checker looks at their sum.
            models.CheckConstraint(
                name="proposal_within_limit", condition=Q(is_whole=True) | Q(unit_price_fen__lte=F("limit_fen"))
            ),
            models.CheckConstraint(name="proposal_not_with_oneself", condition=~Q(consumer=F("provider"))),
            models.CheckConstraint(name="proposal_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="proposal_fit_in_range", condition=Q(fit_bp__lte=10_000)),
            models.UniqueConstraint(
                name="proposal_open_once",
                fields=["demand", "listing", "leg"],
                condition=Q(state__in=sorted(OPEN)),
            ),
        ]
        indexes = [
            models.Index(name="proposal_by_consumer", fields=["consumer", "-made_at"]),
            models.Index(name="proposal_by_provider", fields=["provider", "-made_at"]),
            # proposals.sweep_deadlines
            models.Index(name="proposal_due", fields=["expires_at"], condition=Q(state__in=sorted(OPEN))),
        ]

    def party_ids(self) -> tuple[int, int]:
        return (self.consumer_id, self.provider_id)

    def side_of(self, organisation_id: int | None) -> Party | None:
        """Return which side the organisation is on, or None for a stranger."""
        return {self.consumer_id: Party.CONSUMER, self.provider_id: Party.PROVIDER}.get(organisation_id or 0)


class ProposalStep(models.Model):
    """One move of a proposal; rows are only ever added."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=32)
    source_state = models.CharField(max_length=16)
    target_state = models.CharField(max_length=16)
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    by_organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(name="proposal_step_by_proposal", fields=["proposal", "at", "id"])]


class Unmatched(models.Model):
    """A need that a round left with less than it wanted: the first reason that binds, and what would help."""

    round = models.ForeignKey("matching.Round", on_delete=models.CASCADE, related_name="unmatched")
    demand = models.ForeignKey("marketplace.Demand", on_delete=models.PROTECT, related_name="unmatched")
    owner = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=32)
    quantity = models.PositiveBigIntegerField()  # what is missing
    why = models.CharField(max_length=32, choices=[(w, w.name) for w in Why])
    leg = models.CharField(max_length=64, blank=True)
    # The offer that came nearest, and by how much a unit would have to be worth more, in fen.
    listing = models.ForeignKey("marketplace.Listing", on_delete=models.PROTECT, null=True, related_name="+")
    missing_fen = models.PositiveBigIntegerField(default=0)
    facts = models.JSONField(default=dict)  # what the sentence names: distance_m, term

    class Meta:
        constraints = [
            models.CheckConstraint(name="unmatched_why_known", condition=Q(why__in=sorted(Why))),
            models.UniqueConstraint(name="unmatched_once", fields=["round", "demand"]),
        ]
        indexes = [models.Index(name="unmatched_by_demand", fields=["demand", "-round"])]
