"""The extension that lets an exclusion constraint compare a key and a range at once."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0001_initial")]

    operations = [BtreeGistExtension()]
