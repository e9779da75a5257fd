"""Rounds and proposals on pages: open to check, answered by the two sides, unseen by others."""

import pytest

from matching.models import Round
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
