"""Where is the district urban? By the official status of each desa, else by its built-up share (proksi)."""

from geo.landcover import BUILT_UP
from geo.layers.base import Inputs, Layer, Zones, desa_zones, nothing_known, read_status, unlisted
from geo.symbology import ZONE_COLOURS

_URBAN, _RURAL = ("1", "perkotaan"), ("2", "perdesaan", "pedesaan")


def _zones(inputs: Inputs) -> Zones:
    desa, settings = inputs.desa_m(), inputs.settings
    if settings.urban_status is not None:
        status, source, year = read_status(settings.urban_status, desa, inside=_URBAN, outside=_RURAL)
        return Zones(
            desa_zones(desa, status, "perkotaan"),
            unlisted(desa, status),
            source=source,
            year=year,
            method="status resmi perkotaan atau perdesaan tiap desa",
        )
    if inputs.land_cover is None:
        return nothing_known(inputs, "belum ada daftar status perkotaan maupun tutupan lahan")
    share = inputs.land_cover_shares[BUILT_UP]
    return Zones(
        desa_zones(desa, share >= settings.urban_builtup_share, "perkotaan"),
        frozenset(desa.loc[share.isna().to_numpy(), "kode_desa"]),
        source=inputs.land_cover.source,
        year=inputs.land_cover.year,
        method=f"proksi: desa dengan lahan terbangun paling sedikit {settings.urban_builtup_share * 100:.0f} % "
        f"luasnya, bukan status resmi BPS",
        proksi=True,
    )


URBAN = Layer(
    id="urban",
    title="Perkotaan",
    colour=ZONE_COLOURS["urban"],
    titles={"perkotaan": "Perkotaan"},
    zones=_zones,
)
