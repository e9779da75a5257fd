"""What an operator may set about a round, in the units people think in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.directions import DIRECTIONS
from matching.core.market import Parameters

KILOMETRE_M = 1000
USUAL = Parameters()


class RoundForm(forms.Form):
    """Directions, reach, how many offers are compared, ties, whose share is bounded, and who gets a bonus."""

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
    seed = forms.CharField(
        label=_("Seed that decides ties, in a trial"),
        max_length=64,
        required=False,
        help_text=_("A round that proposes takes the one drawn beforehand; nobody chooses it."),
    )
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
    entrant_by = forms.ChoiceField(
        label=_("New providers, under 90 days"),
        choices=[
            ("", _("like everybody")),
            ("bonus", _("get a bonus when deals are chosen")),
            ("floor", _("should get a least share of the deals")),
        ],
        required=False,
        help_text=_("A bonus counts when deals are chosen and is never paid. It is published with the round."),
    )
    entrant_percent = forms.DecimalField(
        label=_("Bonus of the limit, or least share of the deals, in percent"),
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        required=False,
        help_text=_("For a share the least bonus that reaches it is found."),
    )
    memory_percent = forms.DecimalField(
        label=_("Bonus of needs that others outbid, per round in a row, in percent of the limit"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
    )
    memory_rounds = forms.IntegerField(
        label=_("Rounds that count at most"), min_value=1, max_value=20, required=False, initial=USUAL.memory_rounds
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("quota_by") and not found.get("quota_percent") and "quota_percent" not in self.errors:
            self.add_error("quota_percent", _("Say how large a share may be."))
        if found.get("entrant_by") and not found.get("entrant_percent") and "entrant_percent" not in self.errors:
            self.add_error("entrant_percent", _("Say how large the bonus or the share is."))
        return found

    def parameters(self, *, is_trial: bool) -> dict[str, Any]:
        """Return what differs from what is usual, as the service takes it; only a trial takes a seed."""
        found = self.cleaned_data
        quota_by = found["quota_by"]
        chosen = {
            "radius_m": (found["radius_km"] or 0) * KILOMETRE_M,
            "nearest": found["nearest"] or USUAL.nearest,
            "seed": (is_trial and found["seed"]) or USUAL.seed,
            "quota_by": quota_by,
            "quota_share_bp": found["quota_percent"] * 100 if quota_by else 0,
            "entrant_bonus_bp": _bp(found["entrant_percent"]) if found["entrant_by"] == "bonus" else 0,
            "entrant_floor_bp": _bp(found["entrant_percent"]) if found["entrant_by"] == "floor" else 0,
            "memory_bonus_bp": _bp(found["memory_percent"]),
            "memory_rounds": found["memory_rounds"] or USUAL.memory_rounds,
        }
        return {name: value for name, value in chosen.items() if value != getattr(USUAL, name)}


def _bp(percent: Decimal | None) -> int:
    return int((percent or 0) * 100)
