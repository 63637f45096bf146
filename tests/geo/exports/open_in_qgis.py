"""What QGIS makes of a GeoPackage, told as JSON; run by Debian's own Python, which alone has PyQGIS."""

import json
import sys


def told(path: str, name: str) -> dict[str, object]:
    """Open one layer, as a double click does."""
    from qgis.core import QgsVectorLayer  # noqa: PLC0415  -- not in the Python of the tests

    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    return {
        "valid": layer.isValid(),
        "renderer": layer.renderer().type(),
        "features": layer.featureCount(),
        "drawn": drawn(layer),
        "aliases": layer.attributeAliases(),
        "style": layer.listStylesInDatabase()[0],
    }


def drawn(layer: object) -> dict[str, int]:
    """Count the features by the label of the rule that draws them."""
    from qgis.core import QgsRenderContext  # noqa: PLC0415

    renderer, context = layer.renderer().clone(), QgsRenderContext()
    context.setExpressionContext(layer.createExpressionContext())
    renderer.startRender(context, layer.fields())
    labels = {item.ruleKey(): item.label() for item in renderer.legendSymbolItems()}
    found: dict[str, int] = {}
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        for key in renderer.legendKeysForFeature(feature, context):
            if key in labels:  # the root of the rules is a key too
                found[labels[key]] = found.get(labels[key], 0) + 1
    renderer.stopRender(context)
    return found


def main(path: str, names: list[str]) -> None:
    """Tell of each layer."""
    from qgis.core import QgsApplication  # noqa: PLC0415

    application = QgsApplication([], False)
    application.initQgis()
    answer = {name: told(path, name) for name in names}
    application.exitQgis()  # when all layers are gone: QGIS falls over one that outlives it
    print(json.dumps(answer))  # noqa: T201  -- the answer to the test


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
