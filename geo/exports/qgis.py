"""Styles as QGIS stores them with a layer: QML for itself, SLD (OGC Symbology Encoding 1.1) for other programs."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from geo.exports.styles import Asked, Look
from geo.products import Collection

_SLD, _SE, _OGC = "http://www.opengis.net/sld", "http://www.opengis.net/se", "http://www.opengis.net/ogc"
_SYMBOLS = {"fill": "fill", "outline": "fill"}
_MARKS = {"dot": "circle"}
_SMALL, _SIZE = "1", "1.8"
"""Diameter of a mark, millimetres."""

_EDGE = "#555555"

_NAMED = {"desa": ("nama_desa", 100_000, "8"), "kecamatan": ("nama_kecamatan", 750_000, "10")}
"""By collection the column of its name, from which scale on (1:) it is written, and how large, points."""


def qml(looks: Sequence[Look], collection: Collection) -> str:
    """Return a style of rules as QGIS 3 reads it, with names of areas, and titles of columns as their aliases."""
    root = ET.Element(
        "qgis", version="3.22.0", styleCategories="Symbology|Labeling|Fields", labelsEnabled="0"
    )
    renderer = ET.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0")
    rules, symbols = ET.SubElement(renderer, "rules", key="root"), ET.SubElement(renderer, "symbols")
    for place, look in enumerate(looks):
        condition = " AND ".join(map(_expression, look.tests)) or "ELSE"
        rule = ET.SubElement(rules, "rule", key=f"r{place}", symbol=str(place), label=look.title)
        if len(looks) > 1:
            rule.set("filter", condition)
        symbols.append(_symbol(look, place))
    shown, scale, size = _NAMED.get(collection.id, (collection.key, 0, ""))
    if shown in {field.name for field in collection.fields}:
        ET.SubElement(root, "previewExpression").text = _quoted(shown)
        if scale:
            root.set("labelsEnabled", "1")
            root.append(_labels(shown, scale, size))
    aliases = ET.SubElement(root, "aliases")
    for place, field in enumerate(collection.fields, start=1):  # 0 is the number of the feature
        ET.SubElement(aliases, "alias", index=str(place), field=field.name, name=field.title)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )


def _labels(name: str, scale: int, size: str) -> ET.Element:
    """Write a column in the middle of each area, on a white rim, where the map is larger than a scale."""
    labels = ET.Element("labeling", type="simple")
    settings = ET.SubElement(labels, "settings", calloutType="simple")
    style = ET.SubElement(settings, "text-style", fieldName=name, isExpression="0", fontSize=size,
                          fontSizeUnit="Point", textColor="34,34,34,255")  # fmt: skip
    ET.SubElement(style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
                  bufferColor="255,255,255,255", bufferOpacity="1")  # fmt: skip
    # QGIS calls the smallest scale scaleMax, because its denominator is the largest
    ET.SubElement(
        settings, "rendering", scaleVisibility="1", scaleMin="0", scaleMax=str(scale), drawLabels="1"
    )
    return labels


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _expression(test: Asked) -> str:
    name = _quoted(test.field)
    if test.how == "between":
        ends = ((">=", test.low), ("<", test.high))
        told = [f"{name} {sign} {end!r}" for sign, end in ends if end is not None]
        return " AND ".join([f"{name} IS NOT NULL", *told])
    if isinstance(test.value, bool):
        same = f"coalesce({name} = {str(test.value).lower()}, false)"
    else:
        same = f"coalesce({name} = '" + test.value.replace("'", "''") + "', false)"
    return same if test.how == "is" else f"NOT {same}"


def _symbol(look: Look, place: int) -> ET.Element:
    kind = _SYMBOLS.get(look.shape, "marker")
    symbol = ET.Element("symbol", type=kind, name=str(place), alpha="0.8" if look.shape == "fill" else "1")
    layer = ET.SubElement(
        symbol,
        "layer",
        {"class": "SimpleFill" if kind == "fill" else "SimpleMarker"},
        enabled="1",
        locked="0",
    )
    layer.set("pass", "0")
    options = ET.SubElement(layer, "Option", type="Map")
    if kind == "fill":
        drawn = {
            "color": _rgba(look.colour),
            "style": "solid" if look.shape == "fill" else "no",
            "outline_color": _rgba(_EDGE if look.shape == "fill" else look.colour),
            "outline_style": "solid",
            "outline_width": "0.1" if look.shape == "fill" else "0.6",
            "outline_width_unit": "MM",
        }
    else:
        drawn = {
            "color": _rgba(look.colour),
            "name": _MARKS.get(look.shape, look.shape),
            "outline_color": _rgba(look.colour if look.shape == "cross" else "#ffffff"),
            "outline_style": "solid",
            "outline_width": "0.2",
            "size": _SMALL if look.shape in {"dot", "cross"} else _SIZE,
            "size_unit": "MM",
        }
    for name, value in drawn.items():
        ET.SubElement(options, "Option", type="QString", name=name, value=value)
    return symbol


def _rgba(colour: str) -> str:
    """Write a colour as QGIS does.

    Examples
    --------
    >>> _rgba("#d55e00")
    '213,94,0,255'
    """
    return ",".join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5)) + ",255"


def sld(looks: Sequence[Look], name: str) -> str:
    """Return the same style for programs that read the standard of OGC."""
    for prefix, address in (("sld", _SLD), ("se", _SE), ("ogc", _OGC)):
        ET.register_namespace(prefix, address)
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.1.0")
    layer = ET.SubElement(root, f"{{{_SLD}}}NamedLayer")
    _told(layer, "Name", name)
    style = ET.SubElement(layer, f"{{{_SLD}}}UserStyle")
    _told(style, "Name", name)
    rules = ET.SubElement(style, f"{{{_SE}}}FeatureTypeStyle")
    for look in looks:
        rule = ET.SubElement(rules, f"{{{_SE}}}Rule")
        _told(rule, "Name", look.title)
        if look.tests:
            asked = ET.SubElement(rule, f"{{{_OGC}}}Filter")
            _joined(asked, "And", [each for test in look.tests for each in _filters(test)])
        elif len(looks) > 1:
            ET.SubElement(rule, f"{{{_SE}}}ElseFilter")
        _draw(rule, look)
    return ET.tostring(root, encoding="unicode")


def _told(parent: ET.Element, kind: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{_SE}}}{kind}", attributes).text = text


def _joined(parent: ET.Element, how: str, filters: Sequence[ET.Element]) -> None:
    inside = parent if len(filters) == 1 else ET.SubElement(parent, f"{{{_OGC}}}{how}")
    inside.extend(filters)


def _filters(test: Asked) -> list[ET.Element]:
    if test.how == "between":
        ends = (("PropertyIsGreaterThanOrEqualTo", test.low), ("PropertyIsLessThan", test.high))
        told = [_compared(name, test.field, repr(end)) for name, end in ends if end is not None]
        if told:
            return told
        anything = ET.Element(f"{{{_OGC}}}Not")
        anything.append(_missing(test.field))
        return [anything]
    value = str(test.value).lower() if isinstance(test.value, bool) else test.value
    if test.how == "is":
        return [_compared("PropertyIsEqualTo", test.field, value)]
    either = ET.Element(f"{{{_OGC}}}Or")
    either.extend([_compared("PropertyIsNotEqualTo", test.field, value), _missing(test.field)])
    return [either]


def _compared(how: str, field: str, value: str) -> ET.Element:
    element = ET.Element(f"{{{_OGC}}}{how}")
    ET.SubElement(element, f"{{{_OGC}}}PropertyName").text = field
    ET.SubElement(element, f"{{{_OGC}}}Literal").text = value
    return element


def _missing(field: str) -> ET.Element:
    element = ET.Element(f"{{{_OGC}}}PropertyIsNull")
    ET.SubElement(element, f"{{{_OGC}}}PropertyName").text = field
    return element


def _draw(rule: ET.Element, look: Look) -> None:
    if look.shape in _SYMBOLS:
        symbol = ET.SubElement(rule, f"{{{_SE}}}PolygonSymbolizer")
        edge = _EDGE if look.shape == "fill" else look.colour
    else:
        point = ET.SubElement(rule, f"{{{_SE}}}PointSymbolizer")
        graphic = ET.SubElement(point, f"{{{_SE}}}Graphic")
        symbol = ET.SubElement(graphic, f"{{{_SE}}}Mark")
        _told(symbol, "WellKnownName", _MARKS.get(look.shape, look.shape))
        _told(graphic, "Size", "4" if look.shape in {"dot", "cross"} else "8")
        edge = look.colour if look.shape == "cross" else "#ffffff"
    if look.shape != "outline":
        _told(ET.SubElement(symbol, f"{{{_SE}}}Fill"), "SvgParameter", look.colour, name="fill")
    stroke = ET.SubElement(symbol, f"{{{_SE}}}Stroke")
    _told(stroke, "SvgParameter", edge, name="stroke")
    _told(stroke, "SvgParameter", "2" if look.shape == "outline" else "0.5", name="stroke-width")
