"""Keep with each listing the family in which alone it can serve, and find the nearest and the cheapest of one."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform

CLASSES = {
    "instruments": "category",
    "skills": "field",
    "equipment": "machine",
    "resources": "leg",
    "capacity": "process",
}


def _family(direction: str, name: str) -> models.Func:
    kind = models.Func(KeyTextTransform(name, "attributes"), models.Value("."), models.Value(1), function="split_part")
    parts = (models.Value(f"{direction}/"), models.F("unit"), models.Value("/"), kind)
    return models.Func(*parts, template="%(expressions)s", arg_joiner=" || ", output_field=models.TextField())


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0007_import_rows_of_one_demand")]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="family",
            field=models.GeneratedField(
                expression=models.Case(
                    *(
                        models.When(state="published", direction=code, then=_family(code, name))
                        for code, name in CLASSES.items()
                    )
                ),
                output_field=models.TextField(null=True),
                db_persist=True,
            ),
        ),
        migrations.RemoveIndex(model_name="listing", name="listing_place"),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GistIndex(
                models.F("place"), condition=models.Q(("state", "published")), name="listing_place"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GistIndex(
                condition=models.Q(("family__isnull", False)), fields=["family", "place"], name="listing_near"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                models.F("family"),
                django.db.models.functions.comparison.Coalesce("reserve_price_fen", "price_fen"),
                models.F("lottery"),
                models.F("id"),
                condition=models.Q(("family__isnull", False), ("place__isnull", True)),
                name="listing_remote",
            ),
        ),
    ]
