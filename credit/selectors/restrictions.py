"""What a party may not agree to for the time being, by the published rules."""

from datetime import datetime

from accounts.core.actor import Actor
from accounts.core.mending import Mend
from accounts.selectors import organisations
from common.errors import Refused, gettext_noop
from credit.core import restrictions
from credit.core.restrictions import Restriction
from credit.selectors import rules, standing


class StandingRestricts(Refused):
    """The standing of one of the parties does not allow the deal."""


def of(organisation_id: int, *, at: datetime) -> list[Restriction]:
    """Return the restrictions of a party in force at `at`, the strictest first."""
    return restrictions.restrictions(
        standing.facts(organisation_id),
        grade=standing.of([organisation_id])[organisation_id].grade,
        at=at,
        rules=rules.in_force(at),
    )


def most_fen(*, at: datetime) -> dict[int, int]:
    """Return of every restricted party the largest deal that it may agree to at `at`; 0 for none. Two queries."""
    version = rules.in_force(at)
    return {
        organisation_id: min(each.most_order_fen for each in found)
        for organisation_id, (facts, grade) in standing.restrictable().items()
        if (found := restrictions.restrictions(facts, grade=grade, at=at, rules=version))
    }


def require_allowed(organisation_id: int, *, amount_fen: int, by: Actor, at: datetime) -> None:
    """Let pass only a deal of `amount_fen` that the standing of the party allows.

    Raises:
        StandingRestricts: it does not; why is told in full to `by`'s own side alone.
    """
    found = [each for each in of(organisation_id, at=at) if amount_fen > each.most_order_fen]
    if not found:
        return
    name = organisations.by_id(organisation_id).name
    if organisation_id != by.organisation_id:
        raise StandingRestricts(
            gettext_noop("The standing of %(name)s does not allow this deal at present."),
            fix=gettext_noop("Choose another partner, or agree on a smaller amount."),
            params={"name": name},
        )
    most_fen = found[0].most_order_fen
    raise StandingRestricts(
        gettext_noop("The standing of %(name)s allows orders of at most %(yuan)s yuan each.")
        if most_fen
        else gettext_noop("%(name)s is on an official list and may not order or accept until that ends."),
        fix=gettext_noop("See under Standing which facts this rests on, and object if one is wrong."),
        link=Mend.STANDING,
        params={"name": name, "yuan": f"{most_fen / 100:g}"},
    )
