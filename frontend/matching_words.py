"""How rounds speak on pages: how a part was decided, what was set, and what would help a need that was left wanting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend import words
from frontend.templatetags.yuli import distance, duration, money, percent_of_bp
from frontend.words import SIZES, Word
from matching.core.fairness import LEAST_PROVIDERS
from matching.core.run_states import RunState

# matching.core.solve: how a part was decided
METHODS: dict[str, Word] = {
    "pair_kernel": gettext_lazy("One deal each, proved"),
    "quantity_kernel": gettext_lazy("Shared quantities, proved"),
    "assignment": gettext_lazy("One deal each, proved"),
    "flow": gettext_lazy("Shared quantities, proved"),
    "lp": gettext_lazy("Indivisible wishes, linear and whole"),
    "milp": gettext_lazy("Indivisible wishes, searched"),
    "construction": gettext_lazy("Indivisible wishes, built step by step"),
    "none": gettext_lazy("Not decided"),
}

# matching.core.fairness.Share: what tells kinds of providers apart, and the kinds
KINDS_BY: dict[str, Word] = {
    "size": gettext_lazy("By size"),
    "age": gettext_lazy("By time on the platform"),
    "region": gettext_lazy("By region"),
    "standing": gettext_lazy("By standing"),
}
KINDS: dict[str, Word] = {
    **SIZES,
    "unknown": gettext_lazy("Not stated"),
    "new": gettext_lazy("New: under 90 days"),
    "known": gettext_lazy("90 days and more"),
    "low": gettext_lazy("Score below 400"),
    "middle": gettext_lazy("Score 400 to 599"),
    "good": gettext_lazy("Score 600 to 799"),
    "high": gettext_lazy("Score 800 and more"),
}

# matching.core.run_states: what a round that was asked for is at
STEPS: dict[str, Word] = {
    "gather": gettext_lazy("Reading needs and offers"),
    "solve": gettext_lazy("Deciding who fits whom"),
    "verify": gettext_lazy("Checking the result"),
    "write": gettext_lazy("Writing proposals"),
}

# matching.core.explain.Why: what the owner of the need can do about it
ADVICE: dict[str, Word] = {
    "may_not_deal": gettext_lazy("See under Verification and Standing what keeps you from it, and renew or object."),
    "no_limit": gettext_lazy("Say the most you would pay; only you see it, and nothing is proposed above it."),
    "nobody_offers": gettext_lazy(
        "Keep it published: every round looks again. A saved search tells you of new offers."
    ),
    "too_far": gettext_lazy("Widen the distance you accept, or wait for an offer nearby."),
    "not_free": gettext_lazy("Move the dates or allow a longer period."),
    "not_licensed": gettext_lazy("Ask nearby providers to renew their proofs, or accept a greater distance."),
    "too_dear": gettext_lazy("Raise your limit, or ask for quotes: a provider may take less for your job."),
    "too_large": gettext_lazy("Divide it into smaller needs, or accept a greater distance."),
    "poor_fit": gettext_lazy("Look again at what you marked as required: each such wish rules offers out."),
    "nothing_to_share": gettext_lazy("Raise your limit, or look for an offer that is nearer."),
    "incomplete": gettext_lazy("Allow more suppliers, a longer period or part of the quantity."),
    "others_gained_more": gettext_lazy(
        "Raise your limit, accept a greater distance or move the dates to a quieter week."
    ),
    "not_decided": gettext_lazy("Nothing to do: the next round tries again."),
}


def method_word(method: str) -> Word:
    """Return how a part of a round was decided."""
    return METHODS.get(method, method)


def advice(why: str) -> Word:
    """Return what would help a need that a round left wanting for this reason; empty where we know nothing."""
    return ADVICE.get(why, "")


def parameter_rows(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was set about a round, each with its value in words."""
    radius_m, quota_by = parameters.get("radius_m", 0), parameters.get("quota_by", "")
    shares = {"provider": _("Most that one provider may get of a direction"), "zone": _("The same for one city")}
    rows = [
        (_("Reach"), distance(radius_m) if radius_m else _("as each need says")),
        (_("Offers compared per need"), str(parameters.get("nearest", ""))),
        (_("What the way may cost at most, of the limit"), percent_of_bp(parameters.get("distance_weight_bp", 0))),
        (_("Reached at"), distance(parameters.get("distance_scale_m", 0))),
        (_("What an offer by quote is taken to ask, of the limit"), percent_of_bp(parameters.get("quote_share_bp", 0))),
        (_("Longest search per part"), duration(parameters.get("time_limit_s", 0))),
        (_("Seed that decides ties"), str(parameters.get("seed", ""))),
    ]
    if quota_by in shares:
        rows.insert(1, (shares[quota_by], percent_of_bp(parameters.get("quota_share_bp", 0))))
    return rows


def run_sentence(run: Any) -> str:
    """Say what a round that was asked for is at, or what became of it."""
    if run.failure:
        return _(run.failure)
    if run.state == RunState.CANCELLED:
        return _("The round was cancelled; nothing of it was kept.")
    if run.state == RunState.WAITING:
        return _("Waiting for its turn.")
    if run.trial:
        return trial_sentence(run.trial)
    step = str(STEPS.get(run.step, STEPS["gather"]))
    if not run.n_parts:
        return step
    return _("%(step)s: %(done)s of %(parts)s parts of the market") % {
        "step": step,
        "done": run.n_decided,
        "parts": run.n_parts,
    }


def trial_rows(trial: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, str]]:
    """Return the figures of a trial: what, as chosen, and without fairness terms."""
    amounts = (("gain_fen", _("Total gain, bonuses apart")), ("gap_fen", _("Missed at most")))
    sums = [
        (label, str(money(trial["chosen"].get(name, 0))), str(money(trial["free"].get(name, 0))))
        for name, label in amounts
    ]
    rows = rule_rows(trial)
    return [*rows[:2], *sums, *rows[2:]]


def rule_rows(rules: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, str]]:
    """Return what everybody may see of a round with its fairness terms and without: what, as decided, and without.

    Notes:
        Beside the certificate, the total gain without bonuses would tell the bonus of a single deal in fen, and with
        its published rate the limit of a need.
    """
    chosen, free = rules["chosen"], rules["free"]
    return [
        (_("Needs with a partner"), str(chosen["served"]), str(free["served"])),
        (_("Deals"), str(chosen["deals"]), str(free["deals"])),
        (_("Share of new providers"), _share(chosen), _share(free)),
        (_("Concentration of the deals, of 10,000"), str(chosen["hhi"]), str(free["hhi"])),
    ]


def _share(figures: Mapping[str, int]) -> str:
    deals = figures["deals"]
    return percent_of_bp(figures.get("entrants", 0) * 10_000 // deals) if deals else "–"


def rules_set(parameters: Mapping[str, Any], rules: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Say each fairness term of a round as it was set, and the bonus that was found for a floor."""
    said = []
    if parameters.get("quota_by"):
        shares = {
            "provider": _("No provider gets more than %(share)s of a direction."),
            "zone": _("No city gets more than %(share)s of a direction."),
        }
        said.append(shares[parameters["quota_by"]] % {"share": percent_of_bp(parameters["quota_share_bp"])})
    chosen = rules.get("chosen", {})
    bonus = percent_of_bp(chosen.get("entrant_bonus_bp", parameters.get("entrant_bonus_bp", 0)))
    if floor_bp := parameters.get("entrant_floor_bp"):
        floor = percent_of_bp(floor_bp)
        if not chosen:
            said.append(_("New providers should get at least %(floor)s of the deals.") % {"floor": floor})
        elif chosen["entrants"] * 10_000 >= floor_bp * chosen["deals"]:
            said.append(
                _(
                    "New providers should get at least %(floor)s of the deals: a bonus of %(bonus)s of the limit "
                    "does it."
                )
                % {"floor": floor, "bonus": bonus}
            )
        elif not chosen["entrant_bonus_bp"]:
            said.append(
                _("New providers should get at least %(floor)s of the deals. No bonus brings them nearer to that.")
                % {"floor": floor}
            )
        else:
            said.append(
                _(
                    "New providers should get at least %(floor)s of the deals. No bonus reaches that; one of %(bonus)s "
                    "of the limit comes as near as any."
                )
                % {"floor": floor, "bonus": bonus}
            )
    elif parameters.get("entrant_bonus_bp"):
        said.append(_("A deal with a new provider counts %(bonus)s of the limit more.") % {"bonus": bonus})
    if parameters.get("memory_bonus_bp"):
        said.append(
            _(
                "A need counts %(bonus)s of its limit more for each round in a row that others outbid it, up to "
                "%(most)s."
            )
            % {"bonus": percent_of_bp(parameters["memory_bonus_bp"]), "most": parameters["memory_rounds"]}
        )
    return said


def rules_sentence(rules: Mapping[str, Mapping[str, int]]) -> str:
    """Say what the fairness terms of a round cost all parties together."""
    cost = rules["free"]["gain_fen"] - rules["chosen"]["gain_fen"]
    if cost <= 0:
        return _("The fairness terms cost nothing.")
    return _("The fairness terms cost all parties together %(cost)s.") % {"cost": money(cost)}


def trial_sentence(trial: Mapping[str, Mapping[str, int]]) -> str:
    """Say what the fairness terms cost all parties together, and how much of all that is."""
    chosen, free = trial["chosen"]["gain_fen"], trial["free"]["gain_fen"]
    if chosen >= free:
        return rules_sentence(trial)
    return _("The fairness terms cost all parties together %(cost)s, %(share)s of the total gain.") % {
        "cost": money(free - chosen),
        "share": percent_of_bp((free - chosen) * 10_000 // free),
    }


def bonus_sentence(proposal: Any) -> str:
    """Say which bonus counted for a proposal, and whether it came about by that; empty without one."""
    rates = {"entrant": percent_of_bp(proposal.entrant_bonus_bp), "memory": percent_of_bp(proposal.memory_bonus_bp)}
    if proposal.entrant_bonus_bp and proposal.memory_bonus_bp:
        said = _(
            "When deals were chosen, this one counted %(entrant)s of the limit more because the provider is new here, "
            "and %(memory)s more because the need had gone without before. Nobody pays that."
        )
    elif proposal.entrant_bonus_bp:
        said = _(
            "When deals were chosen, this one counted %(entrant)s of the limit more because the provider is new here. "
            "Nobody pays that."
        )
    elif proposal.memory_bonus_bp:
        said = _(
            "When deals were chosen, this one counted %(memory)s of the limit more because the need had gone without "
            "before. Nobody pays that."
        )
    else:
        said = ""
    if proposal.is_by_bonus:
        by_it = _("Without the round's bonuses it would not have come about.")
        return f"{said % rates} {by_it}".strip()
    return said % rates if said else ""


@dataclass(frozen=True)
class SharesBy:
    """Kinds of providers told apart by one thing, with what each kind was part of, in percent of all."""

    by: Word
    rows: list[tuple[Word, int, int, int]]  # kind, providers, percent of the pairs compared, percent of the deals


def shares(fairness: Mapping[str, Any]) -> list[SharesBy]:
    """Return the report of a round by what tells kinds apart; nothing where it has none."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for share in fairness.get("shares", []):
        found.setdefault(share["by"], []).append(share)
    return [
        SharesBy(
            KINDS_BY[by],
            [
                (
                    words.place(row["kind"].ljust(6, "0")) if row["kind"].isdigit() else KINDS[row["kind"]],
                    row["providers"],
                    _percent(row["compared"], sum(each["compared"] for each in rows)),
                    _percent(row["won"], sum(each["won"] for each in rows)),
                )
                for row in rows
            ],
        )
        for by, rows in found.items()
    ]


def envy_sentence(fairness: Mapping[str, Any]) -> str:
    """Say how many needs would rather have had others' lots; how much more, only where it is that of several."""
    envy: Mapping[str, int] = fairness.get("envy", {})
    if not envy.get("needs"):
        return ""
    if not envy["envious"]:
        none = _(
            "At the prices of the round none of the %(needs)s needs decided exactly would rather have had others' lots."
        )
        return none % envy
    some = _(
        "By what lots are truly worth, %(envious)s of the %(needs)s needs decided exactly would rather have had "
        "others' lots at their prices: that is what bonuses change."
    )
    more = _("Together they would have gained %(more)s more.") % {"more": money(envy["fen"])}
    return f"{some % envy} {more}" if envy["envious"] >= LEAST_PROVIDERS else some % envy


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
