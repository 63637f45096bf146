"""A reprint holds the pages of the sheets asked for, still georeferenced, and says on each what it is."""

from datetime import date
from pathlib import Path

import pikepdf
import pytest

from geo.atlas.binding.binder import read_labels, read_mark
from geo.atlas.binding.reprint import reprint
from geo.errors import SettingsError
from tests.geo.atlas.test_binding import bind, program

DAY = date(2026, 11, 22)
FIRST, SECOND = "99.01.01.2001-01-K7Q2A", "99.01.01.2001-02-K7Q2A"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bind a cover, then four sheets of a map and a list each."""
    path = tmp_path_factory.mktemp("book") / "buku.pdf"
    bind(path, 9)
    return path


def sheets(path: Path) -> list[tuple[str, str]]:
    with pikepdf.open(path) as pdf:
        marks = [read_mark(page) for page in pdf.pages]
    return [(mark.kind, mark.sheet) for mark in marks if mark]


@pytest.mark.parametrize(
    "asked",
    ["99.01.01.2001-02-K7Q2A", " 99.01.01.2001-2-k7q2a ", "99.01.01.2001 02 K7Q2A", "L2", "l2", "5"],
)
def test_a_sheet_is_found_as_somebody_types_it_and_brings_its_list(book, tmp_path, asked):
    assert reprint(book, [asked], tmp_path / "ulang.pdf", DAY) == 2
    assert sheets(tmp_path / "ulang.pdf") == [("map", SECOND), ("list", SECOND)]


def test_sheets_come_once_and_in_the_order_of_the_book(book, tmp_path):
    assert reprint(book, ["L2", FIRST, SECOND, "Sampul"], tmp_path / "ulang.pdf", DAY) == 5
    assert sheets(tmp_path / "ulang.pdf") == [
        ("cover", ""),
        ("map", FIRST),
        ("list", FIRST),
        ("map", SECOND),
        ("list", SECOND),
    ]


def test_without_a_place_in_the_desa_all_of_it_comes(book, tmp_path):
    assert reprint(book, ["99.01.01.2001-K7Q2A"], tmp_path / "ulang.pdf", DAY) == 8


def test_a_sheet_without_a_map_is_not_all_of_the_desa(book, tmp_path):
    with pytest.raises(SettingsError, match="2001-00-K7Q2A tidak ada"):
        reprint(book, ["99.01.01.2001-00-K7Q2A"], tmp_path / "ulang.pdf", DAY)


def test_maps_keep_their_georeference_and_pages_their_labels(book, tmp_path):
    reprint(book, ["L2"], tmp_path / "ulang.pdf", DAY)
    with pikepdf.open(book) as before, pikepdf.open(tmp_path / "ulang.pdf") as after:
        for key in ("/GPTS", "/LPTS", "/Bounds"):
            told = [
                [float(n) for n in pdf.pages[at].obj.VP[0].Measure[key]]
                for pdf, at in ((before, 3), (after, 0))
            ]
            assert told[0] == told[1]
        assert str(after.pages[0].obj.VP[0].Measure.GCS.WKT) == str(before.pages[3].obj.VP[0].Measure.GCS.WKT)
        assert read_labels(after) == ["L2", "5"]
        assert str(after.docinfo["/Title"]) == "Cetak ulang 22 November 2026 — Buku"


def words(path: Path) -> list[str]:
    pages = program("pdftotext")("-layout", path, "-").split("\f")[:-1]
    return [" ".join(page.split()) for page in pages]


def test_every_page_says_that_it_is_a_reprint_once_for_each_time(book, tmp_path):
    reprint(book, ["L2"], tmp_path / "satu.pdf", DAY)
    reprint(tmp_path / "satu.pdf", [SECOND], tmp_path / "dua.pdf", date(2026, 12, 3))
    assert words(tmp_path / "satu.pdf") == [
        "CETAK ULANG 22 November 2026 halaman 4 {nb}",
        "CETAK ULANG 22 November 2026 halaman 5 {nb}",
    ]
    assert words(tmp_path / "dua.pdf") == [
        "CETAK ULANG 3 Desember 2026 CETAK ULANG 22 November 2026 halaman 4 {nb}",
        "CETAK ULANG 3 Desember 2026 CETAK ULANG 22 November 2026 halaman 5 {nb}",
    ]
    assert "No syntax or stream encoding errors" in program("qpdf")("--check", tmp_path / "dua.pdf")


def test_the_stamp_stands_in_the_margin_above_what_is_drawn(book, tmp_path):
    reprint(book, ["L2"], tmp_path / "ulang.pdf", DAY)
    boxes = program("pdftotext")("-bbox", tmp_path / "ulang.pdf", "-")
    stamp = [line for line in boxes.splitlines() if ">CETAK<" in line or ">2026<" in line]
    assert len(stamp) == 4
    for line in stamp:
        edges = {part.split("=")[0]: float(part.split('"')[1]) for part in line.split() if "=" in part}
        assert edges["yMax"] <= 8 * 72 / 25.4 + 1
        assert edges["yMin"] >= 3.5 * 72 / 25.4


def test_an_unknown_sheet_is_told_with_what_the_book_holds(book, tmp_path):
    with pytest.raises(SettingsError, match=r"2001-09-K7Q2A tidak ada.*2001-01-K7Q2A, .*2001-02-K7Q2A"):
        reprint(book, ["L1", "99.01.01.2001-09-K7Q2A"], tmp_path / "ulang.pdf", DAY)
    assert not list(tmp_path.iterdir())


def test_what_is_no_identifier_is_told(book, tmp_path):
    with pytest.raises(SettingsError, match="tidak dapat dibaca"):
        reprint(book, ["lembar dua"], tmp_path / "ulang.pdf", DAY)


def test_what_is_no_book_is_told(tmp_path):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "surat.pdf")
    (tmp_path / "catatan.pdf").write_text("bukan PDF")
    for name in ("surat.pdf", "catatan.pdf", "tidak_ada.pdf"):
        with pytest.raises(SettingsError, match=f"{name} bukan buku peta"):
            reprint(tmp_path / name, ["L1"], tmp_path / "ulang.pdf", DAY)


def test_a_reprint_is_for_its_owner_alone_and_the_same_each_time(book, tmp_path):
    for name in ("satu.pdf", "dua.pdf"):
        reprint(book, [FIRST], tmp_path / name, DAY)
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "satu.pdf").read_bytes() == (tmp_path / "dua.pdf").read_bytes()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pdf: setattr(pdf.pages[1].obj.PieceInfo, "PetaSasaran", pikepdf.Dictionary(Private=1)),
        lambda pdf: delattr(pdf.Root, "PageLabels"),
        lambda pdf: setattr(pdf.Root, "PageLabels", 7),
        lambda pdf: pdf.pages[3].obj.PieceInfo.PetaSasaran.Private.__setitem__("/Reprints", pikepdf.Name.X),
    ],
)
def test_a_book_that_was_tampered_with_is_refused_in_a_sentence(book, tmp_path, spoil):
    with pikepdf.open(book) as pdf:
        spoil(pdf)
        pdf.save(tmp_path / "aneh.pdf")
    with pytest.raises(SettingsError, match="bukan buku peta"):
        reprint(tmp_path / "aneh.pdf", [SECOND], tmp_path / "ulang.pdf", DAY)


def test_a_locked_book_is_refused_in_a_sentence(book, tmp_path):
    with pikepdf.open(book) as pdf:
        pdf.save(tmp_path / "kunci.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(SettingsError, match="bukan buku peta"):
        reprint(tmp_path / "kunci.pdf", [SECOND], tmp_path / "ulang.pdf", DAY)


def test_no_script_and_no_link_comes_along(book, tmp_path):
    with pikepdf.open(book) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.Root.OpenAction = script
        for page in pdf.pages:
            page.obj.AA = pikepdf.Dictionary(O=script)
            link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("http://x"))
            page.obj.Annots = pikepdf.Array(
                [
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=link, Rect=[0, 0, 9, 9]
                    )
                ]
            )
        pdf.save(tmp_path / "hidup.pdf")
    reprint(tmp_path / "hidup.pdf", [SECOND], tmp_path / "ulang.pdf", DAY)
    with pikepdf.open(tmp_path / "ulang.pdf") as pdf:
        assert "/OpenAction" not in pdf.Root
        kept = {key for page in pdf.pages for key in page.obj.keys()}  # noqa: SIM118  -- a PDF object is no dict
        assert kept <= {
            "/Type", "/Parent", "/MediaBox", "/Resources", "/Contents", "/VP", "/PieceInfo", "/LastModified",
        }  # fmt: skip
