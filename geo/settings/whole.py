"""All sections together: everything a district may choose."""

from typing import Literal

from pydantic import Field

from geo.settings.deciding import SelectionSettings, TargetingSettings, VisitSettings
from geo.settings.gathering import ClusterSettings, HotSpotSettings, ScanSettings
from geo.settings.needs import GroupSettings, IndicatorSettings, RateSettings
from geo.settings.placing import GeocodingSettings, IntakeSettings
from geo.settings.printing import AtlasSettings
from geo.settings.section import Section
from geo.settings.sharing import SharingSettings
from geo.settings.zones import LayerSettings


class Settings(Section):
    """Everything a district may choose."""

    intake: IntakeSettings = IntakeSettings()
    geocoding: GeocodingSettings = GeocodingSettings()
    layers: LayerSettings = LayerSettings()
    indicators: IndicatorSettings = IndicatorSettings()
    groups: GroupSettings = GroupSettings()
    rates: RateSettings = RateSettings()
    clusters: ClusterSettings = ClusterSettings()
    hot_spots: HotSpotSettings = HotSpotSettings()
    scan: ScanSettings = ScanSettings()
    targeting: TargetingSettings = TargetingSettings()
    selection: SelectionSettings = SelectionSettings()
    visits: VisitSettings = VisitSettings()
    atlas: AtlasSettings = AtlasSettings()
    sharing: SharingSettings = SharingSettings()
    paper: Literal["A4", "F4", "A3"] = "A4"
    seed: int = Field(default=1, ge=0, description="of everything that is drawn at random")
