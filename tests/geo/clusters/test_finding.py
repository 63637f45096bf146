"""What is asked of the clusters before any are looked for."""

import pytest

from geo.clusters import check_scan_settings
from geo.errors import SettingsError
from geo.settings import ScanSettings


@pytest.mark.parametrize("name", ["penyakit_kronis", "rltlh"])
def test_houses_are_scanned_for_open_needs_alone(name):
    with pytest.raises(SettingsError, match=f"{name}.*rtlh"):
        check_scan_settings(ScanSettings(household_indicators=("rtlh", name)))


def test_the_default_is_fine():
    check_scan_settings(ScanSettings())
