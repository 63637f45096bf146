"""Pages of other sites: they may read what their token opens, and nothing by the session of whoever looks at them."""

import pytest

ELSEWHERE = {"origin": "https://peta.instansi.contoh"}


@pytest.mark.parametrize(
    "path", ["", "/collections", "/collections/desa/items", "/collections/desa/tiles/WebMercatorQuad/0/0/0"]
)
def test_a_browser_is_told_beforehand_that_a_token_may_be_sent(api, path):
    asked = ELSEWHERE | {
        "access-control-request-method": "GET",
        "access-control-request-headers": "authorization",
    }
    answer = api.served.visitor().options(f"/ogc{path}", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()


def test_what_a_token_opens_may_be_read_and_refusals_too(api):
    for caller, status in {"token": 200, "nobody": 401}.items():
        answer = api.get(caller, "/collections", headers=ELSEWHERE)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "*")


def test_a_session_is_of_no_use_elsewhere(api):
    """Without this header, and with any origin allowed, a browser shows no answer to a request that bore a cookie."""
    for answer in (
        api.get("perencana", "/collections", headers=ELSEWHERE),
        api.served.visitor().options("/ogc"),
    ):
        assert "access-control-allow-credentials" not in answer.headers


def test_pages_are_not_for_others(api):
    assert (
        "access-control-allow-origin"
        not in api.get("perencana", f"{api.served.address}/peta", headers=ELSEWHERE).headers
    )
    assert api.served.visitor().options("/peta").status_code == 405


def test_a_method_that_is_not_there_is_told_which_are(api):
    answer = api.served.visitor().post("/ogc/collections")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
