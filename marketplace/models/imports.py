"""An import of a table of listings or demands: the file, every row, and how columns were understood."""

import uuid

from django.db import models
from django.db.models import Q

from marketplace.core.import_states import IMPORT, ImportKind, ImportState, RowState


class ImportRun(models.Model):
    """One file on its way in: uploaded, checked without effect, then committed as a whole or in part."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="imports")
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=16, choices=[(k, k.name) for k in ImportKind])
    direction = models.CharField(max_length=16)
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in ImportState], default=IMPORT.initial)
    file = models.FileField(upload_to="imports/%Y/%m/")
    filename = models.CharField(max_length=200)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    file_format = models.CharField(max_length=8)  # csv, xlsx or xls
    encoding = models.CharField(max_length=24, blank=True)
    sheet = models.CharField(max_length=64, blank=True)
    header_row = models.PositiveIntegerField()  # counted from 1, as spreadsheets do
    headers = models.JSONField()  # the texts of the header row
    samples = models.JSONField(default=list)  # the first rows below it, as texts
    mapping = models.JSONField(default=dict)  # target -> position of the column
    defaults = models.JSONField(default=dict)  # target -> value for rows whose cell is empty
    datum = models.CharField(max_length=8, default="wgs84")
    n_rows = models.PositiveIntegerField(default=0)
    n_ready = models.PositiveIntegerField(default=0)
    n_faulty = models.PositiveIntegerField(default=0)
    n_suspicious = models.PositiveIntegerField(default=0)
    n_duplicate = models.PositiveIntegerField(default=0)
    n_loaded = models.PositiveIntegerField(default=0)
    n_done = models.PositiveIntegerField(default=0)  # rows the running step has passed
    failure = models.CharField(max_length=300, blank=True)  # message id; what shows it translates it
    created_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)  # when the last step was asked for
    checked_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="import_state_known", condition=Q(state__in=sorted(ImportState))),
            models.CheckConstraint(name="import_kind_known", condition=Q(kind__in=sorted(ImportKind))),
        ]
        indexes = [models.Index(name="import_by_owner", fields=["owner", "-created_at"])]

    def __str__(self) -> str:
        return self.filename


class ImportRow(models.Model):
    """One row of the file: its cells, what they were read as, and what is wrong with it."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # in the file, counted from 1
    head = models.PositiveIntegerField(null=True)  # first row of the demand that this row is a leg of
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in RowState])
    cells = models.JSONField()  # texts, as they stand in the file
    values = models.JSONField(default=dict)  # columns of what is to be written, checked; empty where it cannot be
    problems = models.JSONField(default=list)  # [{"column", "code", "message", "params"}]
    code = models.UUIDField(null=True)  # of the listing or demand that came of it

    class Meta:
        constraints = [
            models.UniqueConstraint(name="import_row_once", fields=["run", "number"]),
            models.CheckConstraint(name="import_row_state_known", condition=Q(state__in=sorted(RowState))),
        ]
        indexes = [
            models.Index(name="import_row_by_state", fields=["run", "state", "number"]),
            models.Index(name="import_row_by_head", fields=["run", "head"], condition=Q(head__isnull=False)),
        ]


class ColumnMapping(models.Model):
    """How a party last told us to read a table with these headers."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    direction = models.CharField(max_length=16)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the normalised headers
    mapping = models.JSONField()  # target -> header text
    defaults = models.JSONField(default=dict)
    datum = models.CharField(max_length=8, default="wgs84")
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="column_mapping_once", fields=["organisation", "kind", "direction", "fingerprint"]
            )
        ]
