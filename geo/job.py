"""The main job: one sheet assessed, and everything that a district reads, prints and sends written as a run."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from geo.assessment import Assessment, Stage, assess
from geo.boundaries import Boundaries
from geo.columns.choice import ColumnChoice
from geo.runs import MANIFEST, require_place, write_run
from geo.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geo.atlas.sheet.lines import Lines

OUTPUTS = ("peta", "atlas", "geojson", "laporan")
"""The ways out; the tables, the rows for the clerk to fix and the manifest are always written."""


def run_job(
    sheet: Path,
    folder: Path,
    boundaries: Boundaries,
    settings: Settings,
    *,
    password: str | None = None,
    sheet_name: str | None = None,
    columns: ColumnChoice | None = None,
    decisions: Path | None = None,
    outputs: Collection[str] = OUTPUTS,
    stage: Stage,
) -> Assessment:
    """Assess a sheet and write the run.

    Parameters
    ----------
    folder
        Where the run shall stand; it appears whole at the end, or not at all.
    decisions
        The district's file of decisions, for :func:`geo.review.decisions.read_decisions`; it need not exist.
    outputs
        Which of :data:`OUTPUTS` are made.
    stage
        Called with the name of each stage, which runs inside the context it returns.

    Raises
    ------
    PetaError
        When an input cannot be used, or the folder does not take the run.
    """
    require_place(folder)
    seconds: dict[str, float] = {}

    def timed(name: str) -> AbstractContextManager[None]:
        return _timed(name, stage, seconds)

    lines = _read_lines(settings, boundaries, outputs, timed)
    assessment = assess(
        sheet,
        boundaries,
        settings,
        password=password,
        sheet_name=sheet_name,
        columns=columns,
        decisions=decisions,
        stage=timed,
    )
    write_run(
        folder,
        assessment,
        make_outputs=lambda building: _make_outputs(
            assessment, building, settings, outputs, lines, timed, seconds
        ),
        seconds=seconds,
    )
    return assessment


@contextmanager
def _timed(name: str, stage: Stage, seconds: dict[str, float]) -> "Iterator[None]":
    begin = perf_counter()
    with stage(name):
        yield
    seconds[name] = perf_counter() - begin


def _read_lines(
    settings: Settings, boundaries: Boundaries, outputs: Collection[str], stage: Stage
) -> "Lines | None":
    """Read roads and rivers before the long work, so that a faulty file is told at once."""
    if "atlas" not in outputs or (settings.atlas.roads is None and settings.atlas.rivers is None):
        return None
    from geo.atlas.sheet.lines import read_lines  # noqa: PLC0415

    with stage("Membaca jalan dan sungai"):
        return read_lines(settings.atlas, boundaries.desa)


def _make_outputs(
    assessment: Assessment,
    folder: Path,
    settings: Settings,
    outputs: Collection[str],
    lines: "Lines | None",
    stage: "Callable[[str], AbstractContextManager[None]]",
    seconds: Mapping[str, float],
) -> None:
    # each way out is imported where it is used: a run without an atlas need not load a PDF library
    from geo.privacy import Level, for_audience, without_sensitive_cells  # noqa: PLC0415

    shown = without_sensitive_cells(assessment)
    if "geojson" in outputs:
        from geo.exports import write_geojson  # noqa: PLC0415

        with stage("Menulis GeoJSON"):
            (folder / "geojson").mkdir()
            write_geojson(for_audience(assessment, Level.OPD), folder / "geojson")
    if "peta" in outputs:
        from geo.maps import build_map  # noqa: PLC0415

        with stage("Menggambar peta"):
            (folder / "peta.html").write_text(build_map(shown), encoding="utf-8")
    if "atlas" in outputs:
        from geo.atlas import write_atlas  # noqa: PLC0415

        with stage("Mencetak buku peta"):
            write_atlas(shown, folder / "atlas.pdf", paper=settings.paper, lines=lines)
    from geo.corrections import write_duplicates, write_rejects  # noqa: PLC0415

    with stage("Menulis daftar perbaikan"):
        write_rejects(assessment, folder, settings.intake.code_list)
        write_duplicates(assessment, folder)
    if "laporan" in outputs:
        from geo.report import FILES, render_report  # noqa: PLC0415

        there = {name: use for name, use in FILES.items() if (folder / name).is_file() or name == MANIFEST}
        with stage("Menulis laporan"):
            (folder / "laporan.html").write_text(render_report(shown, seconds, there), encoding="utf-8")
