"""Work in blocks: every row once, in its order, whatever the size of the blocks."""

from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.boundaries import Boundaries
from geo.gazetteer import Gazetteer, row_blocks
from geo.gazetteer.row_blocks import in_blocks
from geo.settings import GeocodingSettings


@given(st.integers(0, 300), st.integers(1, 40))
def test_every_row_is_done_once_and_in_order(size, most):
    with patch.multiple(row_blocks, _MOST=most, _FEWEST=1):
        blocks = in_blocks(lambda rows: list(range(size))[rows], size)
    assert [row for block in blocks for row in block] == list(range(size))
    assert max(map(len, blocks)) <= most


def test_a_fault_in_a_block_is_not_lost():
    def fail(rows: slice) -> None:
        if rows.start:
            raise ValueError(rows)

    with patch.multiple(row_blocks, _MOST=2, _FEWEST=1), pytest.raises(ValueError, match="slice"):
        in_blocks(fail, 10)


def test_names_mean_the_same_in_small_blocks(district: Boundaries):
    desa = pd.DataFrame(district.desa.drop(columns="geometry"))
    written = [
        form
        for name in desa["nama_desa"]
        for form in (name, f"DS. {name.upper()}", name[1:], f"{name}, kec. {name}", f"{name[:4]}.")
    ]
    around = [kecamatan for kecamatan in desa["nama_kecamatan"] for _ in range(5)]
    sheet = pd.DataFrame(
        {
            "kode_tertulis": None,
            "desa_tertulis": written * 2,
            "kecamatan_tertulis": around + [None] * len(around),
        }
    )
    whole = Gazetteer(desa, GeocodingSettings()).match(sheet)
    with patch.multiple(row_blocks, _MOST=3, _FEWEST=1):
        pd.testing.assert_frame_equal(Gazetteer(desa, GeocodingSettings()).match(sheet), whole)
    assert whole["kode_desa"].notna().any()
    assert whole["kode_desa"].isna().any()
