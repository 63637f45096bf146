"""What all pages of a book say alike: definitions, sources, dates and the marks of honesty."""

from datetime import datetime

import shapely

from geo.assessment import Assessment
from geo.atlas.options import BookOptions
from geo.atlas.paper.margins import Book
from geo.atlas.sheet.surroundings import polygons_in_metres
from geo.crs import measuring_crs
from geo.sheet_ids import run_mark
from geo.symbology import layer_title, long_date, target_share

INSET_DETAIL = 0.005
SCHEMATIC = "Batas skematik, bukan batas resmi"
LONGEST_FILE_NAME = 60


def describe(assessment: Assessment, *, title: str = "", options: BookOptions | None = None) -> Book:
    """Return what the pages of a book have in common, from the facts of the assessment.

    Parameters
    ----------
    title
        What the book covers, see :class:`geo.atlas.selection.Selection`; the district when not given.
    options
        How it is made; without names when not given.
    """
    facts, desa = assessment.facts, assessment.desa
    options = options or BookOptions()
    crs = measuring_crs(tuple(desa.total_bounds.tolist()))
    kecamatan = polygons_in_metres(assessment.kecamatan, crs)
    west, south, east, north = shapely.total_bounds(kecamatan).tolist()
    detail = max(east - west, north - south) * INSET_DETAIL
    return Book(
        province=str(facts["district"]["provinsi"]),
        district=str(facts["district"]["nama"]),
        title=title or str(facts["district"]["nama"]),
        purpose=options.purpose,
        notes=_notes(assessment),
        banner=str(facts["boundaries"]["note"] or SCHEMATIC) if facts["boundaries"]["schematic"] else "",
        indicators=tuple(
            (
                indicator["id"],
                str(indicator["title"]),
                f"selisih ke target {target_share(facts, indicator['id'])}".strip(),
            )
            for indicator in facts["indicators"]
            if not indicator["sensitive"] and f"{indicator['id']}_rate" in desa
        ),
        outline=shapely.GeometryCollection(list(shapely.simplify(kecamatan, detail))),
        crs=crs,
        mark=run_mark(facts),
        names=options.names,
        created=datetime.fromisoformat(facts["created"]),
    )


def _notes(assessment: Assessment) -> str:
    facts = assessment.facts
    sheets = ", ".join(
        str(given["name"])[:LONGEST_FILE_NAME] for given in facts["inputs"] if given["role"] == "sheet"
    )
    created = long_date(facts["created"])
    boundaries = facts["boundaries"]
    definitions = "; ".join(
        f"{indicator['title']}, profil {indicator['profile']}"
        for indicator in facts["indicators"]
        if not indicator["sensitive"]
    )
    missing = [
        title
        for column, title in (("need_rtlh", "RTLH"), ("need_jamban", "akses jamban"))
        if column not in assessment.households
    ]
    land_cover = facts["settings"].get("layers", {}).get("land_cover")
    parts = [
        f"Data: {sheets or 'lembar rumah tangga'}, dianalisis {created}.",
        f"Batas: {boundaries['source']} ({boundaries['date']}).",
        f"{boundaries['note']}." if boundaries["note"] else "",
        "Zona: " + "; ".join(_layer(layer) for layer in facts["layers"]) + "." if facts["layers"] else "",
        "Tutupan lahan dipakai untuk zona, tidak digambar." if land_cover else "",
        "Kantong: pengelompokan kerja, bukan uji statistik.",
        f"Tidak diukur pada data ini: {', '.join(missing)}." if missing else "",
        f"Definisi: {definitions}; bunyinya di laporan.html." if definitions else "",
    ]
    return " ".join(part for part in parts if part).replace("..", ".")


def _layer(layer: dict[str, object]) -> str:
    if not layer["source"]:
        return f"{layer_title(layer)}: tidak diketahui, tidak ada berkasnya"
    year = f" {layer['year']}" if layer["year"] else ""
    return f"{layer_title(layer)}, {layer['source']}{year}"
