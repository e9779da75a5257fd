"""What people fill in within a deal: reasons, hand-ins, payments, invoices, quotes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import MomentField, YuanField
from marketplace.services.quotes import Offer


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The other side reads it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CancelForm(ReasonForm):
    shown_fee_fen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SubmitForm(forms.Form):
    note = forms.CharField(
        label=_("What is handed in"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    file = forms.FileField(label=_("File"), help_text=_("Picture or PDF, up to 20 MB."), required=False)


class ShipForm(forms.Form):
    waybill = forms.CharField(label=_("Waybill number"), required=False, max_length=100)


class AcceptDeliveryForm(forms.Form):
    quantity = forms.IntegerField(label=_("Good quantity"), min_value=0, required=False)


class PaidForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("How it was paid"),
        choices=[
            ("offline", _("Bank transfer or cash, outside the platform")),
            ("sandbox", _("Sandbox, to try it out")),
        ],
    )
    reference = forms.CharField(label=_("Receipt number"), max_length=100)


class InvoiceForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("ordinary", _("Ordinary VAT invoice")), ("special", _("Special VAT invoice"))]
    )
    title = forms.CharField(label=_("Invoice title"), max_length=200)
    tax_code = forms.CharField(label=_("Taxpayer number"), max_length=20)
    email = forms.EmailField(label=_("Send it to"))


class InvoiceNumberForm(forms.Form):
    number = forms.CharField(label=_("Invoice number"), max_length=20)


class InquiryForm(forms.Form):
    closes_at = MomentField(label=_("Quotes are taken until"))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1)
    note = forms.CharField(
        label=_("What providers should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CounterForm(forms.Form):
    unit_price_fen = YuanField(label=_("Unit price you would pay"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class OfferForm(forms.Form):
    """A provider's price, time and validity; milestones stand beside it as rows."""

    unit_price_fen = YuanField(label=_("Unit price"))
    setup_fen = YuanField(label=_("Setting up, once"), required=False)
    starts_at = MomentField(label=_("Begin"))
    ends_at = MomentField(label=_("All done by"))
    valid_until = MomentField(label=_("The quote stands until"))
    note = forms.CharField(
        label=_("How you would do it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def offer(self, milestones: Any = ()) -> Offer:
        fields = dict(self.cleaned_data)
        fields["setup_fen"] = fields["setup_fen"] or 0
        fields.pop("listing", None)
        return Offer(**fields, milestones=tuple(milestones))


class QuoteForm(OfferForm):
    """The same, with the listing from which one quotes."""

    listing = forms.ChoiceField(label=_("From which of your listings"))
    field_order = ["listing"]

    def __init__(self, *args: Any, listings: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["listing"].choices = listings  # type: ignore[attr-defined]  # a choice field


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
