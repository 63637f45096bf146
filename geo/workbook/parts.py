"""The parts of a workbook around its sheets: what they are called, how they look, when it was made."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
EMPTY, TEXT, MARKED, HEADER, NUMBER, DATE = range(1, 7)
"""Styles, by their place in the list of styles: an empty column, text, text to look at, headings, numbers, days."""

STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" \
formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/>\
</fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">\
<fgColor rgb="FFFFD966"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDDE6ED"/>\
</patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="7"><xf/>{
    "".join(
        f'<xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="0" applyNumberFormat="1" applyFont="1" '
        f'applyFill="1" applyAlignment="1"{quote}><alignment vertical="top" wrapText="1"/></xf>'
        for font, fill, quote in (
            (0, 0, ""),
            (0, 0, ' quotePrefix="1"'),
            (0, 2, ' quotePrefix="1"'),
            (1, 3, ""),
        )
    )
}<xf numFmtId="0" applyAlignment="1"><alignment vertical="top"/></xf><xf numFmtId="164" applyNumberFormat="1" \
applyAlignment="1"><alignment vertical="top"/></xf></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
"""Number format 49 is «text» (18.8.30): what is typed into such a cell is no number, no date and no formula."""


def parts_around(sheets: Sequence[tuple[str, str]], title: str, created: str) -> dict[str, str]:
    """Return the parts around the sheets by their name in the package.

    Parameters
    ----------
    sheets
        Name of each, and the cells that its filter spans (``$A$1:$C$20``), or nothing.
    title, created
        For the properties of the file; ``created`` is an ISO 8601 moment.
    """
    moment = datetime.fromisoformat(created).astimezone(UTC)
    places = range(1, len(sheets) + 1)
    named = "".join(
        f'<sheet name="{escape(name)}" sheetId="{place}" r:id="rId{place}"/>'
        for place, (name, _) in zip(places, sheets, strict=True)
    )
    # a filter is known to a spreadsheet program by this hidden name
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{place}" hidden="1">'
        f"'{escape(name)}'!{reach}</definedName>"
        for place, (name, reach) in enumerate(sheets)
        if reach
    )
    # the heading stands on every printed page
    filters += "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">\'{escape(name)}\'!$1:$1</definedName>'
        for place, (name, _) in enumerate(sheets)
    )
    kinds = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_KIND}.{kind}+xml"/>'
        for name, kind in (
            ("workbook", "sheet.main"),
            ("styles", "styles"),
            *((f"worksheets/sheet{place}", "worksheet") for place in places),
        )
    )
    links = "".join(
        f'<Relationship Id="rId{place}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'
        for place, kind, target in (
            *((place, "worksheet", f"worksheets/sheet{place}.xml") for place in places),
            (len(sheets) + 1, "styles", "styles.xml"),
        )
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{kinds}<Override PartName="/docProps/core.xml" '
        f'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" '
        f'Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escape(title)}</dc:title>'
        f"<dc:creator>Peta Sasaran</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment:%Y-%m-%dT%H:%M:%SZ}</dcterms:created></cp:coreProperties>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}/relationships"><sheets>{named}</sheets>'
        f"<definedNames>{filters}</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        "xl/styles.xml": STYLES,
    }
