"""Forms of complaints, reports and ratings."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend import governance_words as words
from frontend.forms.fields import YuanField
from governance.core.complaint_inputs import NEEDS, StepWords, takes
from governance.core.complaint_terms import Category, Finding, Outlet, Remedy
from governance.core.report_states import ReportCategory
from governance.core.stars import DIMENSIONS
from governance.services.complaints import ComplaintWords
from governance.services.ratings import RatingWords

ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


def _choices(values: Collection[Any], kind: str) -> list[tuple[str, words.Word]]:
    return [("", "—"), *((value.value, words.label(value, kind)) for value in values)]


class ComplaintForm(forms.Form):
    category = forms.ChoiceField(label=_("What is wrong"), choices=_choices(Category, "category"))
    title = forms.CharField(label=_("In one line"), max_length=80)
    text = forms.CharField(
        label=_("What happened"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say when, where and what was agreed. The other side reads it once the platform has accepted it."),
    )
    remedy = forms.ChoiceField(label=_("What you ask for"), choices=_choices(Remedy, "remedy"))
    claim_fen = YuanField(label=_("Amount asked for"), required=False)
    file = forms.FileField(
        label=_("Proof"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        help_text=_("A picture or PDF up to 10 MB; add more later. Position and camera data are removed."),
    )

    @property
    def words(self) -> ComplaintWords:
        data = self.cleaned_data
        return ComplaintWords(
            Category(data["category"]), data["title"], data["text"], Remedy(data["remedy"]), data["claim_fen"]
        )


class StepForm(forms.Form):
    """The words that one step takes, as its row in `governance.core.complaint_inputs` says."""

    text = forms.CharField(label=_("Your words"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    offer_fen = YuanField(label=_("Amount offered"))
    finding = forms.ChoiceField(label=_("Finding"), choices=_choices(Finding, "finding"))
    outlet = forms.ChoiceField(label=_("Where to"), choices=_choices(Outlet, "outlet"))
    satisfaction = forms.TypedChoiceField(
        label=_("How content are you with the handling?"),
        coerce=int,
        empty_value=None,
        choices=[("", "—"), (5, _("5, very")), (4, "4"), (3, "3"), (2, "2"), (1, _("1, not at all"))],
    )

    def __init__(self, move: str, data: Any = None) -> None:
        super().__init__(data, prefix=move)
        self.move = move
        for name in set(self.fields) - takes(move):
            del self.fields[name]
        for name, field in self.fields.items():
            field.required = name in NEEDS.get(move, ())

    @property
    def words(self) -> StepWords:
        data = self.cleaned_data
        finding, outlet = data.get("finding"), data.get("outlet")
        return StepWords(
            text=data.get("text", ""),
            offer_fen=data.get("offer_fen"),
            finding=Finding(finding) if finding else None,
            outlet=Outlet(outlet) if outlet else None,
            satisfaction=data.get("satisfaction"),
        )


class EvidenceForm(forms.Form):
    file = forms.FileField(
        label=_("Picture or PDF"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        help_text=_("JPEG, PNG, WebP or PDF up to 10 MB. Position and camera data are removed."),
    )
    caption = forms.CharField(label=_("What it shows"), max_length=120, required=False)


class ReportForm(forms.Form):
    category = forms.ChoiceField(label=_("What is wrong"), choices=_choices(ReportCategory, "report"))
    text = forms.CharField(label=_("What you saw"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))


class ReportStepForm(forms.Form):
    text = forms.CharField(
        label=_("Reason, measure or case number"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _stars(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        choices=[(5, _("5, excellent")), (4, _("4, good")), (3, _("3, fair")), (2, _("2, poor")), (1, _("1, bad"))],
        widget=forms.RadioSelect,
    )


class RatingForm(forms.Form):
    """Stars overall and in the four dimensions of the rated side."""

    def __init__(self, *args: Any, of_provider: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stars"] = _stars(_("Overall"))
        for name, label in words.dimensions(of_provider=of_provider).items():
            self.fields[name] = _stars(label)
        self.fields["text"] = forms.CharField(
            label=_("In your words"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("Public once open. No names of persons, numbers or trade secrets, please."),
        )

    @property
    def words(self) -> RatingWords:
        return RatingWords(**{name: self.cleaned_data[name] for name in ("stars", *DIMENSIONS, "text")})


class ReplyForm(forms.Form):
    text = forms.CharField(label=_("Your reply"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class DecisionForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
