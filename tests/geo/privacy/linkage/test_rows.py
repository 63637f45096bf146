"""The linkage test finds nobody in what is masked well, and many in what is not."""

import geopandas as gpd
import numpy as np
import pytest

from geo.crs import MEASURING
from geo.privacy.linkage.report import Attack
from geo.privacy.linkage.rows import link_rows
from geo.privacy.masking import Masked, mask_households
from tests.geo.privacy.linkage.maskers import shaken
from tests.geo.privacy.registers import NEEDS, SQUARE, Register, desa_of, people_at, zones_of

KEYS = [bytes([number]) * 32 for number in range(9)]


def large(many: int = 1_500) -> Register:
    """Return one desa with many households, spread as in a hamlet and its fields."""
    random = np.random.default_rng(5)
    desa = desa_of([SQUARE])
    xy = np.vstack(
        [random.uniform(0, 1_000, (many // 2, 2)), random.uniform(300, 450, (many - many // 2, 2))]
    )
    needs = {
        need: (random.random(many) < share).tolist() for need, share in zip(NEEDS, (0.4, 0.2), strict=True)
    }
    return Register(people_at(desa, 0, xy, needs), desa)


def scattered() -> Register:
    """Return houses about 60 metres apart."""
    random = np.random.default_rng(6)
    desa = desa_of([SQUARE])
    places = np.argwhere(np.ones((16, 16))) * 60.0 + 50 + random.uniform(-8, 8, (256, 2))
    return Register(people_at(desa, 0, places, {need: [True] * 256 for need in NEEDS}), desa)


@pytest.fixture(scope="module")
def register() -> Register:
    return large()


def masked(found: Register, key: bytes) -> Masked:
    return mask_households(found.households, found.desa, NEEDS, 5, MEASURING, key, zones_of(found.households))


def attacked(made: Masked, found: Register, again: list[gpd.GeoDataFrame]) -> dict[str, Attack]:
    attacks = link_rows(made.table, found.households, NEEDS, made.truth, 5, MEASURING, again)
    return {attack.name: attack for attack in attacks}


def test_nobody_is_found_above_chance_in_masked_households(register: Register):
    again = [masked(register, key).table for key in KEYS[1:]]
    attacks = attacked(masked(register, KEYS[0]), register, again)
    assert len(attacks) == 9
    for attack in attacks.values():
        assert attack.tried
        assert attack.passed, attack


def test_whoever_knows_a_groups_members_still_guesses(register: Register):
    found = [
        attacked(masked(register, key), register, [])["siapa di antara anggota kelompok yang sudah diketahui"]
        for key in KEYS
    ]
    right, expected = sum(each.found for each in found), sum(each.expected for each in found)
    assert abs(right - expected) < 4 * expected**0.5


def test_points_that_are_only_shaken_are_found(register: Register):
    attacks = attacked(shaken(register.households, 4.0), register, [])
    failed = {name for name, attack in attacks.items() if not attack.passed}
    assert {
        "titik terdekat dalam desa",
        "titik terdekat di antara kebutuhan yang sama",
        "penjodohan terbaik antara titik dan rumah tangga",
        "urutan baris",
    } <= failed


def test_the_average_of_releases_finds_what_one_release_hides():
    """Shaken by as much as houses are apart, one release says little; the mean of nine says where each one is."""
    found = scattered()
    name = "rata-rata posisi dari 9 kali rilis"
    again = [shaken(found.households, 20.0, seed).table for seed in range(2, 10)]
    attacks = attacked(shaken(found.households, 20.0), found, again)
    once = attacks["titik terdekat di antara kebutuhan yang sama"]
    assert attacks[name].found > 1.1 * once.found
    again = [masked(found, key).table for key in KEYS[1:]]
    assert attacked(masked(found, KEYS[0]), found, again)[name].passed


def test_groups_of_too_few_are_seen(register: Register):
    made = mask_households(
        register.households, register.desa, NEEDS, 2, MEASURING, KEYS[0], zones_of(register.households)
    )
    attacks = attacked(made, register, [])
    assert not attacks["baris yang berbeda dari hampir semua baris lain"].passed


def test_positions_tied_to_members_are_seen(register: Register):
    """A masker with good groups whose points still follow their houses."""
    made = masked(register, KEYS[0])
    true = register.households.set_index("sheet_row").geometry.loc[made.truth.loc[made.table["id"]]]
    tied = Masked(made.table.set_geometry(true.to_numpy(), crs=4326), {}, made.truth)
    name = "siapa di antara anggota kelompok yang sudah diketahui"
    assert not attacked(tied, register, [])[name].passed


def test_a_household_alone_with_its_needs_is_seen():
    found = large(200)
    lonely = found.households.copy()
    lonely["need_jamban"] = lonely["need_rtlh"] = False
    lonely.loc[lonely.index[0], "need_rtlh"] = True
    made = shaken(lonely, 5_000.0)
    attacks = attacked(made, Register(lonely, found.desa), [])
    assert not attacks["gabungan desa dan kebutuhan yang hampir tunggal"].passed


def test_the_truth_of_another_release_is_refused(register: Register):
    one, other = (masked(register, key) for key in KEYS[:2])
    with pytest.raises(ValueError, match="bukan milik rilis ini"):
        attacked(Masked(one.table, {}, other.truth), register, [])
