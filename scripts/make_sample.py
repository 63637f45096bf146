"""Invent households and land cover on any boundaries: ``python scripts/make_sample.py --out DIR``."""

import argparse
import sys
from pathlib import Path

sys.path.insert(
    0, str(Path(__file__).resolve().parent.parent)
)  # the script runs from any folder, not installed

from geo.boundaries import default_folder, read_boundaries
from geo.boundary_import import boundaries_from_file
from geo.errors import PetaError
from geo.sample import SEED, make_sample, write_sample


def main() -> None:
    """Read the arguments, make the sample, write it."""
    parser = argparse.ArgumentParser(
        description="Buat rumah tangga dan tutupan lahan contoh; seluruhnya rekaan."
    )
    parser.add_argument("--out", type=Path, required=True, help="folder hasil")
    parser.add_argument("--households", type=int, default=20_000, help="banyaknya rumah tangga (%(default)s)")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="benih acak; benih sama, hasil sama (%(default)s)"
    )
    parser.add_argument("--boundaries", type=Path, help="folder kabupaten, atau berkas batas desa")
    parser.add_argument("--format", choices=("csv", "xlsx"), default="csv")
    wish = parser.parse_args()
    if wish.households < 1 or wish.seed < 0:
        parser.error("--households sedikitnya 1, dan --seed tidak boleh negatif")
    folder = wish.boundaries or default_folder()
    try:
        known = read_boundaries(folder) if folder.is_dir() else boundaries_from_file(folder, default_folder())
    except PetaError as fault:
        sys.exit(str(fault))
    sample = make_sample(known.desa, known.sea, households=wish.households, seed=wish.seed)
    sheet = write_sample(sample, wish.out, format=wish.format)
    print(f"{wish.households} rumah tangga rekaan di {len(known.desa)} desa: {sheet}")


if __name__ == "__main__":
    main()
