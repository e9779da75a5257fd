"""What the machine finds in a verification: each check a result with its reason, all together a risk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256

from accounts.core import agreement, credit_code, resident_id
from accounts.core.levels import CaseKind
from accounts.core.pictures import Quality
from common.errors import gettext_noop


class Outcome(StrEnum):
    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    UNKNOWN = "unknown"  # could not be done; says nothing for or against


@dataclass(frozen=True)
class CheckResult:
    """One finding. `risk_percent` adds up over the case; `message` is an English message id."""

    name: str
    outcome: Outcome
    risk_percent: int
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


# At most this much risk, with nothing failed and a register that agrees, is passed by the machine; never refused by it.
LOW_RISK_PERCENT = 10
SAMPLED_PERCENT = 5  # of machine passes a person looks again (TRUST.md section 5)
DOCUMENT_ENDS_SOON_DAYS = 30


def risk(results: Iterable[CheckResult]) -> int:
    """Return the case's risk from 0 to 100."""
    return min(100, sum(result.risk_percent for result in results))


def may_pass_alone(kind: str, results: Iterable[CheckResult]) -> bool:
    """Tell whether the machine may pass the case: an identity, low risk, nothing failed, and a register that agrees."""
    found = list(results)
    return (
        kind in {CaseKind.PERSON, CaseKind.ORGANISATION}
        and risk(found) <= LOW_RISK_PERCENT
        and all(result.outcome != Outcome.FAILED for result in found)
        and any(result.name == "registry" and result.outcome == Outcome.PASSED for result in found)
    )


def is_sampled(case_code: str) -> bool:
    """Draw the machine passes that a person looks at again; the same case is always drawn alike."""
    return int.from_bytes(sha256(case_code.encode()).digest()[:4], "big") % 100 < SAMPLED_PERCENT


def credit_code_form(code: str) -> CheckResult:
    if credit_code.is_valid(code):
        return CheckResult(
            "number", Outcome.PASSED, 0, gettext_noop("The credit code is well-formed and its check character fits.")
        )
    return CheckResult("number", Outcome.FAILED, 60, gettext_noop("The credit code is not well-formed."))


_PERSON_FAULTS = {
    resident_id.Fault.SHAPE: (
        Outcome.FAILED,
        40,
        gettext_noop("The number has the form of no known identity document."),
    ),
    resident_id.Fault.REGION: (Outcome.FAILED, 40, gettext_noop("The number starts with no known region.")),
    resident_id.Fault.BIRTH: (Outcome.FAILED, 60, gettext_noop("The number holds no possible day of birth.")),
    resident_id.Fault.CHECK: (
        Outcome.FAILED,
        60,
        gettext_noop("The last place of the number does not fit the others."),
    ),
    resident_id.Fault.AGE: (Outcome.FAILED, 60, gettext_noop("By the number this person is younger than 16.")),
    resident_id.Fault.YOUNG: (
        Outcome.WARNED,
        30,
        gettext_noop("By the number this person is 16 or 17: own income has to be shown."),
    ),
}


def person_number_form(number: str, today: date) -> CheckResult:
    reading = resident_id.read(number, today)
    if reading.fault is not None:
        return CheckResult("number", *_PERSON_FAULTS[reading.fault])
    if reading.born is None:
        return CheckResult(
            "number",
            Outcome.WARNED,
            20,
            gettext_noop("This kind of document has no check character; a person looks at it."),
        )
    return CheckResult(
        "number", Outcome.PASSED, 0, gettext_noop("The number is well-formed and its check character fits.")
    )


_QUALITY_MESSAGES = {
    "small": gettext_noop("The picture is small (%(short_side_px)s pixels on its short side)."),
    "blurred": gettext_noop("The picture is blurred (sharpness %(sharpness)s)."),
    "flat": gettext_noop("The print hardly stands out: too dark, too bright or washed out."),
}


def picture_quality(quality: Quality) -> CheckResult:
    params = {"short_side_px": quality.short_side_px, "sharpness": round(quality.sharpness)}
    if not quality.faults:
        return CheckResult("quality", Outcome.PASSED, 0, gettext_noop("The picture is large and sharp enough."), params)
    worst = quality.faults[0]
    return CheckResult("quality", Outcome.WARNED, 15, _QUALITY_MESSAGES[worst], params)


def no_text(reason: str) -> CheckResult:
    return CheckResult("reading", Outcome.UNKNOWN, 20, reason)


def name_in_text(name: str, text: str) -> CheckResult:
    likeness = agreement.name_agreement(name, text)
    if likeness == 1.0:
        return CheckResult("name", Outcome.PASSED, 0, gettext_noop("The name stands in the document."))
    if likeness >= 0.8:
        return CheckResult(
            "name",
            Outcome.WARNED,
            10,
            gettext_noop("A name very like this one stands in the document (%(percent)s percent alike)."),
            {"percent": round(likeness * 100)},
        )
    return CheckResult("name", Outcome.FAILED, 40, gettext_noop("The name was not found in the document."))


def number_in_text(likeness: float) -> CheckResult:
    if likeness == 1.0:
        return CheckResult("number_read", Outcome.PASSED, 0, gettext_noop("The number stands in the document."))
    if likeness > 0:
        return CheckResult(
            "number_read",
            Outcome.WARNED,
            10,
            gettext_noop("The number stands in the document except for characters that look alike."),
        )
    return CheckResult("number_read", Outcome.FAILED, 40, gettext_noop("The number was not found in the document."))


def duplicates(same_number: int, same_picture: int) -> CheckResult:
    """Judge how many other parties use the same number, or show the same picture."""
    if same_picture:
        return CheckResult(
            "duplicates",
            Outcome.FAILED,
            50,
            gettext_noop("%(count)s other parties handed in the same picture or one very like it."),
            {"count": same_picture},
        )
    if same_number:
        return CheckResult(
            "duplicates",
            Outcome.WARNED,
            30,
            gettext_noop("%(count)s other parties claim the same number."),
            {"count": same_number},
        )
    return CheckResult("duplicates", Outcome.PASSED, 0, gettext_noop("Nobody else uses this number or picture."))


def document_end(until: date | None, today: date) -> CheckResult | None:
    """Judge the day to which the document itself holds; None when it names none."""
    if until is None:
        return None
    if until < today:
        return CheckResult(
            "validity", Outcome.FAILED, 60, gettext_noop("The document has run out."), {"until": until.isoformat()}
        )
    if (until - today).days <= DOCUMENT_ENDS_SOON_DAYS:
        return CheckResult(
            "validity",
            Outcome.WARNED,
            5,
            gettext_noop("The document runs out on %(until)s."),
            {"until": until.isoformat()},
        )
    return CheckResult(
        "validity", Outcome.PASSED, 0, gettext_noop("The document is in force."), {"until": until.isoformat()}
    )


class Answer(StrEnum):
    """What a register says."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    NOT_CONNECTED = "not_connected"


def registry(answer: Answer, register: str) -> CheckResult:
    params = {"register": register}
    if answer is Answer.AGREES:
        return CheckResult(
            "registry", Outcome.PASSED, 0, gettext_noop("%(register)s agrees with name and number."), params
        )
    if answer is Answer.DIFFERS:
        return CheckResult(
            "registry", Outcome.FAILED, 50, gettext_noop("%(register)s has another name for this number."), params
        )
    if answer is Answer.UNKNOWN:
        return CheckResult(
            "registry", Outcome.WARNED, 20, gettext_noop("%(register)s does not know the number."), params
        )
    return CheckResult(
        "registry", Outcome.UNKNOWN, 15, gettext_noop("No register is connected; a person compares."), params
    )
