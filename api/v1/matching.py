"""Match rounds, which anyone may check, and proposals, which only their two sides see."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.deal_parts import PartyOut
from api.v1.fields import one_of
from api.v1.pagination import paged
from api.v1.permissions import AnyoneReads
from api.v1.resource import Resource
from api.v1.schema import operation
from marketplace.directions import CODES
from matching.core.explain import Why
from matching.core.proposal_states import ProposalState
from matching.core.run_states import RunState, RunStep
from matching.selectors import proposals as select_proposals
from matching.selectors import rounds as select_rounds
from matching.services import proposals, round_runs, rounds


class CertificateOut(serializers.Serializer[Any]):
    n_needs = serializers.IntegerField()
    n_lots = serializers.IntegerField()
    n_edges = serializers.IntegerField()
    n_deals = serializers.IntegerField()
    primal_fen = serializers.IntegerField(help_text="Total surplus of the plan.")
    dual_fen = serializers.IntegerField(help_text="What no plan can exceed.")
    gap_fen = serializers.IntegerField()
    blocking = serializers.IntegerField(help_text="Pairs that would both rather have each other.")
    unfair = serializers.IntegerField(help_text="Participants pushed over their own limit.")
    budget_fen = serializers.IntegerField(help_text="Paid less received.")
    greedy_fen = serializers.IntegerField()
    first_come_fen = serializers.IntegerField()
    is_sound = serializers.BooleanField()
    is_exact = serializers.BooleanField()


class RoundRuleFiguresOut(serializers.Serializer[Any]):
    needs = serializers.IntegerField()
    served = serializers.IntegerField()
    deals = serializers.IntegerField()
    entrants = serializers.IntegerField(help_text="Deals of providers under 90 days on the platform.")
    hhi = serializers.IntegerField(help_text="Herfindahl-Hirschman index of the deals, of 10000.")


class RoundRulesOut(serializers.Serializer[Any]):
    cost_fen = serializers.SerializerMethodField(
        help_text="What the same market gains more without fairness terms, bonuses apart."
    )
    chosen = RoundRuleFiguresOut()
    free = RoundRuleFiguresOut(help_text="The same market without fairness terms.")

    def get_cost_fen(self, rules: Any) -> int:
        return int(rules["free"]["gain_fen"] - rules["chosen"]["gain_fen"])


class SeedOut(serializers.Serializer[Any]):
    sha256 = serializers.CharField(help_text="SHA-256 of the seed's letters, published before the round.")
    published_at = serializers.DateTimeField()
    seed = serializers.CharField(help_text="Revealed with the round; empty before.")


class RoundOut(CertificateOut):
    code = serializers.UUIDField()
    n_entered = serializers.IntegerField(help_text="Pairs beyond the nearest that came in because they could gain.")
    n_left = serializers.IntegerField(
        allow_null=True, help_text="Pairs beyond those that could still gain; null where nobody looked."
    )
    at = serializers.DateTimeField()
    trigger = one_of(["operator", "command", "schedule", "live"])
    directions = serializers.ListField(child=one_of(CODES))
    n_components = serializers.IntegerField()
    n_served = serializers.IntegerField()
    n_unmatched = serializers.IntegerField()
    value_fen = serializers.IntegerField()
    input_sha256 = serializers.CharField()
    outcome_sha256 = serializers.CharField()


class ComponentOut(CertificateOut):
    direction = one_of(CODES)
    position = serializers.IntegerField()
    kind = serializers.CharField()
    method = serializers.CharField()
    failure = serializers.CharField()
    is_out_of_time = serializers.BooleanField()


class RoundDetailOut(RoundOut):
    parameters = serializers.DictField()
    software = serializers.DictField(child=serializers.CharField())
    components = ComponentOut(many=True)
    rules = serializers.SerializerMethodField(help_text="What its fairness terms cost; null without any.")
    drawn = serializers.SerializerMethodField(help_text="The seed drawn beforehand that decided ties; null without.")

    @extend_schema_field(RoundRulesOut(allow_null=True))
    def get_rules(self, found: Any) -> Any:
        return RoundRulesOut(found.rules).data if found.rules else None

    @extend_schema_field(SeedOut(allow_null=True))
    def get_drawn(self, found: Any) -> Any:
        seed = select_rounds.revealed_seed(found)
        return SeedOut(seed).data if seed else None


class ReplayOut(serializers.Serializer[Any]):
    is_same = serializers.BooleanField()
    input_sha256 = serializers.CharField()
    outcome_sha256 = serializers.CharField()
    stored_outcome_sha256 = serializers.CharField()


class RoundIn(serializers.Serializer[Any]):
    directions = serializers.ListField(
        child=one_of(CODES), required=False, max_length=len(CODES), help_text="All when left out."
    )


class RoundRunOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    state = one_of(RunState)
    step = one_of(RunStep, or_none=True)
    n_parts = serializers.IntegerField(help_text="Parts of the market to decide, known while it solves.")
    n_decided = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    failure = serializers.SerializerMethodField(help_text="Why it came to nothing; empty where it did not.")
    round = serializers.UUIDField(source="round.code", default=None, allow_null=True)

    def get_failure(self, run: Any) -> str:
        return _(run.failure) if run.failure else ""


class ProposalOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    round = serializers.UUIDField(source="round.code")
    direction = one_of(CODES)
    demand = serializers.UUIDField(source="demand.code")
    listing = serializers.UUIDField(source="listing.code")
    consumer = PartyOut()
    provider = PartyOut()
    leg = serializers.CharField()
    is_whole = serializers.BooleanField(help_text="Stands or falls with the other parts of the same need.")
    quantity = serializers.IntegerField()
    unit = serializers.CharField()
    unit_price_fen = serializers.IntegerField()
    setup_fen = serializers.IntegerField()
    total_fen = serializers.IntegerField()
    entrant_bonus_bp = serializers.IntegerField(
        help_text="What it counted for beyond its worth because the provider is new, of the limit; nobody pays it."
    )
    memory_bonus_bp = serializers.IntegerField(help_text="Likewise, because the need had gone without before.")
    is_by_bonus = serializers.BooleanField(help_text="Without bonuses the round would not have proposed it.")
    fit_bp = serializers.IntegerField(help_text="Fit in basis points: 10000 is perfect.")
    fit_terms = serializers.JSONField()
    distance_m = serializers.IntegerField(allow_null=True)
    rank = serializers.IntegerField()
    n_candidates = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[state.value for state in ProposalState])
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    order_code = serializers.UUIDField(allow_null=True)


class ProposedTimeOut(serializers.Serializer[Any]):
    start = serializers.DateTimeField(source="lower")
    end = serializers.DateTimeField(source="upper")


class ProposalDetailOut(ProposalOut):
    times = ProposedTimeOut(
        many=True,
        help_text="When it is proposed to be, booked once both accept; empty where a time is chosen after agreement.",
    )
    side = serializers.ChoiceField(choices=["consumer", "provider"])
    own_limit_fen = serializers.IntegerField(
        allow_null=True,
        help_text="The caller's own price limit per unit; null for an offer by quote, where it would tell the other's.",
    )
    leeway_fen = serializers.IntegerField(
        help_text="The price per unit may surely rise or fall by so much, and nobody else has a reason to object."
    )
    moves = serializers.ListField(child=serializers.CharField())


class DeclineIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class UnmatchedOut(serializers.Serializer[Any]):
    round = serializers.UUIDField(source="round.code")
    quantity = serializers.IntegerField(help_text="What is missing, in the demand's unit.")
    why = one_of(Why, help_text="The first reason that binds.")
    leg = serializers.CharField()
    listing = serializers.UUIDField(source="listing.code", default=None, allow_null=True)
    missing_fen = serializers.IntegerField(
        help_text="By how much the limit per unit would have had to be higher in that round; 0 where unknown."
    )
    facts = serializers.JSONField()


class Rounds(Resource):
    permission_classes = [AnyoneReads]

    @operation("List match rounds, newest first", ok=RoundOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, select_rounds.public(), RoundOut)

    @operation(
        "Ask for a round now (operators); see how far it is under rounds/runs/{code}",
        reads=RoundIn,
        ok=RoundRunOut,
        status=202,
        problems=(409,),
        idempotent=True,
    )
    def post(self, request: Request) -> Response:
        run = round_runs.ask(by=self.actor, at=self.at, **self.read(RoundIn))
        return Response(RoundRunOut(run).data, status=202)


class NextSeed(Resource):
    permission_classes = [AnyoneReads]

    @operation("Show the hash of the seed that decides ties in the next round", ok=SeedOut, problems=(404,))
    def get(self, request: Request) -> Response:
        found = select_rounds.announced_seed()
        if found is None:
            raise Http404
        return Response(SeedOut(found).data)


class RoundRun(Resource):
    @operation("Show how far a round is that was asked for (operators)", ok=RoundRunOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return Response(RoundRunOut(select_rounds.run(code, viewer=self.actor)).data)


class CancelRoundRun(Resource):
    @operation("Give up a round that waits or runs (operators)", ok=RoundRunOut, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        return Response(RoundRunOut(round_runs.cancel(code, by=self.actor, at=self.at)).data)


class Round(Resource):
    permission_classes = [AnyoneReads]

    @operation("Show a round with its certificates", ok=RoundDetailOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return Response(RoundDetailOut(select_rounds.get(code, viewer=self.actor)).data)


class Replay(Resource):
    @operation("Decide the stored input again and compare the bytes", ok=ReplayOut, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        return Response(ReplayOut(rounds.replay(code, by=self.actor, at=self.at)).data)


class Proposals(Resource):
    @operation("List the proposals in which one is a side, newest first", ok=ProposalOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, select_proposals.mine(self.actor), ProposalOut)


class _OneProposal(Resource):
    def shown(self, code: UUID) -> dict[str, Any]:
        view = select_proposals.get(code, viewer=self.actor)
        names = ("side", "own_limit_fen", "leeway_fen", "moves")
        times = ProposedTimeOut(view.times, many=True).data
        return {**ProposalOut(view.proposal).data, "times": times, **{name: getattr(view, name) for name in names}}


class Proposal(_OneProposal):
    @operation("Show a proposal as one's own side sees it", ok=ProposalDetailOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return Response(self.shown(code))


class AcceptProposal(_OneProposal):
    @operation("Say yes; when both have, the order is made", ok=ProposalDetailOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        proposals.accept(code, by=self.actor, at=self.at)
        return Response(self.shown(code))


class DeclineProposal(_OneProposal):
    @operation("Say no", reads=DeclineIn, ok=ProposalDetailOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        proposals.decline(code, by=self.actor, at=self.at, **self.read(DeclineIn))
        return Response(self.shown(code))


class Unmatched(Resource):
    @operation("Say why a demand of one's own was left wanting", ok=UnmatchedOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        found = select_proposals.unmatched(code, viewer=self.actor)
        if found is None:
            raise Http404
        return Response(UnmatchedOut(found).data)


urlpatterns = [
    path("rounds", Rounds.as_view()),
    path("rounds/next-seed", NextSeed.as_view()),
    path("rounds/runs/<uuid:code>", RoundRun.as_view()),
    path("rounds/runs/<uuid:code>/cancel", CancelRoundRun.as_view()),
    path("rounds/<uuid:code>", Round.as_view()),
    path("rounds/<uuid:code>/replay", Replay.as_view()),
    path("proposals", Proposals.as_view()),
    path("proposals/<uuid:code>", Proposal.as_view()),
    path("proposals/<uuid:code>/accept", AcceptProposal.as_view()),
    path("proposals/<uuid:code>/decline", DeclineProposal.as_view()),
    path("demands/<uuid:code>/unmatched", Unmatched.as_view()),
]
