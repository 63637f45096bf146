"""The page that a receiver reads first: what it is, for whom, until when, and what each column means."""

from collections.abc import Sequence

from geo.exports import FORMATS
from geo.exports.dictionary import codes_text, columns_of
from geo.exports.listing import Listed
from geo.exports.origin import inputs
from geo.exports.templates import template
from geo.exports.terms import Terms, chapters
from geo.levels import LEVEL_TITLES
from geo.products import Product

ABOUT = {
    "BACA-DULU.html": "halaman ini",
    "KETENTUAN.txt": "ketentuan pemakaian",
    "kamus-data.csv": "kamus data: arti setiap kolom",
    "metadata.xml": "metadata ISO 19139 menurut SNI 8843",
    "datapackage.json": "uraian untuk program (frictionless Data Package)",
    "SHA256SUMS": "sidik setiap berkas, untuk memeriksa keutuhannya",
}


def read_first_text(product: Product, terms: Terms, files: Sequence[Listed]) -> str:
    """Return the page as HTML that needs no network and no script.

    Parameters
    ----------
    files
        Those of data.
    """
    formats = list(dict.fromkeys(each.format for each in files))
    columns = {name: columns_of(each, formats) for name, each in product.collections.items()}
    fields = [field for each in columns.values() for field in each]
    references = {
        kind: {text: place for place, text in enumerate(dict.fromkeys(filter(None, texts)), 1)}
        for kind, texts in (
            ("sources", (field.source for field in fields)),
            ("definitions", (field.definition for field in fields)),
        )
    }
    return template("baca-dulu.html").render(
        terms=terms,
        facts=product.facts,
        level_title=LEVEL_TITLES[terms.level],
        collections=product.collections.values(),
        columns=columns,
        codes=codes_text,
        formats=[(FORMATS[name], [each for each in files if each.format == name]) for name in formats],
        titles={name: each.title for name, each in product.collections.items()},
        about=ABOUT,
        notes=[note for note in product.notes if note != terms.mark],
        inputs=inputs(product.facts),
        **references,
        chapters=chapters(terms),
    )
