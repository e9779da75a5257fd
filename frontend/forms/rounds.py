"""What an operator may set about a round, in the units people think in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.directions import DIRECTIONS
from matching.core.market import Parameters

KILOMETRE_M = 1000
USUAL = Parameters()


class RoundForm(forms.Form):
    """Directions, reach, how many offers are compared, ties, and whose share is bounded."""

    directions = forms.MultipleChoiceField(
        label=_("Directions"),
        choices=lambda: [(each.code, str(each.label)) for each in DIRECTIONS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("All when none is chosen."),
    )
    radius_km = forms.IntegerField(
        label=_("Farthest, in kilometres"),
        min_value=1,
        max_value=5_000,
        required=False,
        help_text=_("Left empty, each need says for itself."),
    )
    nearest = forms.IntegerField(
        label=_("Offers compared per need"), min_value=1, max_value=200, required=False, initial=USUAL.nearest
    )
    seed = forms.CharField(label=_("Seed that decides ties"), max_length=64, required=False, initial=USUAL.seed)
    quota_by = forms.ChoiceField(
        label=_("Bound the share of"),
        choices=[("", _("nobody")), ("provider", _("each provider")), ("zone", _("each city"))],
        required=False,
        help_text=_("What it costs all together is shown by a trial."),
    )
    quota_percent = forms.IntegerField(
        label=_("Largest share, in percent"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Of all that is wanted in a direction."),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("quota_by") and not found.get("quota_percent") and "quota_percent" not in self.errors:
            self.add_error("quota_percent", _("Say how large a share may be."))
        return found

    @property
    def parameters(self) -> dict[str, Any]:
        """What differs from what is usual, as the service takes it."""
        found = self.cleaned_data
        quota_by = found["quota_by"]
        chosen = {
            "radius_m": (found["radius_km"] or 0) * KILOMETRE_M,
            "nearest": found["nearest"] or USUAL.nearest,
            "seed": found["seed"] or USUAL.seed,
            "quota_by": quota_by,
            "quota_share_bp": found["quota_percent"] * 100 if quota_by else 0,
        }
        return {name: value for name, value in chosen.items() if value != getattr(USUAL, name)}
