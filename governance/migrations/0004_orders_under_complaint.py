"""Mark the orders that an open complaint is about; there is nothing to undo."""

from django.db import migrations

OVER = ["draft", "not_accepted", "no_agreement", "resolved", "withdrawn", "escalated", "archived"]


def mark(apps, schema_editor):
    complaints = apps.get_model("governance", "Complaint").objects.exclude(state__in=OVER)
    orders = apps.get_model("marketplace", "Order").objects
    orders.filter(pk__in=complaints.filter(order__isnull=False).values("order_id")).update(is_disputed=True)


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0003_provisional_clocks"),
        ("marketplace", "0005_disputed_orders"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
