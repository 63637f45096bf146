"""What a district may choose: one frozen model a concern, read from a TOML file."""

from geo.settings.deciding import SelectionSettings, TargetingSettings, VisitSettings
from geo.settings.gathering import NEIGHBOUR_RULE, ClusterSettings, HotSpotSettings, ScanSettings
from geo.settings.needs import GroupSettings, IndicatorSettings, RateSettings
from geo.settings.paths import is_address
from geo.settings.placing import GeocodingSettings, IntakeSettings
from geo.settings.printing import AtlasSettings
from geo.settings.reading import fault_of, read_settings
from geo.settings.sharing import SharingSettings
from geo.settings.whole import Settings
from geo.settings.zones import LayerSettings

__all__ = [
    "NEIGHBOUR_RULE",
    "AtlasSettings",
    "ClusterSettings",
    "GeocodingSettings",
    "GroupSettings",
    "HotSpotSettings",
    "IndicatorSettings",
    "IntakeSettings",
    "LayerSettings",
    "RateSettings",
    "ScanSettings",
    "SelectionSettings",
    "Settings",
    "SharingSettings",
    "TargetingSettings",
    "VisitSettings",
    "fault_of",
    "is_address",
    "read_settings",
]
