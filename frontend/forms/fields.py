"""Form fields of our own: yuan that become fen, Shanghai days and hours, lists typed line by line."""

from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from common.reference import industries

FEN_PER_YUAN = 100
LARGEST_YUAN = Decimal("10000000000")


class YuanField(forms.DecimalField):
    """Takes yuan with up to two decimals and gives whole fen; shows fen as yuan."""

    def __init__(self, **kwargs: Any) -> None:
        self.suffix = kwargs.pop("suffix", _("CNY"))
        super().__init__(min_value=0, max_value=LARGEST_YUAN, decimal_places=2, **kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def clean(self, value: Any) -> Any:
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * FEN_PER_YUAN)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            yuan = Decimal(value) / FEN_PER_YUAN
            return yuan.normalize() if yuan != yuan.to_integral() else int(yuan)
        return value


class IndustryInput(forms.TextInput):
    """A text that proposes industries: without JavaScript the broad ones, with it whatever fits what is typed."""

    template_name = "forms/industry.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        proposed = f"{own.get('id', name)}_list"
        own |= {"list": proposed, "autocomplete": "off", "hx-get": reverse_lazy("industries"), "hx-swap": "innerHTML"}
        own |= {"hx-target": f"#{proposed}", "hx-trigger": "input changed delay:200ms", "hx-sync": "this:queue last"}
        return context | {"options": industries.broad()}


class IndustryField(forms.CharField):
    """Takes an industry of GB/T 4754 by its code, its name, or both as proposed; gives its code."""

    widget = IndustryInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Industry"),
            max_length=80,
            required=False,
            help_text=_("Type a word, such as machining, and choose; or type the GB/T 4754 code."),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return ""
        found = industries.find(text.split()[0].upper()) or industries.by_name(text)
        if found is None:
            raise forms.ValidationError(_("Choose an industry from the list, or type its code, such as C3484."))
        return found.code

    def prepare_value(self, value: Any) -> Any:
        found = industries.find(value or "")
        return f"{found.code} {found.name}" if found else value


class DayField(forms.DateField):
    """A day picked with the device's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class MomentField(forms.DateTimeField):
    """A day and hour in Shanghai time, picked with the device's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "900"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


class ClockField(forms.TimeField):
    """An hour of the day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time", "step": "900"}, format="%H:%M")
        super().__init__(widget=widget, **kwargs)


class LinesField(forms.CharField):
    """Several short texts, one a line; gives them as a list without blanks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value
