"""The distance to a target."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo import gaps


@given(
    st.integers(0, 5000).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known))),
    st.integers(1, 100),
)
def test_the_gap_is_the_least_number_that_reaches_the_target(counts, percent):
    need, known = counts
    found = int(gaps.gap(np.array([need]), np.array([known]), percent / 100)[0])
    served = known - need
    assert 0 <= found <= need
    assert (served + found) * 100 >= percent * known  # in whole numbers: reached
    assert found == 0 or (served + found - 1) * 100 < percent * known  # one fewer is not enough


def test_desa_are_finished_in_the_order_of_their_gaps_and_small_numbers_stay_out():
    desa = pd.DataFrame(
        {
            "kode_desa": ["1", "2", "3", "4"], "nama_desa": list("ABCD"), "nama_kecamatan": "K",
            "jamban_known": [100, 100, 3, 50], "jamban_need": [40, 15, 3, 1],
            "jamban_enough": [True, True, False, True],
        }
    )  # fmt: skip
    counted = gaps.add_gaps(desa, ["jamban"], 0.9)
    assert counted["jamban_gap"].tolist() == [30, 5, 3, 0]
    assert gaps.finishing_order(counted, "jamban")["nama_desa"].tolist() == ["B", "A"]
