"""The district in use: its boundaries, and the file of decisions about its places."""

from pathlib import Path

from geo.boundaries import Boundaries, default_folder, read_boundaries, read_district
from geo.errors import ReviewError
from geo.review.decisions import DECISIONS
from geo.runs import read_manifest


def open_district(boundaries: Path | None) -> Boundaries:
    """Open the district in use, or the one that a folder or a file of boundaries shows."""
    if boundaries is None:
        return read_boundaries(default_folder())
    if boundaries.is_dir():
        return read_boundaries(boundaries)
    from geo.boundary_import import boundaries_from_file  # noqa: PLC0415  -- heavy, and seldom asked for

    return boundaries_from_file(boundaries, default_folder())


def decisions_file(boundaries: Path | None = None) -> Path:
    """Return where the decisions of a district are kept unless told otherwise: in its folder."""
    return _folder(boundaries) / DECISIONS


def decisions_about(run: Path, decisions: Path | None, boundaries: Path | None = None) -> Path:
    """Return the file of decisions for a run; the one of a district's folder must be of the run's district.

    Parameters
    ----------
    decisions
        The file that somebody has named, which is taken as it is.

    Raises
    ------
    ReviewError
        When no file is named and the run is about another district.
    """
    if decisions is not None:
        return decisions
    about = read_manifest(run)["facts"]["district"]
    if about["kode"] != read_district(_folder(boundaries))["district"]["kode_kabupaten"]:
        raise ReviewError(
            f"Hasil itu tentang {about['nama']}, bukan kabupaten yang sedang dipakai. Sebut berkas keputusannya "
            f"dengan --decisions BERKAS, atau foldernya dengan PETA_BOUNDARIES."
        )
    return decisions_file(boundaries)


def _folder(boundaries: Path | None) -> Path:
    return boundaries if boundaries is not None and boundaries.is_dir() else default_folder()
