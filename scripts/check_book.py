"""Checks a printed book against its run, trusting nothing of the code that drew it.

``python scripts/check_book.py RUN BOOK.pdf [--marks 200] [--desa KODE ...] [--some|--whole]``: prints a line a law,
and ends with 1 when one is broken. Needs poppler's pdftoppm, GDAL's gdalinfo and qpdf, but for ``--marks 0``.
"""

import argparse
import shutil
import sys
from collections.abc import Collection
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(
    0, str(Path(__file__).resolve().parent.parent)
)  # the script runs from any folder, not installed

from scripts.book_checks.faults import Findings
from scripts.book_checks.laws import Collected, check_whole, desa_of, read_list
from scripts.book_checks.map_laws import check_map
from scripts.book_checks.maps import Map
from scripts.book_checks.pages import Page, read_pages
from scripts.book_checks.rendered import check_gdal, check_ink, check_inked_bar, check_programs
from scripts.book_checks.run import Truth, read_run

TOOLS = ("pdftoppm", "gdalinfo", "qpdf")
DESA = "every desa of the run has a sheet"
TRIED_PAGES = 40


def check_paper(
    truth: Truth,
    book: Path,
    *,
    some: bool = False,
    whole: bool = False,
    desa: Collection[str] = (),
    found: Findings | None = None,
    kept: list[Page] | None = None,
    keep: int = TRIED_PAGES,
    seed: int = 1,
) -> Findings:
    """Try every law that texts and paths of a book can tell of.

    Parameters
    ----------
    truth
        Of the run.
    some
        The book holds only some households of its desa.
    whole
        The book must hold every desa of the run.
    desa
        Only pages of these; empty: of all.
    kept, keep
        Takes so many map pages, any of them alike.
    """
    found, told = found or Findings(), Collected()
    dice = np.random.default_rng(seed)
    maps = 0
    for page in read_pages(book):
        found.told[f"pages: {page.kind}"] += 1
        if not page.sheet or (desa and desa_of(page.sheet) not in desa):
            continue
        if page.kind == "list":
            read_list(page, told)
            continue
        for view in page.views:
            found.told["maps"] += 1
            check_map(Map(page, view), truth, told, found)
        maps += 1
        if kept is not None and len(kept) < keep:
            kept.append(page)
        elif kept is not None and (place := int(dice.integers(maps))) < keep:
            kept[place] = page
    check_whole(truth, told, found, some=some)
    if whole:
        lost = sorted({*truth.desa} - told.desa)
        found.law(DESA, tried=len(truth.desa), faults=[f"{code}: on no page" for code in lost])
    return found


def main() -> None:
    """Read the arguments, check, report; end with 1 when a law is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="the folder of a run")
    parser.add_argument("book", type=Path, help="a book printed from it")
    parser.add_argument(
        "--marks", type=int, default=200, help="so many marks on rendered pages (%(default)s)"
    )
    parser.add_argument("--desa", action="append", default=[], help="only the pages of this kode_desa")
    parser.add_argument("--some", action="store_true", help="the book holds only some households of its desa")
    parser.add_argument("--whole", action="store_true", help="the book must hold every desa of the run")
    parser.add_argument("--seed", type=int, default=1, help="which pages and marks are tried (%(default)s)")
    wish = parser.parse_args()
    missing = [tool for tool in TOOLS if wish.marks and not shutil.which(tool)]
    if missing:
        sys.exit(f"not installed: {', '.join(missing)}; --marks 0 tries what can be tried without")
    begin = perf_counter()
    truth, found, pages = read_run(wish.run), Findings(), list[Page]()
    check_paper(
        truth,
        wish.book,
        some=wish.some,
        whole=wish.whole,
        desa=wish.desa,
        found=found,
        kept=pages,
        seed=wish.seed,
    )
    if wish.marks:
        check_ink(wish.book, pages, truth, wish.marks, wish.seed, found)
        check_inked_bar(wish.book, pages[:20], found)
        check_gdal(wish.book, pages, found)
        count = sum(number for what, number in found.told.items() if what.startswith("pages: "))
        check_programs(wish.book, found, pages=count)
    print(found.report())
    print(f"{perf_counter() - begin:.0f} s")
    sys.exit(not found.kept())


if __name__ == "__main__":
    main()
