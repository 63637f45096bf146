"""A hand-over as one ZIP that is understood from itself alone: data, dictionary, metadata, terms, check sums."""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

import pandas as pd

from geo.errors import NotAllowed, NotWritable, SettingsError, cause_of
from geo.exports import FORMATS
from geo.exports.datapackage import datapackage_text
from geo.exports.dictionary import dictionary_table
from geo.exports.listing import Listed
from geo.exports.metadata import metadata_text
from geo.exports.plain_csv import write_table
from geo.exports.reading_first import read_first_text
from geo.exports.terms import Terms, package_name, terms_text
from geo.levels import Level
from geo.products import Collection, Field, Product

__all__ = ["Package", "Terms", "mark_fields", "package_name", "write_package"]

READ_FIRST, TERMS, DICTIONARY = "BACA-DULU.html", "KETENTUAN.txt", "kamus-data.csv"
METADATA, DATAPACKAGE, SUMS = "metadata.xml", "datapackage.json", "SHA256SUMS"
DATA = "data"

_LEVEL = 6
_PIECE = 1 << 20
_EARLIEST = 1980


@dataclass(frozen=True)
class Package:
    """A package that was written.

    Attributes
    ----------
    files
        Their paths in its folder.
    rows
        By collection.
    size, sha256
        Of the ZIP.
    """

    files: list[str]
    rows: dict[str, int]
    size: int
    sha256: str


def write_package(
    product: Product,
    terms: Terms,
    formats: Sequence[str],
    path: Path,
    *,
    progress: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext(),
) -> Package:
    """Write a product as one ZIP, whole or not at all; its owner alone may read it.

    Parameters
    ----------
    product
        At the level of the terms; nothing leaves that is not in it. Its notes begin with the sentence of the terms. At
        ``petugas`` every row bears for whom it is and until when, in the columns ``rahasia_untuk`` and
        ``berlaku_sampai``, and the names of the files say so.
    formats
        Ids of :data:`geo.exports.FORMATS`, each in a folder ``data/<format>``.
    path
        Of the ZIP. The same product and terms give the same bytes.
    progress
        Called with the name of each stage (Indonesian), which runs inside what it returns.

    Raises
    ------
    NotAllowed
        When the product is of another level, or holds a column that its dictionary does not explain.
    SettingsError
        When there is no such format, or none.
    NotWritable
        When the folder or the disk does not take it; nothing is left there.
    """
    _require(product, terms, formats)
    product = _marked(product, terms)
    rows = {name: len(each.table) for name, each in product.collections.items()}
    with _workplace(path) as work:
        root = work / package_name(terms)
        listed = [each for name in formats for each in _written(product, terms, name, root, progress)]
        with progress("Menulis kamus, metadata, dan ketentuan"):
            texts = {
                READ_FIRST: read_first_text(product, terms, listed),
                TERMS: terms_text(terms),
                METADATA: metadata_text(product, terms, formats),
            }
            for name, text in texts.items():
                (root / name).write_bytes(text.encode())
            write_table(dictionary_table(product, formats), root / DICTIONARY)
            about = [_listed(root, root / name) for name in (*texts, DICTIONARY)]
            (root / DATAPACKAGE).write_text(datapackage_text(product, terms, listed, about), encoding="utf-8")
            sums = sorted([*listed, *about, _listed(root, root / DATAPACKAGE)], key=lambda each: each.path)
            (root / SUMS).write_text(
                "".join(f"{each.sha256}  {each.path}\n" for each in sums), encoding="ascii"
            )
        with progress("Memampatkan"):
            packed = work / "kiriman.zip"
            files = [*(each.path for each in sums), SUMS]
            _pack(root, files, packed, terms)
            made = Package(files, rows, packed.stat().st_size, _sha256(packed))
            packed.chmod(0o600)
            packed.replace(path)
    return made


def _require(product: Product, terms: Terms, formats: Sequence[str]) -> None:
    if product.scope.level is not terms.level:
        raise NotAllowed(f"Isi kiriman bertingkat {product.scope.level}, ketentuannya {terms.level}.")
    if strange := [name for name in formats if name not in FORMATS]:
        raise SettingsError(f"Bentuk berkas «{strange[0]}» tidak ada. Yang ada: {', '.join(FORMATS)}.")
    if not formats:
        raise SettingsError(f"Sebut paling sedikit satu bentuk berkas: {', '.join(FORMATS)}.")
    for each in product.collections.values():
        explained = {field.name for field in each.fields} | {each.table.geometry.name}
        if unexplained := [str(name) for name in each.table.columns if name not in explained]:
            raise NotAllowed(
                f"Kolom {unexplained[0]} di {each.id} tidak ada dalam kamus, jadi tidak boleh keluar."
            )


def mark_fields(level: Level) -> tuple[Field, ...]:
    """Return the columns that a package adds to every collection at a level: those of the mark, where names leave."""
    if level is not Level.PETUGAS:
        return ()
    return (
        Field(
            "rahasia_untuk",
            "Rahasia untuk",
            "Satu-satunya yang boleh memakai baris ini, dan keperluannya.",
            "teks",
        ),
        Field(
            "berlaku_sampai",
            "Berlaku sampai",
            "Hari terakhir pemakaian; sesudahnya baris dihapus.",
            "tanggal",
        ),
    )


def _marked(product: Product, terms: Terms) -> Product:
    """Return a product whose notes say to whom it was handed over; where names leave, each row says so too."""
    if terms.level is not Level.PETUGAS:
        return replace(product, notes=(terms.sentence, *product.notes))
    collections = {name: _with_mark(each, terms) for name, each in product.collections.items()}
    facts = {**product.facts, "mark": terms.mark}
    return replace(
        product, collections=collections, notes=(terms.mark, terms.sentence, *product.notes), facts=facts
    )


def _with_mark(collection: Collection, terms: Terms) -> Collection:
    said = {
        "rahasia_untuk": f"{terms.recipient}, pembagian {terms.number}: {terms.purpose}",
        "berlaku_sampai": terms.until.isoformat(),
    }
    columns = {name: pd.Series(value, collection.table.index, dtype="str") for name, value in said.items()}
    kept = collection.table.drop(columns=[*said], errors="ignore")
    own = tuple(field for field in collection.fields if field.name not in said)
    return replace(collection, table=kept.assign(**columns), fields=(*own, *mark_fields(terms.level)))


def _written(
    product: Product,
    terms: Terms,
    name: str,
    root: Path,
    progress: Callable[[str], AbstractContextManager[None]],
) -> list[Listed]:
    with progress(f"Menulis {FORMATS[name].title}"):
        folder = root / DATA / name
        folder.mkdir(parents=True)
        FORMATS[name].write(product, folder)
        listed = []
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            stem = path.name.partition(".")[0]
            if terms.mark:
                marked = f"{stem}-RAHASIA-sampai-{terms.until.isoformat()}{path.name.removeprefix(stem)}"
                path.rename(path.with_name(marked))
                path = path.with_name(marked)  # noqa: PLW2901  -- the same file
            of = [each for each in product.collections if f"{stem}_".startswith(f"{each}_")]
            collection = max(of, key=len, default="")
            listed.append(replace(_listed(root, path), format=name, collection=collection))
    return listed


def _listed(root: Path, path: Path) -> Listed:
    return Listed(path.relative_to(root).as_posix(), path.stat().st_size, _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(root: Path, files: Sequence[str], out: Path, terms: Terms) -> None:
    # the clock of a ZIP knows no time zone, and nothing before 1980
    moment = terms.issued.astimezone(UTC).timetuple()[:6]
    when = moment if moment[0] >= _EARLIEST else (_EARLIEST, 1, 1, 0, 0, 0)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in files:
            entry = zipfile.ZipInfo(f"{root.name}/{name}", when)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o100600 << 16
            entry.file_size = (root / name).stat().st_size
            with (root / name).open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, _PIECE)


@contextmanager
def _workplace(path: Path) -> Iterator[Path]:
    """Yield a hidden folder beside the package, for its owner alone; it is gone afterwards."""
    work = None
    try:
        # a name of its own: two packages may be made for one place at once
        work = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        yield work
    except OSError as fault:
        raise NotWritable(f"Kiriman tidak dapat ditulis ke {path}: {cause_of(fault)}.") from fault
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
