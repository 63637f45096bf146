"""What free addresses say: taken where certain, never from the name of a street, never over a filled cell."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.households.addresses import FILLED, fill_from_addresses, parse_addresses


def said(address: str) -> dict[str, str]:
    row = parse_addresses(pd.Series([address], dtype="str")).iloc[0].dropna()
    return {name.removesuffix("_tertulis"): str(value) for name, value in row.items()}


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("DK. KRAJAN RT 003/RW 001 DS. SUKAMAJU KEC. LOR",
         {"dusun": "KRAJAN", "rt": "3", "rw": "1", "desa": "SUKAMAJU", "kecamatan": "LOR"}),
        ("Jl. Raya No. 5 Rt 02 Rw 03", {"rt": "2", "rw": "3"}),
        ("Dusun II", {"dusun": "II"}),
        ("Krajan RT1/RW2", {"dusun": "Krajan", "rt": "1", "rw": "2"}),
        ("RT 02", {"rt": "2"}),
        ("RW 05", {"rw": "5"}),
        ("RT.004/002 KP. BARU KEL. TIMUR JAYA", {"dusun": "BARU", "rt": "4", "rw": "2", "desa": "TIMUR JAYA"}),
        ("RT/RW 03/01 Dukuh Sipoh", {"dusun": "Sipoh", "rt": "3", "rw": "1"}),
        ("Sukamaju 001/003", {"rt": "1", "rw": "3"}),
        ("DUSUN SUMBER 2 RT 3", {"dusun": "SUMBER 2", "rt": "3"}),
        ("Dsn. Pesawahan 12/05", {"dusun": "Pesawahan"}),
        ("Ds./Kel. Doro", {"desa": "Doro"}),
        ("Dusun Krajan I, Desa Suka Maju, Kec. Kota Lama, Kabupaten Lama",
         {"dusun": "Krajan I", "desa": "Suka Maju", "kecamatan": "Kota Lama", "kabupaten": "Lama"}),
        ("Ds Tegal, Kota Anu", {"desa": "Tegal", "kabupaten": "Kota Anu"}),
        ("Gg. Melati 3 no 7 dk. Lor rt 08 rw 01", {"dusun": "Lor", "rt": "8", "rw": "1"}),
        ("Dukuh Sipoh Rt 1 Rw III", {"dusun": "Sipoh", "rt": "1", "rw": "3"}),
        ("RT. II/IV Dusun II", {"dusun": "II", "rt": "2", "rw": "4"}),
        ("RANDUGEDE RT04RW02", {"dusun": "RANDUGEDE", "rt": "4", "rw": "2"}),
        ("Rumah Bapak Anu RT 2", {"rt": "2"}),
        ("Dk. Kidul RT 8 RW 4", {"dusun": "Kidul", "rt": "8", "rw": "4"}),
        ("Dk Kidul RW 4", {"dusun": "Kidul", "rw": "4"}),
        ("Dukuh Kidul no 5", {"dusun": "Kidul"}),
        ("Dusun II RT 01", {"dusun": "II", "rt": "1"}),
        ("Sukamaju, Lor, Kab. Anu", {"desa": "Sukamaju", "kecamatan": "Lor", "kabupaten": "Anu"}),
        ("Jl. Raya 5, Sukamaju, Kec. Lor, Kabupaten Anu, Jawa Tengah",
         {"desa": "Sukamaju", "kecamatan": "Lor", "kabupaten": "Anu"}),
        ("Dk. Kidul RT 8 Sukamaju, Lor, Kota Anu",
         {"dusun": "Kidul", "rt": "8", "desa": "Sukamaju", "kecamatan": "Lor", "kabupaten": "Kota Anu"}),
        ("Jl. Mawar, Sukamaju, Kab. Anu", {"kabupaten": "Anu"}),
        ("Rumah Bapak Anu, Sukamaju, Kab. Anu", {"kabupaten": "Anu"}),
        ("DESA SUKAMAJU 2 KECAMATAN LOR", {"desa": "SUKAMAJU 2", "kecamatan": "LOR"}),
        ("Desa Sukamaju No 3 Kec Lor", {"desa": "Sukamaju", "kecamatan": "Lor"}),
        ("Ds. Sukamaju 02/01 Kec. Lor", {"desa": "Sukamaju", "kecamatan": "Lor"}),
    ],
)  # fmt: skip
def test_parts_of_an_address_are_found(address, parts):
    assert said(address) == parts


@pytest.mark.parametrize(
    "address",
    ["Jl. Desa Baru", "Jl. Kecamatan", "Jalan Kampung Baru", "Gg. Dusun Lor no 4", "depan balai desa Kajen",
     "Jl. Poros Desa Sukamaju", "Perum Desa Indah Blok A5", "Jl. Kp. Baru no 3", "Jl Merdeka Desa Sukamaju",
     "Ds. II", "Jl. RT", ""],
)  # fmt: skip
def test_a_street_or_a_building_is_no_place(address):
    assert said(address) == {}


@pytest.mark.parametrize(
    ("address", "desa"),
    [("Jl. Pahlawan, Desa Doro", "Doro"), ("JL. RAYA LAMA DS SUKAMAJU KEC LOR", "SUKAMAJU"),
     ("JL MERDEKA DESA SUKAMAJU KECAMATAN LOR", "SUKAMAJU"), ("Jl. Desa Baru no 5 Kel. Tirto", "Tirto")],
)  # fmt: skip
def test_a_place_behind_a_street_is_found(address, desa):
    assert said(address)["desa"] == desa


def household(**cells: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([cells.get(name)], dtype="str") for name in (*FILLED, "alamat")})


def test_only_empty_cells_are_filled_and_counted():
    filled, counts = fill_from_addresses(
        household(alamat="DK LOR RT 1 RW 2 DS SUKAMAJU", rt="1", dusun="Kidul")
    )
    assert filled.loc[0, ["dusun", "rt", "rw", "desa_tertulis"]].tolist() == ["Kidul", "1", "2", "SUKAMAJU"]
    assert counts == {"rw": 1, "desa_tertulis": 1}


def test_a_desa_in_front_of_the_rt_is_no_dusun():
    for desa, dusun in (("Desa Sumber", ""), ("Lain", "SUMBER")):
        filled, _ = fill_from_addresses(household(alamat="SUMBER RT 1", desa_tertulis=desa))
        assert filled["dusun"].fillna("").tolist() == [dusun]


def test_nothing_is_taken_from_an_address_that_contradicts_the_row():
    filled, counts = fill_from_addresses(
        household(alamat="RT 1 RW 2 DS SUKAMAJU KEC LOR", rt="7", kecamatan_tertulis="Kidul")
    )
    assert filled.loc[0, ["rw", "desa_tertulis"]].isna().all()
    assert counts == {}
    same, _ = fill_from_addresses(
        household(alamat="RT 1 RW 2 DS SUKAMAJU KEC LOR", rt="001", kecamatan_tertulis="Kec. Lor")
    )
    assert same.loc[0, ["rw", "desa_tertulis"]].tolist() == ["2", "SUKAMAJU"]


def test_a_kecamatan_that_nothing_calls_so_needs_the_desa_of_the_row():
    for desa, kecamatan in (("Sukamaju", "Lor"), ("Lain", ""), (None, "Lor")):
        cells = {"desa_tertulis": desa} if desa else {}
        filled, _ = fill_from_addresses(household(alamat="Sukamaju, Lor, Kab. Anu", **cells))
        assert filled["kecamatan_tertulis"].fillna("").tolist() == [kecamatan]


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=60), st.sampled_from(["RT", "Desa", "Jl. ", "Kec. ", "DK"])),
        max_size=5,
    )
)
@settings(deadline=None)
def test_any_text_is_parsed_without_a_fault(cells):
    found = parse_addresses(pd.Series(cells, dtype="str"))
    assert len(found) == len(cells)
    assert list(found.columns) == list(FILLED)


def test_an_endless_address_is_cut_off():
    assert said("x " * 1_000_000 + "Desa Jauh") == {}
