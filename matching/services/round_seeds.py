"""Seeds of rounds: drawn at random before anybody knows the wishes they decide among, used once, then revealed."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from common.db import violated_constraint
from common.errors import Refused, gettext_noop
from matching.models import Round, RoundSeed

SEED_BYTES = 32


class SeedNotChosen(Refused):
    """Nobody chooses the seed of a round that proposes."""


class SeedSpent(Refused):
    """The seed that a round was decided with belongs to another round by now."""


def require_none(*, is_trial: bool) -> None:
    """Refuse a seed that somebody chose for a round that proposes.

    Raises:
        SeedNotChosen: it is no trial.
    """
    if not is_trial:
        raise SeedNotChosen(
            gettext_noop("The seed of a round is drawn beforehand; nobody chooses it."),
            fix=gettext_noop("Leave it out, or only try the round."),
        )


def of_next(*, at: datetime) -> RoundSeed:
    """Return the seed that waits for the next round; drawn now where none does."""
    return _waiting() or _drawn(at=at)


def spend(round_: Round, *, at: datetime) -> None:
    """Give the waiting seed to the round that was decided with it, and draw the next; call it inside a transaction.

    Raises:
        SeedSpent: another seed waits by now.
    """
    seed = RoundSeed.objects.select_for_update().filter(round=None).first()
    if seed is None or seed.seed != round_.parameters["seed"]:
        raise SeedSpent(
            gettext_noop("Another round was written meanwhile."), fix=gettext_noop("Ask for the round again.")
        )
    seed.round = round_
    seed.save(update_fields=["round"])
    RoundSeed.objects.create(seed=secrets.token_hex(SEED_BYTES), published_at=at)


def _waiting() -> RoundSeed | None:
    return RoundSeed.objects.filter(round=None).first()


def _drawn(*, at: datetime) -> RoundSeed:
    try:
        with transaction.atomic():
            return RoundSeed.objects.create(seed=secrets.token_hex(SEED_BYTES), published_at=at)
    except IntegrityError as error:
        if violated_constraint(error) != "round_seed_next_once":
            raise
        return RoundSeed.objects.get(round=None)  # somebody else was quicker
