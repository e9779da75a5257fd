"""The automatic checks of one case, gathered from its pages, its claim, other cases and the register."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from accounts.core import agreement, checks
from accounts.core.checks import CheckResult
from accounts.core.levels import CaseKind
from accounts.models import VerificationCase, VerificationCheck, VerificationDocument
from accounts.services import documents, numbers, reading, registry
from common.errors import gettext_noop


def check_number(case: VerificationCase, number: str, *, at: datetime) -> None:
    """Judge the number while it is at hand in full; a person's is not kept."""
    if case.kind == CaseKind.PERSON:
        _save(case, checks.person_number_form(number, timezone.localdate(at)), at=at)
    elif case.kind == CaseKind.ORGANISATION:
        _save(case, checks.credit_code_form(number), at=at)


def examine(case: VerificationCase, *, at: datetime) -> list[CheckResult]:
    """Return what the machine finds in the case's pages and around it; touches nothing."""
    pages = list(case.documents.order_by("id"))
    contents = [documents.content_of(page) for page in pages]
    results = [
        checks.picture_quality(documents.quality_of(content))
        for page, content in zip(pages, contents, strict=True)
        if page.width is not None
    ]
    results += _read(case, list(zip(pages, contents, strict=True)))
    same_number = VerificationCase.objects.filter(number_digest=case.number_digest).exclude(
        organisation_id=case.organisation_id
    )
    results.append(
        checks.duplicates(
            same_number.values("organisation_id").distinct().count(), documents.others_with_same_picture(case)
        )
    )
    if end := checks.document_end(case.document_until, timezone.localdate(at)):
        results.append(end)
    if case.kind in {CaseKind.PERSON, CaseKind.ORGANISATION}:
        register = registry.connected()
        results.append(checks.registry(register.ask(CaseKind(case.kind), case.number, case.name), register.name))
    return results


def _read(case: VerificationCase, pages: list[tuple[VerificationDocument, bytes]]) -> list[CheckResult]:
    try:
        text = "\n".join(documents.text_of(page, content) for page, content in pages)
    except reading.ReaderMissingError:
        return [checks.no_text(gettext_noop("The reader does not run on this machine; a person reads the document."))]
    if not text.strip():
        return [checks.no_text(gettext_noop("No text could be read; a person reads the document."))]
    return [checks.name_in_text(case.name, text), checks.number_in_text(_number_likeness(case, text))]


def _number_likeness(case: VerificationCase, text: str) -> float:
    if case.kind != CaseKind.PERSON:
        return agreement.number_agreement(case.number, text)
    return 1.0 if any(numbers.digest(found) == case.number_digest for found in agreement.long_numbers(text)) else 0.0


def record(case: VerificationCase, results: Sequence[CheckResult], *, at: datetime) -> list[CheckResult]:
    """Save the findings, the case's risk and the draw for a second look; return all findings that count now."""
    number = case.checks.filter(name="number").order_by("id").last()
    for result in results:
        _save(case, result, at=at)
    found = [*results]
    if number is not None:
        found.append(CheckResult(number.name, checks.Outcome(number.outcome), number.risk_percent, number.message))
    case.risk_percent = checks.risk(found)
    case.is_sampled = checks.may_pass_alone(case.kind, found) and checks.is_sampled(str(case.code))
    case.save(update_fields=["risk_percent", "is_sampled"])
    return found


def may_pass(case: VerificationCase, found: Sequence[CheckResult]) -> bool:
    return checks.may_pass_alone(case.kind, found)


def _save(case: VerificationCase, result: CheckResult, *, at: datetime) -> None:
    VerificationCheck.objects.create(
        case=case,
        round=case.steps.filter(move="resubmit").count() + 1,
        name=result.name,
        outcome=result.outcome,
        risk_percent=result.risk_percent,
        message=result.message,
        params=dict(result.params),
        at=at,
    )
