"""A round that somebody asked for, and how far it is."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from matching.core.run_states import OPEN, RUN, RunState, RunStep


class RoundRun(models.Model):
    """One wish for a round; the round itself is written when it is done."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_at = models.DateTimeField()
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    directions = ArrayField(models.CharField(max_length=32), null=True)  # all where null
    parameters = models.JSONField(default=dict)  # those of core.market.Parameters that were set
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in RunState], default=RUN.initial)
    step = models.CharField(max_length=16, choices=[(s, s.name) for s in RunStep], blank=True)
    n_parts = models.PositiveIntegerField(default=0)  # components to decide, known once gathered
    n_decided = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=500, blank=True)
    round = models.OneToOneField("matching.Round", on_delete=models.PROTECT, null=True, related_name="run")
    is_trial = models.BooleanField(default=False)  # proposes nothing, writes no round
    trial = models.JSONField(null=True)  # services.round_trials.compared

    class Meta:
        constraints = [
            models.CheckConstraint(name="round_run_state_known", condition=Q(state__in=sorted(RunState))),
            models.CheckConstraint(
                name="round_run_done_has_result",
                condition=Q(state=RunState.DONE, is_trial=False, round__isnull=False, trial=None)
                | Q(state=RunState.DONE, is_trial=True, round=None, trial__isnull=False)
                | (~Q(state=RunState.DONE) & Q(round=None, trial=None)),
            ),
            # one that runs, and one that waits behind it
            models.UniqueConstraint(name="round_run_open_once", fields=["state"], condition=Q(state__in=sorted(OPEN))),
        ]
        indexes = [models.Index(name="round_run_by_time", fields=["-asked_at"])]
