"""Rounds and proposals on pages: open to check, answered by the two sides, unseen by others."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from accounts.core.actor import Role
from frontend.templatetags.yuli import day, money, percent_of_bp
from marketplace.core.parts import calendar_week
from matching.models import Proposal, Round, RoundRun, RoundSeed, Unmatched
from matching.services import round_runs, round_seeds
from tests import make

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def proposal():
    return make.proposal()


def test_every_round_is_open_to_everybody(client, proposal, django_assert_max_num_queries):
    code = proposal.round.code

    with django_assert_max_num_queries(3):
        assert str(code) in text_of(client.get("/rounds"))
    with django_assert_max_num_queries(6):
        page = text_of(client.get(f"/rounds/{code}"))

    assert proposal.round.input_sha256 in page
    assert "已证最优" in page
    assert '"lines": [{' in page


def test_rounds_have_an_empty_state(client):
    assert "还没有运行过撮合" in text_of(client.get("/rounds"))


def test_a_replay_gives_the_same_result_and_asks_for_a_login(client, client_of, proposal):
    address = f"/rounds/{proposal.round.code}/replay"

    assert client.post(address).headers["Location"].startswith("/login")

    page = text_of(client_of(proposal.consumer).post(address, headers={"HX-Request": "true"}))
    assert "结果相同" in page
    assert "<html" not in page


def test_only_operators_run_a_round_by_hand(client_of):
    client = client_of(make.organisation())

    answer = client.post("/rounds/run", follow=True)

    assert not Round.objects.exists()
    assert "toast-item error" in text_of(answer)


@pytest.fixture
def run():
    return round_runs.ask(by=make.operator(), at=make.MONDAY_9AM)


def test_an_operator_sees_how_far_a_round_is_and_then_the_round(client_of):
    client = client_of(user=make.user(staff=[Role.OPERATOR]))

    waiting = client.post("/rounds/run", follow=True)
    run = RoundRun.objects.get()
    address = f"/rounds/runs/{run.code}"
    RoundRun.objects.update(state="running", step="solve", n_decided=3, n_parts=7)
    running = client.get(address, headers={"HX-Request": "true"})
    RoundRun.objects.update(state="waiting")
    round_runs.carry_out(run.code, at=make.MONDAY_9AM)
    done = client.get(address, headers={"HX-Request": "true"})

    assert waiting.redirect_chain == [(address, 302)]
    assert "排队等候中" in text_of(waiting)
    assert "市场共 7 个部分，已完成 3 个" in text_of(running)
    assert '<progress class="progress progress-primary" aria-label="进度" max="7" value="3">' in text_of(running)
    assert done["HX-Redirect"] == f"/rounds/{Round.objects.get().code}"
    assert client.get(address)["Location"] == done["HX-Redirect"]


def test_an_operator_tries_a_bound_and_sees_its_price(client_of):
    client = client_of(user=make.user(staff=[Role.OPERATOR]))
    chosen = {"directions": ["skills"], "quota_by": "provider", "quota_percent": "40", "radius_km": "50", "trial": "1"}

    client.post("/rounds/run", chosen)
    run = RoundRun.objects.get()
    figures = {"needs": 9, "served": 7, "deals": 7, "entrants": 0, "gain_fen": 95_000, "gap_fen": 0, "hhi": 2_000}
    free = figures | {"gain_fen": 100_000, "hhi": 8_000}
    RoundRun.objects.update(state="done", trial={"chosen": figures, "free": free})
    page = text_of(client.get(f"/rounds/runs/{run.code}"))

    assert (run.is_trial, run.directions) == (True, ["skills"])
    assert run.parameters == {"quota_by": "provider", "quota_share_bp": 4_000, "radius_m": 50_000}
    assert "这些公平规则使各方合计少得 ¥50，占总增益的 5%。" in page
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("quota_percent", ""), ("quota_percent", "0"), ("nearest", "0"), ("radius_km", "-1")]
)
def test_a_wrong_setting_is_told_at_its_field_and_nothing_is_asked_for(client_of, field, value):
    client = client_of(user=make.user(staff=[Role.OPERATOR]))

    answer = client.post("/rounds/run", {"quota_by": "zone", "quota_percent": "30", "seed": "abc", field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'value="abc"' in text_of(answer)
    assert not RoundRun.objects.exists()


def test_an_operator_cancels_a_round_and_is_told_so(client_of, run):
    client = client_of(user=make.user(staff=[Role.OPERATOR]))

    listed = text_of(client.get("/rounds"))
    answer = client.post(f"/rounds/runs/{run.code}/cancel", follow=True)

    assert f"/rounds/runs/{run.code}" in listed
    assert "本轮已取消" in text_of(answer)
    assert "本轮已取消" in text_of(client.get(f"/rounds/runs/{run.code}"))
    assert RoundRun.objects.get().state == "cancelled"


def test_only_operators_see_a_round_that_is_asked_for(client_of, run):
    client = client_of(make.organisation())

    assert client.get(f"/rounds/runs/{run.code}").status_code == 404
    assert client.post(f"/rounds/runs/{run.code}/cancel").status_code == 404
    assert str(run.code) not in text_of(client.get("/rounds"))
    assert RoundRun.objects.get().state == "waiting"


def test_a_round_shows_shares_by_kind_of_provider(client, proposal):
    shares = [
        {"by": "region", "kind": "35", "providers": 3, "compared": 30, "won": 1},
        {"by": "region", "kind": "50", "providers": 4, "compared": 10, "won": 3},
    ]
    Round.objects.update(fairness={"hhi": 3_750, "shares": shares})

    page = text_of(client.get(f"/rounds/{proposal.round.code}"))

    assert "按地区" in page
    assert '<th scope="row">福建省</th><td class="number" data-label="供方数">3</td>' in page
    assert '<td class="number" data-label="可能的配对">75%</td><td class="number" data-label="交易">25%</td>' in page
    assert "赫芬达尔—赫希曼指数）：3750" in page


def test_each_side_sees_its_own_limit_only(client_of, proposal):
    proposal.limit_fen, proposal.reserve_fen = 8_765, 5_432
    proposal.save()
    address = f"/proposals/{proposal.code}"

    consumer, provider = (text_of(client_of(side).get(address)) for side in (proposal.consumer, proposal.provider))

    assert "87.65" in consumer
    assert "54.32" not in consumer
    assert "54.32" in provider
    assert "87.65" not in provider


def test_a_proposal_is_not_there_for_strangers(client_of, proposal):
    stranger = client_of(make.organisation())

    assert stranger.get(f"/proposals/{proposal.code}").status_code == 404
    assert stranger.post(f"/proposals/{proposal.code}/accept").status_code == 404
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_a_decline_ends_it_and_unknown_answers_are_404(client_of, proposal):
    provider = client_of(proposal.provider)

    assert provider.post(f"/proposals/{proposal.code}/marry").status_code == 404
    provider.post(f"/proposals/{proposal.code}/decline")

    proposal.refresh_from_db()
    assert proposal.state == "declined"


def test_who_has_accepted_reads_that_the_other_side_is_awaited(client_of, proposal):
    proposal.expires_at = timezone.now() + timedelta(days=1)
    proposal.save()
    consumer = client_of(proposal.consumer)
    asked = text_of(consumer.get(f"/proposals/{proposal.code}"))

    told = text_of(consumer.post(f"/proposals/{proposal.code}/accept", follow=True))

    assert "前答复；逾期建议失效" in asked
    assert "您已接受。对方须在" in told
    assert "前答复；逾期建议失效" not in told
    assert "需方已接受 · " in told  # the step, in words


def test_the_list_shows_what_waits_and_all_on_request(client_of, proposal, django_assert_max_num_queries):
    client = client_of(proposal.consumer)

    with django_assert_max_num_queries(12):
        assert proposal.demand.title in text_of(client.get("/proposals"))

    client.post(f"/proposals/{proposal.code}/decline")
    assert "没有等您答复的建议" in text_of(client.get("/proposals"))
    assert proposal.demand.title in text_of(client.get("/proposals?show=all"))


def test_the_owner_of_a_need_reads_what_matching_found(client_of, proposal):
    page = text_of(client_of(proposal.consumer).get(f"/demands/{proposal.demand.code}"))

    assert proposal.listing.title in page
    assert str(proposal.code) in page


def test_a_round_says_how_much_more_it_gains_and_what_its_certificate_proves(client):
    near, far = make.XIAMEN, Point(118.4, 24.479, srid=4326)
    make.fitting_wish(budget_fen=10_000)
    make.fitting_wish(budget_fen=9_800, radius_m=5_000)
    make.fitting_offer(place=near, division_code="350203")
    make.fitting_offer(place=far, reserve_price_fen=6_050, division_code="500103")
    found = make.run_round()

    page = text_of(client.get(f"/rounds/{found.code}"))

    more = percent_of_bp(round((found.primal_fen - found.greedy_fen) * 10_000 / found.greedy_fen))
    assert f"本轮多得 {more}" in page
    assert "没有哪一对供需双方会因抛开现有对象、彼此成交而都更好" in page
    assert "一对一，已证明最优" in page
    assert 'data-area="350200"' in page
    assert 'data-area="500100"' in page


def test_a_round_that_is_not_exact_says_what_was_missed_at_most(client):
    make.fitting_wish("capacity", quantity=60, is_whole=True)
    make.fitting_offer("capacity", setup_fee_fen=10_000)
    make.fitting_offer("capacity", setup_fee_fen=10_001)
    found = make.run_round()
    Round.objects.filter(pk=found.pk).update(is_exact=False, gap_fen=100, dual_fen=found.primal_fen + 100)

    page = text_of(client.get(f"/rounds/{found.code}"))

    assert f"至多差 {money(100)}" in page


def test_the_owner_of_a_need_left_wanting_reads_why_and_what_would_help(client_of):
    demand = make.fitting_wish(budget_fen=8_000)
    make.fitting_wish(budget_fen=9_000)
    make.fitting_offer()
    make.run_round()

    page = text_of(client_of(demand.owner).get(f"/demands/{demand.code}"))

    assert "稀缺的供给给了增益更大的需求" in page
    assert "提高限价、接受更远距离" in page


def test_a_proposal_by_the_week_says_which_weeks_and_how_far_the_price_is_from_ones_limit(client_of):
    proposal = make.proposal("capacity")
    (week, quantity), *_ = proposal.weeks

    page = text_of(client_of(proposal.consumer).get(f"/proposals/{proposal.code}"))

    monday, _ = calendar_week(week)
    assert f'{day(monday)} 起一周: <span class="figures">{quantity} ' in page
    assert f"本建议价比它低 {money(9_000 - proposal.unit_price_fen)}" in page


def test_the_hash_of_the_next_seed_stands_on_the_page_and_the_round_reveals_the_seed(client):
    waiting = round_seeds.of_next(at=make.MONDAY_9AM)

    before = text_of(client.get("/rounds"))
    found = make.run_round()
    page = text_of(client.get(f"/rounds/{found.code}"))

    assert waiting.sha256 in before
    assert waiting.seed not in before
    assert waiting.seed in page
    assert waiting.sha256 in page
    following = RoundSeed.objects.get(round=None)
    assert following.seed not in page
    assert following.sha256 in text_of(client.get("/rounds"))


def test_a_round_with_fairness_terms_prints_them_with_their_price_and_no_limit(client):
    make.fitting_wish()
    make.fitting_offer()
    figures = {
        "needs": 9, "served": 7, "deals": 8, "entrants": 2, "gain_fen": 95_123, "gap_fen": 0, "hhi": 2_000,
        "entrant_bonus_bp": 320,
    }  # fmt: skip
    free = figures | {"gain_fen": 100_456, "entrants": 1, "hhi": 3_000, "entrant_bonus_bp": 0}
    found = make.run_round()
    parameters = found.parameters | {"entrant_floor_bp": 2_500, "entrant_bonus_bp": 320, "memory_bonus_bp": 50}
    Round.objects.update(rules={"chosen": figures, "free": free}, parameters=parameters)

    page = text_of(client.get(f"/rounds/{found.code}"))

    assert "新供方应至少获得 25% 的成交：加分为最高限价的 3.2% 即可达到。" in page
    assert "需求每连续落选一轮，按其最高限价的 0.5% 加分，最多计 3 轮。" in page
    assert "这些公平规则使各方合计少得 ¥53.33。" in page
    assert "25%" in page
    assert "12.5%" in page
    assert "951.23" not in page


def test_an_operator_sets_bonuses_and_only_a_trial_takes_a_seed(client_of):
    client = client_of(user=make.user(staff=[Role.OPERATOR]))
    chosen = {"entrant_by": "floor", "entrant_percent": "12.5", "memory_percent": "0.5", "seed": "mine"}

    client.post("/rounds/run", chosen | {"trial": "1"})
    tried = RoundRun.objects.get()
    RoundRun.objects.update(state="cancelled")
    client.post("/rounds/run", chosen)
    asked = RoundRun.objects.get(state="waiting")

    rule = {"entrant_floor_bp": 1_250, "memory_bonus_bp": 50}
    assert tried.parameters == rule | {"seed": "mine"}
    assert asked.parameters == rule


def test_a_proposal_says_that_it_came_about_by_a_bonus(client_of):
    proposal = make.proposal()
    Proposal.objects.update(entrant_bonus_bp=320, is_by_bonus=True)

    page = text_of(client_of(proposal.consumer).get(f"/proposals/{proposal.code}"))

    assert "按最高限价的 3.2% 加分" in page
    assert "如果没有本轮加分，就不会有这项建议。" in page


def test_a_round_says_whether_anybody_would_rather_have_had_others_lots(client):
    make.fitting_wish()
    make.fitting_offer()
    found = make.run_round()
    assert found.fairness["envy"] == {"needs": 1, "envious": 0, "fen": 0}

    said = {}
    for envious in (0, 2, 3):
        envy = {"needs": 9, "envious": envious, "fen": 12_345 if envious else 0}
        Round.objects.update(fairness=found.fairness | {"shares": SHARES, "envy": envy})
        said[envious] = text_of(client.get(f"/rounds/{found.code}"))

    assert "在精确求解的 9 个需求中，没有一个更愿意要别人所得的供给" in said[0]
    assert "在精确求解的 9 个需求中，有 2 个" in said[2]
    assert ["123.45" in said[envious] for envious in (0, 2, 3)] == [False, False, True]


SHARES = [{"by": "age", "kind": "new", "providers": 3, "compared": 9, "won": 1}]


def test_a_need_is_told_that_it_would_have_got_more_without_bonuses(client_of):
    demand = make.fitting_wish()
    make.run_round()
    told = {}
    for by_bonus in (False, True):
        Unmatched.objects.update(why="others_gained_more", facts={"by_bonus": True} if by_bonus else {})
        told[by_bonus] = "如果没有本轮给新供方和此前落选需求的加分" in text_of(
            client_of(demand.owner).get(f"/demands/{demand.code}")
        )

    assert told == {False: False, True: True}
