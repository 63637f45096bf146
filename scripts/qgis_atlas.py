"""The peer of the benchmark of books: an atlas of QGIS, a page a desa, of the same desa and houses, into one PDF.

Run by the system's Python with Debian's python3-qgis: ``qgis_atlas.py FOLDER PAGES``, where the folder holds
``desa.gpkg`` and ``rumah.gpkg``. Each page has the map with grid and coordinates, the desa, the houses by need with
their numbers (its own placement, those that find room), a title and a scale bar.
"""

import json
import os
import sys
from pathlib import Path
from time import process_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPrintLayout,
    QgsProject,
    QgsRectangle,
    QgsRendererCategory,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)

MAP_MM = 252, 155
LOOKS = {
    "both": ("square", "#882255"),
    "rtlh": ("triangle", "#d55e00"),
    "jamban": ("circle", "#0072b2"),
    "none": ("circle", "#7a7a7a"),
    "unknown": ("cross", "#bdbdbd"),
}


def main(folder: Path, pages: int) -> None:
    """Print the atlas; tell pages and CPU seconds of the export alone."""
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    desa, houses = _layers(folder)
    project.setCrs(desa.crs())
    project.addMapLayers([desa, houses])
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    map_ = _map(layout, [houses, desa])
    _furniture(layout, map_)
    atlas = layout.atlas()
    atlas.setCoverageLayer(desa)
    atlas.setFilterFeatures(True)
    atlas.setFilterExpression(f"$id % {max(desa.featureCount() // pages, 1)} = 0")
    atlas.setEnabled(True)
    begin = process_time()
    wishes = QgsLayoutExporter.PdfExportSettings()
    done, fault = QgsLayoutExporter.exportToPdf(atlas, str(folder / "qgis.pdf"), wishes)
    spent = process_time() - begin
    if done != QgsLayoutExporter.Success:
        sys.exit(f"QGIS: {fault}")
    print(json.dumps({"pages": atlas.count(), "drawn_s": spent}), flush=True)
    os._exit(0)  # its own clean-up is known to fault after the work is done


def _layers(folder: Path) -> tuple[QgsVectorLayer, QgsVectorLayer]:
    desa = QgsVectorLayer(str(folder / "desa.gpkg"), "desa", "ogr")
    houses = QgsVectorLayer(str(folder / "rumah.gpkg"), "rumah", "ogr")
    fill = {"color": "#fff7e0", "outline_color": "#222222", "outline_width": "0.4"}
    desa.renderer().setSymbol(QgsFillSymbol.createSimple(fill))
    marks = {
        need: QgsMarkerSymbol.createSimple({"name": name, "color": colour, "size": "1.6"})
        for need, (name, colour) in LOOKS.items()
    }
    categories = [QgsRendererCategory(need, mark, need) for need, mark in marks.items()]
    houses.setRenderer(QgsCategorizedSymbolRenderer("need", categories))
    settings, letters = QgsPalLayerSettings(), QgsTextFormat()
    letters.setSize(7)
    settings.fieldName = "house_number"
    settings.setFormat(letters)
    houses.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    houses.setLabelsEnabled(True)
    return desa, houses


def _map(layout: QgsPrintLayout, layers: list[QgsVectorLayer]) -> QgsLayoutItemMap:
    map_ = QgsLayoutItemMap(layout)
    layout.addLayoutItem(map_)
    map_.setLayers(layers)
    map_.attemptMove(QgsLayoutPoint(22, 26))
    map_.attemptResize(QgsLayoutSize(*MAP_MM))
    # The item takes the shape of its extent, and the atlas keeps that.
    middle, half = layers[-1].extent().center(), layers[-1].extent().width() / 2
    high = half * MAP_MM[1] / MAP_MM[0]
    map_.setExtent(QgsRectangle(middle.x() - half, middle.y() - high, middle.x() + half, middle.y() + high))
    map_.setFrameEnabled(True)
    map_.setAtlasDriven(True)
    map_.setAtlasScalingMode(QgsLayoutItemMap.Auto)
    grid = map_.grid()
    grid.setIntervalX(1000)
    grid.setIntervalY(1000)
    grid.setAnnotationEnabled(True)
    grid.setAnnotationPrecision(0)
    grid.setEnabled(True)
    return map_


def _furniture(layout: QgsPrintLayout, map_: QgsLayoutItemMap) -> None:
    title = QgsLayoutItemLabel(layout)
    title.setText("Peta kerja — [% nama_desa %], [% kode_desa %]")
    layout.addLayoutItem(title)
    title.attemptMove(QgsLayoutPoint(12, 12))
    title.attemptResize(QgsLayoutSize(200, 12))
    bar = QgsLayoutItemScaleBar(layout)
    bar.setLinkedMap(map_)
    bar.setUnits(QgsUnitTypes.DistanceMeters)
    bar.setUnitsPerSegment(500)
    layout.addLayoutItem(bar)
    bar.attemptMove(QgsLayoutPoint(12, 190))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
