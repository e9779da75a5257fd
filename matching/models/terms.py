"""What a round's gap is made of, and how scarce what was offered was; made once, after the round."""

from django.db import models
from django.db.models import Q


class RoundTerms(models.Model):
    """That the terms of a round are made, with their sums; its gap is what all claims and quotas come to."""

    round = models.OneToOneField("matching.Round", on_delete=models.CASCADE, related_name="terms")
    n_claims = models.PositiveIntegerField()  # participants with a claim: needs and offers
    claims_fen = models.BigIntegerField()
    quotas_fen = models.BigIntegerField()  # what quotas that nobody used up would have brought at their price
    n_rejected = models.PositiveIntegerField()  # needs without a deal that wanted one at the prices
    rejected_fen = models.BigIntegerField()
    n_made_whole = models.PositiveIntegerField()  # needs whose deals the prices would have put at a loss
    made_whole_fen = models.BigIntegerField()


class Side(models.TextChoices):
    NEED = "need"
    OFFER = "offer"


class Claim(models.Model):
    """What one participant could justly complain about in a round, or what its partners forgo for it."""

    round = models.ForeignKey("matching.Round", on_delete=models.CASCADE, related_name="claims")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side)
    direction = models.CharField(max_length=32)
    division_code = models.CharField(max_length=6, blank=True)  # of need or offer
    lost_fen = models.PositiveBigIntegerField()
    is_rejected = models.BooleanField()
    made_whole_fen = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="claim_says_something", condition=Q(lost_fen__gt=0) | Q(made_whole_fen__gt=0)),
            models.CheckConstraint(name="claim_rejected_is_a_need", condition=Q(is_rejected=False) | Q(side=Side.NEED)),
        ]


class ScarcityShare(models.Model):
    """One participant's share in what a round compared of one class and city: only sums of several leave the house."""

    round = models.ForeignKey("matching.Round", on_delete=models.CASCADE, related_name="scarcity")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side)
    direction = models.CharField(max_length=32)
    class_code = models.CharField(max_length=64)
    city_code = models.CharField(max_length=7)  # of the offers; "000000~" where they name none
    n = models.PositiveIntegerField()  # lots offered, or needs compared with such lots
    n_scarce = models.PositiveIntegerField(default=0)  # lots with a rent
    premium_bp = models.PositiveBigIntegerField(default=0)  # sum over lots: rent in basis points of the price

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="scarcity_share_once",
                fields=["round", "direction", "class_code", "city_code", "side", "organisation"],
            ),
        ]
