"""What may be asked to be handed over: by whom, at which level, of how much, until when."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.access.roles import Permission, Person, Role, person
from app.choosing.lists import save_list
from app.choosing.ranking import own_ranking
from app.jobs.packages import today
from app.library import OpenedRun
from app.product_store import fingerprint
from app.records.tables import HouseholdList
from app.sharing.asked import Asked, days_of, levels_for, read_asked
from geo.errors import NotAllowed, SettingsError
from geo.levels import Level
from geo.settings import SharingSettings
from tests.app.sharing_office import form
from tests.server import Served

PLANNER, ADMIN = (person(role.value, "", role, ()) for role in (Role.PERENCANA, Role.ADMIN))


@pytest.fixture
def shown(office: Served) -> OpenedRun:
    opened: OpenedRun = office.app.state.library.shown()
    return opened


def ask(office: Served, who: Person = PLANNER, **said: object) -> Asked:
    products, records = office.app.state.products, office.app.state.records
    with records.session() as session:
        shown = office.app.state.library.shown()
        return read_asked(form(**said), who, shown, session, products.recipes(), products.sharing(), today())


def a_list(session: Session, office: Served, shown: OpenedRun, name: str) -> HouseholdList:
    keys = office.app.state.household_keys.of(shown.folder)
    return save_list(session, PLANNER, shown, own_ranking(shown), keys, name=name, purpose="", wishes=[])


def test_the_whole_district_has_no_desa_of_its_own(office: Served):
    asked = ask(office)
    assert (asked.desa, asked.area, asked.scope.desa) == ((), "seluruh wilayah", None)
    assert (asked.level, asked.kind, asked.formats) == (Level.OPD, "berkas", ("geojson",))
    assert asked.scope.recipe is asked.recipe


def test_a_kecamatan_stands_for_its_desa_and_all_of_them_for_the_district(office: Served, shown: OpenedRun):
    desa = shown.assessment.desa
    kecamatan = desa["kode_kecamatan"].iloc[0]
    inside = set(desa.loc[desa["kode_kecamatan"] == kecamatan, "kode_desa"])
    outside = next(kode for kode in desa["kode_desa"] if kode not in inside)
    asked = ask(office, cakupan="sebagian", kecamatan=[kecamatan], desa=[outside])
    assert set(asked.desa) == inside | {outside}
    assert asked.area.startswith("Kec. ")
    assert desa.set_index("kode_desa").loc[outside, "nama_desa"] in asked.area
    assert ask(office, cakupan="sebagian", kecamatan=[*desa["kode_kecamatan"].unique()]).desa == ()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"untuk": "tiada"}, "penerimanya"),
        ({"tingkat": "rahasia"}, "tingkatnya"),
        ({"bentuk": "surat"}, "cara menyerahkannya"),
        ({"keperluan": "12345 !!"}, "paling sedikit 10 huruf"),
        ({"keperluan": "a" * 500}, None),
        ({"cakupan": None}, "Pilih wilayahnya"),
        ({"cakupan": "sebagian"}, "Tandai paling sedikit satu"),
        ({"cakupan": "sebagian", "desa": ["00.00.00.0000"]}, "tidak memuat"),
        ({"format": None}, "paling sedikit satu bentuk"),
        ({"format": ["docx"]}, "tidak dikenal"),
        ({"sampai": "besok"}, "tanggal berakhirnya"),
        ({"sampai": (today() - timedelta(days=1)).isoformat()}, "paling lama 60 hari"),
        ({"sampai": (today() + timedelta(days=61)).isoformat()}, "paling lama 60 hari"),
    ],
)
def test_what_is_missing_or_out_of_bounds_is_said(office: Served, said: dict[str, object], words: str | None):
    if words is None:
        assert len(ask(office, **said).purpose) <= 200
        return
    with pytest.raises(SettingsError, match=words):
        ask(office, **said)


def test_the_last_day_may_be_today_and_the_longest(office: Served):
    for days in (0, 60):
        until = today() + timedelta(days=days)
        assert ask(office, sampai=until.isoformat()).until == until


def test_numbers_of_persons_do_not_stand_in_a_purpose(office: Served):
    assert "3326010101900001" not in ask(office, keperluan="verifikasi rumah 3326010101900001").purpose


@pytest.mark.parametrize("level", ["opd", "petugas"])
def test_no_level_above_the_recipe(office: Served, level: str):
    with pytest.raises(NotAllowed, match="paling tinggi tingkat terbatas"):
        ask(office, ADMIN, untuk="umum", tingkat=level)
    assert ask(office, untuk="umum", tingkat="terbatas").level is Level.TERBATAS
    assert ask(office, untuk="umum", tingkat="publik").level is Level.PUBLIK


def test_names_are_handed_over_by_few_for_a_list_and_never_by_api(office: Served, shown: OpenedRun):
    recipe = office.app.state.products.recipes()["kunjung"]
    assert levels_for(PLANNER, recipe) == []
    assert levels_for(ADMIN, recipe) == [Level.PETUGAS]
    with pytest.raises(NotAllowed, match=str(Permission.SHARE_NAMES)):
        ask(office, untuk="kunjung", tingkat="petugas", daftar=1)
    for number in (None, "x", "²"):
        with pytest.raises(SettingsError, match="Pilih daftarnya"):
            ask(office, ADMIN, untuk="kunjung", tingkat="petugas", daftar=number)
    with office.app.state.records.session() as session:
        kept, other = (a_list(session, office, shown, name) for name in ("kunjungan", "lama"))
        other.run = "2019-1"
        numbers = kept.id, other.id
    with pytest.raises(NotAllowed, match="hanya diserahkan sebagai berkas"):
        ask(office, ADMIN, untuk="kunjung", tingkat="petugas", daftar=numbers[0], bentuk="api")
    with pytest.raises(SettingsError, match="tidak sedang berlaku"):
        ask(office, ADMIN, untuk="kunjung", tingkat="petugas", daftar=numbers[1])
    asked = ask(office, ADMIN, untuk="kunjung", tingkat="petugas", daftar=numbers[0])
    chosen = set(shown.assessment.priorities.query("chosen")["sheet_row"])
    assert set(asked.rows or ()) == chosen
    assert asked.scope.names
    assert asked.kept()["list"] == numbers[0]


@pytest.mark.parametrize("level", ["publik", "terbatas", "opd"])
@pytest.mark.parametrize("who", [PLANNER, ADMIN])
def test_a_recipe_of_names_is_for_its_level_and_no_lower_one(office: Served, who: Person, level: str):
    with pytest.raises(NotAllowed, match="hanya untuk tingkat petugas"):
        ask(office, who, untuk="kunjung", tingkat=level)


def test_a_hand_over_by_api_has_no_files(office: Served):
    assert ask(office, bentuk="api", format=None).formats == ()


def test_another_recipe_has_another_fingerprint(office: Served):
    recipes = office.app.state.products.recipes()
    assert len({fingerprint(recipe) for recipe in recipes.values()}) == len(recipes)


def test_no_recipe_holds_longer_than_the_district_lets_it(office: Served):
    recipe = office.app.state.products.recipes()["perkim"]
    assert days_of(recipe, SharingSettings()) == 20
    assert days_of(recipe, SharingSettings(most_days=7)) == 7
