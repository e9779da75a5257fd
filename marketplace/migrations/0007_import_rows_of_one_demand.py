"""Rows of an imported table that are legs know the first row of their demand."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0006_reach_of_saved_searches")]
    operations = [
        migrations.AddField("importrow", "head", models.PositiveIntegerField(null=True)),
        migrations.AddIndex(
            "importrow",
            models.Index(name="import_row_by_head", fields=["run", "head"], condition=Q(head__isnull=False)),
        ),
    ]
