"""A search that somebody keeps, and wants to hear about."""

import uuid

from django.contrib.gis.db.models import PolygonField
from django.db import models
from django.db.models import Q


class SavedSearch(models.Model):
    """The filters of one search page, kept by a user for the party they acted for."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="saved_searches")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    filters = models.JSONField()  # core.search.Filters, as plain values
    wants_alerts = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    alerted_at = models.DateTimeField(null=True)
    # What `filters` ask of any listing at the least, so that an index finds the few searches that it may pass.
    direction = models.CharField(max_length=32, blank=True, default="")
    division = models.CharField(max_length=6, blank=True, default="")  # the beginning of a code
    words = models.TextField(blank=True, default="")  # all of them, as Listing.search_text holds words
    area = PolygonField(null=True, spatial_index=False)  # a box around the circle; null: anywhere

    class Meta:
        constraints = [models.UniqueConstraint(name="saved_search_name_once", fields=["user", "name"])]
        # jobs.alert_searches
        indexes = [
            models.Index(name="saved_search_alerts", fields=["direction", "division"], condition=Q(wants_alerts=True)),
        ]

    def __str__(self) -> str:
        return self.name
