"""Names for quotas."""

from dataclasses import replace

import pandas as pd
import pytest

from app.choosing import places_of
from geo.assessment import Assessment
from geo.errors import SettingsError
from geo.settings import SelectionSettings
from geo.targeting import check_selection


def test_every_name_leads_to_a_quota_that_the_choice_understands(assessment: Assessment):
    places = places_of(assessment)
    assert {kind for kind, names in places.names.items() if names} >= {"zona", "kecamatan", "desa"}
    groups = [group["id"] for group in assessment.facts["groups"]["groups"]]
    for kind, names in places.names.items():
        assert len({name.casefold() for name in names.values()}) == len(names)
        for code, name in names.items():
            assert places.code(kind, name) == places.code(kind, f" {name.upper()} ") == code
            check_selection(SelectionSettings(quotas=(f"{kind}:{code}>=1",)), assessment.desa, groups)


def test_unknown_names_and_codes_are_refused_without_what_is_not_seen(assessment: Assessment):
    with pytest.raises(SettingsError, match="Tidak ada desa «xxxxx»"):
        places_of(assessment).code("desa", "xx\x07xxx")


def test_desa_of_one_name_are_told_apart(assessment: Assessment):
    desa = pd.DataFrame(assessment.desa).assign(nama_desa="Sama", nama_kecamatan="Sama")
    names = places_of(replace(assessment, desa=desa)).names["desa"]
    assert len({*names.values()}) == len(desa)
