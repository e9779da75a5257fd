"""Forms of imports: the file, and what each column means."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.reference.datum import Datum
from marketplace.core.import_states import ImportKind
from marketplace.directions import DIRECTIONS
from marketplace.services.import_columns import Target, targets


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, XLSX or XLS, at most 20 MB; the first sheet with rows is read."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls"}),
    )
    kind = forms.ChoiceField(
        label=_("What is in it"),
        choices=[(ImportKind.LISTINGS.value, _("Things I offer")), (ImportKind.DEMANDS.value, _("Things I need"))],
    )
    direction = forms.ChoiceField(label=_("Direction"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["direction"].choices = [(entry.code, str(entry.label)) for entry in DIRECTIONS]  # type: ignore[attr-defined]  # a choice field


class MappingForm(forms.Form):
    """One pair of fields for each target: which column it is, and what to take where the cell is empty."""

    datum = forms.ChoiceField(
        label=_("Datum of the coordinates"),
        choices=[(Datum.WGS84.value, "WGS-84"), (Datum.GCJ02.value, "GCJ-02"), (Datum.BD09.value, "BD-09")],
    )

    def __init__(self, run: Any, *args: Any, **kwargs: Any) -> None:
        self.targets: tuple[Target, ...] = targets(run.kind, run.direction)
        initial = {"datum": run.datum}
        initial |= {f"column:{name}": str(position) for name, position in run.mapping.items()}
        initial |= {f"default:{name}": text for name, text in run.defaults.items()}
        super().__init__(*args, **{"initial": initial, **kwargs})
        columns = [("", "—"), *((str(n), f"{n + 1}. {text or '—'}") for n, text in enumerate(run.headers))]
        for target in self.targets:
            label = f"{target.label} *" if target.is_required else str(target.label)
            self.fields[f"column:{target.name}"] = forms.ChoiceField(label=label, choices=columns, required=False)
            default = forms.CharField(label=_("%(name)s, where empty") % {"name": target.label}, required=False)
            default.max_length = 200
            self.fields[f"default:{target.name}"] = default

    @property
    def told(self) -> list["Line"]:
        """Return what is needed, and what was guessed or told."""
        return [line for line in self._lines() if line.says_something]

    @property
    def untold(self) -> list["Line"]:
        """Return what else a column could mean."""
        return [line for line in self._lines() if not line.says_something]

    def _lines(self) -> list["Line"]:
        return [Line(target, self[f"column:{target.name}"], self[f"default:{target.name}"]) for target in self.targets]

    def mapping(self) -> dict[str, int]:
        chosen = {target.name: self.cleaned_data[f"column:{target.name}"] for target in self.targets}
        return {name: int(position) for name, position in chosen.items() if position}

    def defaults(self) -> dict[str, str]:
        given = {target.name: self.cleaned_data[f"default:{target.name}"] for target in self.targets}
        return {name: text for name, text in given.items() if text}


@dataclass(frozen=True)
class Line:
    """One target with its two fields, as a row of the table shows them."""

    target: Target
    column: forms.BoundField
    default: forms.BoundField

    @property
    def says_something(self) -> bool:
        fields = (self.column, self.default)
        return self.target.is_required or any(field.value() or field.errors for field in fields)
