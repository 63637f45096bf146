"""Who asks and what they get: tokens, roles, everybody; and the lines that they leave in the trail."""

import base64
import math
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.access.roles import HOUSEHOLD_FIELDS, Permission, Role
from app.ogc.traces import Traces
from app.records.tables import Entry, Handover, now
from app.sharing.log import trail_of
from geo.levels import Level
from geo.privacy import PERSONAL
from tests.app.ogc.conftest import CALLERS, RECIPE, SEES_HOUSEHOLDS, Api, hand_over, links
from tests.conftest import DISTRICT
from tests.server import serving

YESTERDAY = date.today() - timedelta(days=1)  # noqa: DTZ011
SENSITIVE = (
    "penyakit_kronis",
    "disabilitas",
    "need_penyakit_kronis",
    "need_disabilitas",
    "id_keluarga",
    "nik",
    "no_kk",
)
AREAS = {"desa", "kecamatan", "zona", "desa_panas", "lingkaran"}

each_caller = pytest.mark.parametrize("caller", CALLERS)


@pytest.fixture
def fresh(run_folder: Path, tmp_path: Path) -> Iterator[Api]:
    """Serve the run to those of this test alone, so that the trail is theirs."""
    with serving(run_folder, state=tmp_path, boundaries=DISTRICT, ogc_per_minute=0) as served:
        for role in (Role.PERENCANA, Role.PETUGAS):
            served.add(role.value, role.value)
        yield Api(served, *hand_over(served))


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def ask(api: Api, headers: dict[str, str], path: str = "/collections") -> httpx.Response:
    return api.served.visitor().get(f"/ogc{path}", headers=headers)


def entries(api: Api) -> list[Entry]:
    with api.served.app.state.records.session() as session:
        return [
            *session.scalars(select(Entry).where(Entry.action.in_(("lihat", "ambil"))).order_by(Entry.id))
        ]


def test_the_levels_of_the_callers(api: Api):
    levels = {caller: api.product(caller).scope.level for caller in CALLERS}
    assert levels == {
        "perencana": Level.OPD, "petugas": Level.OPD, "pimpinan": Level.PUBLIK, "opd": Level.PUBLIK, "token": Level.OPD,
    }  # fmt: skip
    assert {caller for caller in CALLERS if "rumah_tangga" in api.ids(caller)} == {*SEES_HOUSEHOLDS}
    assert {*api.ids("pimpinan")} == {*api.ids("opd")} == AREAS


def test_an_officer_in_the_field_has_their_desa_and_no_other(api: Api):
    theirs = api.served.app.state.standing.of("petugas").desa
    for name in ("desa", "rumah_tangga"):
        told = api.everything("petugas", name, limit=1_000)
        assert {each["properties"]["kode_desa"] for each in told} == theirs
    other = next(
        each
        for each in api.everything("perencana", "rumah_tangga")
        if each["properties"]["kode_desa"] not in theirs
    )
    assert api.get("petugas", f"/collections/rumah_tangga/items/{other['id']}").status_code == 404


def test_an_officer_without_a_desa_has_none(fresh: Api):
    assert fresh.json("petugas", "/collections/rumah_tangga/items")["numberMatched"] == 0
    assert fresh.json("petugas", "/collections/desa/items")["numberMatched"] == 0


@each_caller
def test_what_one_may_not_see_is_neither_shown_nor_asked_nor_sorted_nor_told(api: Api, caller: str):
    seen = {field.name for field in api.product("perencana").collections["rumah_tangga"].fields}
    for name in api.ids(caller):
        mine = {field.name for field in api.collection(caller, name).fields}
        of_areas = {"nik", "nama", "desil", "need_penyakit_kronis"}
        hidden = (({*SENSITIVE, *PERSONAL} | seen) if name == "rumah_tangga" else of_areas) - mine
        path = f"/collections/{name}"
        told = api.json(caller, f"{path}/items", limit=1)["features"]
        assert all({*each["properties"]} == mine for each in told)
        assert {*api.json(caller, f"{path}/queryables")["properties"]} <= mine | {"geometry"}
        assert {*api.json(caller, f"{path}/sortables")["properties"]} <= mine
        described = api.json(caller, "/api")
        assert {*described["components"]["schemas"][name]["properties"]["properties"]["properties"]} == mine
        for column in sorted(hidden):
            for params in ({"properties": column}, {"sortby": column}, {"sortby": f"-{column}"}, {column: "1"},
                           {"filter": f"{column} = 1"}, {"filter": f"{column} IS NULL"}):  # fmt: skip
                answer = api.get(caller, f"{path}/items", params=params)
                assert answer.status_code == 400, (name, params)
            assert column not in [
                each.get("name") for each in described["paths"][f"{path}/items"]["get"]["parameters"]
            ]


def test_nobody_below_petugas_reads_a_column_of_persons(api: Api):
    for caller in CALLERS:
        for name, one in api.product(caller).collections.items():
            # an area may have the name of its dusun
            hidden = {
                *SENSITIVE,
                *HOUSEHOLD_FIELDS[Permission.SEE_NAMES],
                *(PERSONAL if name == "rumah_tangga" else ()),
            }
            assert not hidden & {field.name for field in one.fields}


def test_nobody_is_told_how_to_be_somebody(api: Api):
    wrong = [bearer("x"), *({"authorization": word} for word in ("Bearer", "Basic *", "Digest x"))]
    for headers in ({}, {"accept": "application/json"}, {"accept": "text/html"} | bearer("peta_x"), *wrong):
        answer = ask(api, headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized"), headers
        assert {"Bearer", "Basic"} <= {*answer.headers["www-authenticate"].replace(",", " ").split()}
    answer = ask(api, {"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/masuk?ke=%2Fogc%2Fcollections")


@pytest.mark.parametrize("user", ["", "dinkes", "siapa saja"])
def test_a_token_is_taken_as_a_password_as_well(api: Api, user: str):
    word = base64.b64encode(f"{user}:{api.token}".encode()).decode()
    assert ask(api, {"authorization": f"Basic {word}"}).status_code == 200


def test_a_token_that_is_over_or_revoked_opens_nothing(api: Api):
    for changed in ({"until": YESTERDAY}, {"revoked_at": now()}, {"kind": "berkas"}):
        token, _ = hand_over(api.served, **changed)
        assert ask(api, bearer(token)).status_code == 401, changed


def test_a_token_comes_before_a_session(api: Api):
    # a program in a browser in which somebody is signed in gets what its token says, or nothing
    client = api.served.sign_in("perencana")
    assert client.get("/ogc/collections", headers=bearer("peta_salah")).status_code == 401


def test_a_token_has_its_collections_desa_and_level(api: Api):
    desa = api.collection("perencana", "desa").table["kode_desa"].tolist()[:1]
    token, _ = hand_over(api.served, desa=desa, scope={"collections": ["rumah_tangga"]})
    assert [each["id"] for each in ask(api, bearer(token)).json()["collections"]] == ["rumah_tangga"]
    told = ask(api, bearer(token), "/collections/rumah_tangga/items?limit=1000").json()
    assert {each["properties"]["kode_desa"] for each in told["features"]} <= {*desa}
    assert ask(api, bearer(token), "/collections/desa").status_code == 404
    token, _ = hand_over(api.served, level="publik")
    assert "rumah_tangga" not in [each["id"] for each in ask(api, bearer(token)).json()["collections"]]


def test_two_recipients_know_a_household_by_other_names(api: Api):
    recipes = api.served.app.state.products.recipes()
    other = next(
        name
        for name, each in recipes.items()
        if name != RECIPE and each.level is Level.OPD and "rumah_tangga" in each.collections
    )
    token, _ = hand_over(api.served, recipient=other)
    told = ask(api, bearer(token), "/collections/rumah_tangga/items?limit=10000").json()["features"]
    mine = {each["id"] for each in api.everything("token", "rumah_tangga", limit=1_000)}
    assert told
    assert not mine & {each["id"] for each in told}


def test_everybody_is_told_what_is_fit_for_everybody_where_it_is_open(run_folder: Path, tmp_path: Path):
    with serving(run_folder, state=tmp_path, boundaries=DISTRICT, open_publik=True) as served:
        told = served.visitor().get("/ogc/collections").json()
        assert {each["id"] for each in told["collections"]} == AREAS
        assert served.visitor().get("/ogc", headers=bearer("x")).status_code == 401


def test_the_first_use_of_a_token_leaves_a_line_and_so_does_reading_households(fresh: Api):
    for _ in range(3):
        fresh.json("token", "/collections")
    [first] = entries(fresh)
    assert (first.user, first.action, first.role) == (f"pembagian {fresh.number}", "ambil", "opd")
    with fresh.served.app.state.records.session() as session:
        assert session.get(Handover, fresh.number).used_at is not None
    fresh.everything("token", "rumah_tangga", limit=10_000)
    fresh.everything("token", "desa", limit=10)
    [_, second] = entries(fresh)
    rows = len(fresh.collection("token", "rumah_tangga").table)
    assert (second.subject, second.households) == (f"API: {RECIPE}, rumah_tangga", rows)


def test_a_small_question_first_hides_nothing_of_what_leaves_after_it(fresh: Api):
    path = "/collections/rumah_tangga/items"
    assert fresh.json("token", path, filter="id = 'tiada'")["numberReturned"] == 0
    assert fresh.json("token", path, limit=1)["numberMatched"] > 1
    rows = len(fresh.everything("token", "rumah_tangga", limit=10_000))
    told = [line.households or 0 for line in entries(fresh) if line.subject.endswith("rumah_tangga")]
    assert told == [0, 1, rows]
    with fresh.served.app.state.records.session() as session:
        held = session.get(Handover, fresh.number)
        shown = [line.households for line in trail_of(session, held)]
    assert shown[:3] == told[::-1]


@given(st.lists(st.integers(0, 10_000), max_size=300))
def test_the_trail_knows_of_half_at_least_and_of_all_but_a_page(pages: list[int]):
    traces, told = Traces(), [0]
    for read, page in zip(accumulate(pages), pages, strict=True):
        told += [more for more in [traces._untold(("dinkes",), page)] if more is not None]
        assert sum(told) <= read <= min(2 * sum(told), sum(told) + 10_000)
    assert not pages or len(told) <= 2 + math.log2(sum(pages) + 1) + sum(pages) / 10_000


def test_pages_of_households_leave_few_lines_for_a_person_and_hour(fresh: Api):
    fresh.json("perencana", "/collections/desa/items")
    assert entries(fresh) == []
    read = len(fresh.everything("perencana", "rumah_tangga", limit=5))
    fresh.get("perencana", "/collections/rumah_tangga/items?f=html&limit=1")
    lines = entries(fresh)
    assert {(line.user, line.action, line.subject) for line in lines} == {
        ("perencana", "lihat", "API: rumah_tangga")
    }
    assert read / 2 <= sum(line.households or 0 for line in lines) <= read + 1
    assert len(lines) <= 2 + math.log2(read)


def test_one_who_reads_a_single_household_leaves_a_line(fresh: Api):
    key = str(fresh.collection("perencana", "rumah_tangga").table["sheet_row"].iloc[0])
    fresh.json("perencana", f"/collections/rumah_tangga/items/{key}")
    assert [line.households for line in entries(fresh)] == [1]


def test_links_bear_the_name_and_the_scheme_by_which_one_came(run_folder: Path, tmp_path: Path):
    with serving(
        run_folder, state=tmp_path, boundaries=DISTRICT, secure=True, hostnames=("peta.contoh.id",)
    ) as served:
        api = Api(served, *hand_over(served))
        headers = {"host": "peta.contoh.id", **bearer(api.token)}
        told = ask(api, headers, "/collections/desa/items?limit=1").json()
        assert {each["href"].split("/ogc")[0] for each in told["links"]} == {"https://peta.contoh.id"}
        [server] = ask(api, headers, "/api").json()["servers"]
        assert server["url"] == "https://peta.contoh.id/ogc"
        assert ask(api, {"host": "jahat.contoh", **bearer(api.token)}).status_code == 400


def test_answers_are_guarded_like_all_others(api: Api):
    answer = api.get("token", "/collections", headers={"origin": "https://lain.contoh"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-credentials" not in answer.headers


def test_an_address_that_is_not_there_is_told_in_the_words_of_programs(api: Api):
    for path in ("/tiada", "/collections/tiada", "/collections/tiada/items", "/collections/desa/items/tiada",
                 "/collections/desa/tiada", "/collections/desa/items/%00"):  # fmt: skip
        answer = api.get("token", path)
        assert (answer.status_code, answer.json()["code"]) == (404, "NotFound"), path
    assert links(api.json("token"), "data")
