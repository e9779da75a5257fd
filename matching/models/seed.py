"""The seeds that decide ties in rounds, drawn beforehand so that nobody chooses one who knows what it decides."""

import hashlib

from django.db import models
from django.db.models import Q


class RoundSeed(models.Model):
    """One seed: its hash is published when it is drawn, itself when its round is written."""

    seed = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()
    round = models.OneToOneField("matching.Round", on_delete=models.PROTECT, null=True, related_name="drawn")

    class Meta:
        constraints = [
            # the next round has one seed
            models.UniqueConstraint("round", name="round_seed_next_once", condition=Q(round=None), nulls_distinct=False)
        ]

    @property
    def sha256(self) -> str:
        """What is published of it beforehand: the hash of its letters."""
        return hashlib.sha256(self.seed.encode()).hexdigest()
