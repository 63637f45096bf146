"""A bound book is whole or not there, the same each time, and says of every page what it is."""

import os
import signal
import subprocess
from collections.abc import Callable
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from shutil import which

import numpy as np
import pikepdf
import pytest

from geo.atlas.binding.binder import Binder, Mark, read_labels, read_mark
from geo.atlas.paper.frame import frame_for
from geo.atlas.paper.layout import layouts
from geo.crs import MEASURING
from geo.errors import NotWritable
from geo.sheet_ids import SheetId
from tests.geo.small import HOSTILE

CREATED = datetime.fromisoformat("2026-01-05T08:00:00+07:00")
UPRIGHT, LYING = (210.0, 297.0), (297.0, 210.0)
LAYOUT = layouts("A4", banner=False)[-1]


def sheet(part: int) -> SheetId:
    return SheetId("99.01.01.2001", part, "K7Q2A")


def bind(
    path: Path,
    pages: int,
    *,
    title: str = "Buku",
    private: bool = True,
    fault: Callable[[], object] = lambda: None,
) -> None:
    """Bind a cover, then maps each with a list, two a kecamatan; a fault may come at the end."""
    with Binder(path, UPRIGHT, title, CREATED, MEASURING, private=private) as binder:
        binder.canvas.add_page(format=UPRIGHT)
        binder.canvas.face(9)
        binder.canvas.write_at(20, 20, title, within=150)
        binder.page("cover", label="Sampul", outline=("Sampul",))
        for place in range(pages - 1):
            part = place // 2 + 1
            upright = UPRIGHT if place % 2 else LYING
            binder.canvas.add_page(format=upright)
            binder.canvas.face(8, "B" if place % 3 else "I")
            binder.canvas.write_at(20, 30, f"halaman {place + 2} {{nb}}")
            if place % 2:
                binder.page("list", sheet=sheet(part))
            else:
                frame = frame_for((350e3, 9230e3, 351e3, 9231e3), LAYOUT.windows(1)[0].map)
                heads = (f"Kecamatan {place // 4}", "Desa", f"Lembar {part}")
                binder.page("map", sheet=sheet(part), label=f"L{part}", views=[(frame, "")], outline=heads)
        fault()


def outline(path: Path) -> list[tuple[int, str, int]]:
    """Return depth, heading and page (from 1) of everything in the table of contents."""

    def walk(items: list[pikepdf.OutlineItem], depth: int) -> list[tuple[int, str, int]]:
        return [
            entry
            for item in items
            for entry in [
                (depth, item.title, pikepdf.Page(item.destination[0]).index + 1),
                *walk(item.children, depth + 1),
            ]
        ]

    with pikepdf.open(path) as pdf, pdf.open_outline() as contents:
        return walk(contents.root, 0)


def test_every_page_says_what_it_is(tmp_path):
    bind(tmp_path / "buku.pdf", 5)
    with pikepdf.open(tmp_path / "buku.pdf") as pdf:
        assert [read_mark(page) for page in pdf.pages] == [
            Mark("cover", ""),
            Mark("map", "99.01.01.2001-01-K7Q2A"),
            Mark("list", "99.01.01.2001-01-K7Q2A"),
            Mark("map", "99.01.01.2001-02-K7Q2A"),
            Mark("list", "99.01.01.2001-02-K7Q2A"),
        ]
        assert read_labels(pdf) == ["Sampul", "L1", "3", "L2", "5"]
        assert [page.label for page in pdf.pages] == ["Sampul", "L1", "3", "L2", "5"]
        assert ["/VP" in page.obj for page in pdf.pages] == [False, True, False, True, False]
        assert [float(page.mediabox[2]) for page in pdf.pages] == pytest.approx(
            [595.28, 841.89, 595.28, 841.89, 595.28]
        )


def test_a_page_of_another_document_has_no_mark():
    with pikepdf.new() as pdf:
        assert read_mark(pdf.add_blank_page()) is None


def test_the_table_of_contents_is_nested_in_the_order_of_pages(tmp_path):
    bind(tmp_path / "buku.pdf", 9)
    assert outline(tmp_path / "buku.pdf") == [
        (0, "Sampul", 1),
        (0, "Kecamatan 0", 2),
        (1, "Desa", 2),
        (2, "Lembar 1", 2),
        (2, "Lembar 2", 4),
        (0, "Kecamatan 1", 6),
        (1, "Desa", 6),
        (2, "Lembar 3", 6),
        (2, "Lembar 4", 8),
    ]


def test_the_document_says_title_language_and_the_date_of_its_data(tmp_path):
    bind(tmp_path / "buku.pdf", 2, title=HOSTILE)
    with pikepdf.open(tmp_path / "buku.pdf") as pdf, pdf.open_metadata() as metadata:
        title = str(pdf.docinfo["/Title"])
        assert title == metadata["dc:title"]
        assert title.startswith('<img src=x onerror=alert(1)>"\\</script>')
        assert not set(title) & set("\x00\u202e")
        assert str(pdf.Root.Lang) == "id"
        assert metadata["xmp:CreateDate"] == CREATED.isoformat()
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260105080000+07")


def test_the_same_pages_give_the_same_bytes(tmp_path):
    bind(tmp_path / "satu.pdf", 20)
    bind(tmp_path / "dua.pdf", 20)
    assert (tmp_path / "satu.pdf").read_bytes() == (tmp_path / "dua.pdf").read_bytes()


@pytest.mark.parametrize("private", [True, False])
def test_a_private_book_is_for_its_owner_alone(tmp_path, private):
    before = os.umask(0o022)
    try:
        bind(tmp_path / "buku.pdf", 2, private=private)
    finally:
        os.umask(before)
    assert (tmp_path / "buku.pdf").stat().st_mode & 0o777 == (0o600 if private else 0o644)


def test_a_fault_leaves_what_stood_there_and_nothing_else(tmp_path):
    path = tmp_path / "buku.pdf"
    path.write_bytes(b"yang lama")
    with pytest.raises(ZeroDivisionError):
        bind(path, 3, fault=lambda: 1 / 0)
    assert path.read_bytes() == b"yang lama"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_while_binding_leaves_what_stood_there(tmp_path, monkeypatch):
    path = tmp_path / "buku.pdf"
    path.write_bytes(b"yang lama")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pikepdf.Pdf, "save", full)
    with pytest.raises(NotWritable, match="ruang disk habis"):
        bind(path, 3)
    assert path.read_bytes() == b"yang lama"
    assert list(tmp_path.iterdir()) == [path]


def _die_while_binding(path: Path) -> None:
    bind(path, 3, fault=lambda: os.kill(os.getpid(), signal.SIGKILL))


def test_a_killed_process_leaves_the_old_file_and_no_names_on_the_disk(tmp_path):
    path = tmp_path / "buku.pdf"
    path.write_bytes(b"yang lama")
    own = get_context("spawn").Process(target=_die_while_binding, args=(path,))
    own.start()
    own.join()
    assert own.exitcode == -signal.SIGKILL
    assert path.read_bytes() == b"yang lama"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_told_before_work_begins(tmp_path):
    with pytest.raises(NotWritable, match="tidak ada"):
        Binder(tmp_path / "tidak" / "buku.pdf", UPRIGHT, "Buku", CREATED, MEASURING, private=True)


@pytest.mark.parametrize("drawn", [0, 2])
def test_one_page_is_drawn_between_two_that_are_taken(tmp_path, drawn):
    binder = Binder(tmp_path / "buku.pdf", UPRIGHT, "Buku", CREATED, MEASURING, private=True)
    for _ in range(drawn):
        binder.canvas.add_page(format=UPRIGHT)
    with pytest.raises(ValueError, match=f"{drawn} drawn, 0 taken"):
        binder.page("cover")
    binder.__exit__(ValueError, None, None)
    assert not list(tmp_path.iterdir())


def program(name: str) -> Callable[..., str]:
    """Return a call of a program that must end well and complain of nothing; skip where it is not installed."""
    found = which(name)
    if not found:
        pytest.skip(f"{name} is not installed")

    def call(*arguments: str | Path) -> str:
        done = subprocess.run([found, *map(str, arguments)], capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0
        assert not done.stderr
        assert "WARNING" not in done.stdout
        return done.stdout

    return call


def test_qpdf_finds_nothing_to_say(tmp_path):
    bind(tmp_path / "buku.pdf", 150)
    assert "No syntax or stream encoding errors" in program("qpdf")("--check", tmp_path / "buku.pdf")


def test_what_is_drawn_is_on_its_page_though_letters_are_shared(tmp_path):
    bind(tmp_path / "buku.pdf", 5)
    pages = program("pdftotext")(tmp_path / "buku.pdf", "-").split("\f")
    assert [page.strip() for page in pages[1:-1]] == [f"halaman {place} {{nb}}" for place in range(2, 6)]


def test_pages_are_rendered_without_a_word(tmp_path):
    bind(tmp_path / "buku.pdf", 3)
    program("pdftoppm")("-r", "30", "-gray", tmp_path / "buku.pdf", tmp_path / "lembar")
    pages = sorted(tmp_path.glob("lembar*.pgm"))
    assert len(pages) == 3
    for page in pages:
        assert np.frombuffer(page.read_bytes()[-5000:], np.uint8).max() == 255
        assert np.frombuffer(page.read_bytes()[15:], np.uint8).min() < 200
