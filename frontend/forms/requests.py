"""What a buyer fills in to request a listing: times, quantity or milestones, as the direction books."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import MomentField, YuanField


class Note(forms.Form):
    note = forms.CharField(
        label=_("Message to the provider"),
        help_text=_("What should they know? Contact details open when the order is agreed."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SlotForm(forms.Form):
    """One stretch of whole hours."""

    start = MomentField(label=_("From"))
    hours = forms.IntegerField(label=_("How many hours"), min_value=1, max_value=24 * 14)

    def slot(self) -> tuple[datetime, datetime]:
        start = self.cleaned_data["start"]
        return start, start + timedelta(hours=self.cleaned_data["hours"])


class QuantityForm(forms.Form):
    """How much, between when and when."""

    quantity = forms.IntegerField(label=_("Quantity"), min_value=1)
    start = MomentField(label=_("Not before"))
    end = MomentField(label=_("All done by"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and start >= end:
            self.add_error("end", _("The end must be after the start."))
        return cleaned


class MilestoneForm(forms.Form):
    """One part of a task."""

    title = forms.CharField(label=_("What is handed in"), max_length=120)
    due_at = MomentField(label=_("By when"))
    amount_fen = YuanField(label=_("Amount"))


SlotFormSet = forms.formset_factory(SlotForm, extra=0, min_num=1, validate_min=True, max_num=20, can_delete=True)
MilestoneFormSet = forms.formset_factory(MilestoneForm, extra=0, max_num=12, can_delete=True)
