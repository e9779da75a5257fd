"""Find pictures like one another through an index."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

import accounts.models.verification


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="verificationdocument",
            name="picture_bands",
            field=models.GeneratedField(
                db_persist=True,
                expression=accounts.models.verification.PictureBands("picture_hash"),
                output_field=ArrayField(base_field=models.IntegerField(null=True), size=None),
            ),
        ),
        migrations.AddIndex(
            model_name="verificationdocument",
            index=GinIndex(
                condition=models.Q(("picture_hash__isnull", False)),
                fields=["picture_bands"],
                name="verification_document_bands",
            ),
        ),
    ]
