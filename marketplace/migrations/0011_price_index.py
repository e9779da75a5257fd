"""Keep the public price index."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0010_when_steps_of_imports_begin"),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceRelease",
            fields=[
                ("quarter", models.DateField(primary_key=True, serialize=False)),
                ("method", models.JSONField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PriceFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("direction", models.CharField(max_length=32)),
                ("class_code", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=32)),
                ("division_code", models.CharField(max_length=6)),
                ("n_orders", models.PositiveIntegerField()),
                ("lower_fen", models.PositiveBigIntegerField()),
                ("median_fen", models.PositiveBigIntegerField()),
                ("upper_fen", models.PositiveBigIntegerField()),
                ("change_percent", models.IntegerField(null=True)),
                ("is_demo", models.BooleanField(default=False)),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="marketplace.pricerelease",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("direction", "class_code", "unit", "division_code", "release"), name="price_figure_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lower_fen__lte", models.F("median_fen")), ("upper_fen__gte", models.F("median_fen"))
                        ),
                        name="price_figure_quartiles_in_order",
                    ),
                ],
            },
        ),
    ]
