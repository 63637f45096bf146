"""The heavy command: the main job with its progress shown."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from rich.console import Console

from app.column_report import understanding_lines
from geo.assessment import Assessment, Stage
from geo.boundaries import Boundaries, default_folder, read_boundaries
from geo.columns.choice import read_column_choice
from geo.errors import NotWritable, SettingsError
from geo.job import OUTPUTS, run_job
from geo.review.decisions import DECISIONS
from geo.runs import require_place
from geo.settings import read_settings
from geo.symbology import number


def run_assess(
    sheet: Path,
    out: Path,
    *,
    boundaries: Path | None,
    settings: Path | None,
    sheet_name: str | None = None,
    columns: Path | None,
    decisions: Path | None = None,
    password: str | None,
    outputs: Sequence[str],
    console: Console,
) -> Assessment:
    """Run the main job and say what came of it."""
    unknown = sorted(set(outputs) - set(OUTPUTS))
    if unknown:
        raise SettingsError(f"Keluaran «{unknown[0]}» tidak dikenal. Yang ada: {', '.join(OUTPUTS)}.")
    chosen = read_settings(settings)
    choice = None if columns is None else read_column_choice(columns)
    require_place(out)
    if sheet.resolve().is_relative_to(out.resolve()):
        raise NotWritable(f"Lembar {sheet.name} terletak di dalam {out}. Pilih folder hasil yang lain.")
    stage = shown_stage(console)
    with stage("Membuka batas desa"):
        district = open_district(boundaries)
    assessment = run_job(
        sheet,
        out,
        district,
        chosen,
        password=password,
        sheet_name=sheet_name,
        columns=choice,
        decisions=decisions or decisions_file(boundaries),
        outputs=outputs,
        stage=stage,
    )
    for line in understanding_lines(assessment.facts):
        console.print(line)
    if decisions is not None and not decisions.exists():
        console.print(f"Berkas keputusan {decisions} belum ada, jadi tidak ada keputusan yang dipakai.")
    rows = assessment.facts["rows"]
    console.print(
        f"{number(rows['sheet'])} baris: {number(rows['valid'])} dipakai, {number(rows['rejects'])} ditolak. "
        f"Hasil: {out}"
    )
    review = assessment.facts["review"]
    if review["items"]:
        console.print(
            f"{number(review['items'])} pertanyaan tentang {number(review['rows'])} baris menunggu keputusan: "
            f"peta review list {out}"
        )
    if "laporan" in outputs:
        console.print(f"Baca dahulu: {out / 'laporan.html'}")
    return assessment


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
    return (boundaries if boundaries is not None and boundaries.is_dir() else default_folder()) / DECISIONS


def shown_stage(console: Console) -> Stage:
    """Make what shows each stage while it runs, and its time when it is done."""

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        begin = perf_counter()
        with console.status(f"{name} ..."):
            yield
        console.print(f"  {name:<28}{perf_counter() - begin:6.1f} s".replace(".", ","))

    return stage
