"""What rounds cost with and without their fairness terms, bonuses of proposals, and the seeds drawn beforehand."""

import secrets

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def draw_first(apps, schema_editor):
    """Draw the seed of the next round, so that its hash stands before it."""
    apps.get_model("matching", "RoundSeed").objects.create(seed=secrets.token_hex(32), published_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("matching", "0010_wide_rounds")]

    operations = [
        migrations.AddField("round", "rules", models.JSONField(default=dict)),
        migrations.AddField("proposal", "entrant_bonus_bp", models.PositiveIntegerField(default=0)),
        migrations.AddField("proposal", "memory_bonus_bp", models.PositiveIntegerField(default=0)),
        migrations.AddField("proposal", "is_by_bonus", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="RoundSeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seed", models.CharField(max_length=64, unique=True)),
                ("published_at", models.DateTimeField()),
                (
                    "round",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drawn",
                        to="matching.round",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        "round", condition=Q(round=None), name="round_seed_next_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.RunPython(draw_first, migrations.RunPython.noop),
    ]
