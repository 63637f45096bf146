"""The limits of the API: who asks too often waits, alone; who asks too much at once is told how long."""

import asyncio
import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access import attempts
from app.ogc.faults import Refusal
from app.ogc.limits import LONGEST_S, Limits
from app.sharing.tokens import new_token
from tests.app.ogc.conftest import hand_over, links
from tests.conftest import DISTRICT
from tests.server import serving


@given(
    st.integers(1, 600),
    st.integers(1, 50),
    st.lists(st.floats(0, 20, allow_nan=False), min_size=1, max_size=200),
)
def test_no_more_is_answered_than_the_burst_and_what_flows_in(per_minute, burst, pauses):
    moment, answered = 0.0, []
    limits = Limits(per_minute, burst, lambda: moment)
    for pause in pauses:
        moment += pause
        wait = limits.turn("dinkes")
        assert wait is None or 0 <= wait <= LONGEST_S
        if wait is not None:
            answered.append(moment + wait)
    assert answered == sorted(answered), "in turn"
    for number, when in enumerate(answered, 1):
        assert number <= burst + (when * per_minute / 60) + 1e-6


@given(st.integers(30, 6000), st.integers(1, 50), st.integers(1, 500))
def test_whoever_asks_one_after_the_other_is_never_refused(per_minute, burst, pages):
    moment = 0.0
    limits = Limits(per_minute, burst, lambda: moment)
    for _ in range(pages):
        wait = limits.turn("dinkes")
        assert wait is not None
        moment += wait
    assert moment == pytest.approx(max(0, pages - burst) * 60 / per_minute, abs=1e-6)


def test_after_the_time_that_was_told_one_may_ask_again():
    moment = 0.0
    limits = Limits(7, 1, lambda: moment)
    assert limits.turn("a") == 0
    assert limits.turn("a") is None
    moment += limits.seconds_to_wait("a")
    assert limits.turn("a") is not None


def test_a_great_many_callers_take_no_more_memory():
    limits = Limits(60, 1)
    for number in range(20_000):
        limits.turn(str(number))
    assert len(limits._buckets) <= 10_000


def test_those_who_wait_hold_no_thread_and_are_all_answered():
    async def ask() -> list[object]:
        limits = Limits(per_minute=6000, burst=5)
        return await asyncio.gather(*(limits.wait("dinkes") for _ in range(300)), return_exceptions=True)

    found = asyncio.run(ask())
    refused = [each for each in found if isinstance(each, Refusal)]
    assert {each.status for each in refused} == {429}
    # 5 at once, and as many as come within two seconds of waiting
    assert 200 <= found.count(None) <= 215
    assert found.count(None) + len(refused) == 300


@pytest.fixture(scope="module")
def strict(run_folder, tmp_path_factory):
    with serving(
        run_folder, state=tmp_path_factory.mktemp("batas"), boundaries=DISTRICT, ogc_per_minute=6, ogc_burst=3
    ) as served:
        served.add("pimpinan", "pimpinan")
        yield served


def test_each_caller_waits_alone_and_is_told_how_long(strict):
    first, second = ({"authorization": f"Bearer {hand_over(strict)[0]}"} for _ in range(2))
    visitor = strict.visitor()
    answers = [visitor.get("/ogc/conformance", headers=first) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 10
    assert answers[-1].json()["code"] == "TooManyRequests"
    assert visitor.get("/ogc/conformance", headers=second).status_code == 200
    signed_in = strict.sign_in("pimpinan")
    assert [signed_in.get("/ogc/conformance").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert signed_in.get("/peta").status_code == 200, "the pages have no such limit"


def test_a_program_that_asks_page_after_page_is_slowed_and_takes_all(run_folder, tmp_path):
    with serving(
        run_folder, state=tmp_path, boundaries=DISTRICT, ogc_per_minute=3_000, ogc_burst=1
    ) as served:
        token, _ = hand_over(served)
        told = served.visitor(), {"authorization": f"Bearer {token}"}
        path, features = "/ogc/collections/rumah_tangga/items?limit=2", []
        while path:
            answer = told[0].get(path, headers=told[1])
            assert answer.status_code == 200, answer.text
            page = answer.json()
            features += page["features"]
            path = (links(page, "next") or [""])[0] if len(features) < 60 else ""
        assert len({each["id"] for each in features}) >= min(60, page["numberMatched"])


def test_wrong_tokens_are_counted_as_sign_ins_are(run_folder, tmp_path):
    with serving(run_folder, state=tmp_path, boundaries=DISTRICT) as served:
        right, _ = hand_over(served)
        visitor, wrong = served.visitor(), new_token()[0]
        basic = base64.b64encode(f"siapa saja:{wrong}".encode()).decode()
        headers = [{"authorization": f"Bearer {wrong}"}, {"authorization": f"Basic {basic}"}]
        told = [visitor.get("/ogc", headers=headers[turn % 2]) for turn in range(attempts.FREE_OF_PAIR + 1)]
        assert [answer.status_code for answer in told] == [401] * attempts.FREE_OF_PAIR + [429]
        assert "www-authenticate" in told[0].headers
        assert int(told[-1].headers["retry-after"]) >= 30
        assert wrong not in told[-1].text
        answer = visitor.get("/ogc", headers={"authorization": f"Bearer {right}"})
        assert answer.status_code == 200, "a right token does not wait for wrong ones"
