"""The heavy command: the main job with its progress shown."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from rich.console import Console

from app.column_report import understanding_lines
from app.district import decisions_file, open_district
from geo.assessment import Assessment, Stage
from geo.columns.choice import read_column_choice
from geo.errors import NotWritable, SettingsError
from geo.job import OUTPUTS, run_job
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


def shown_stage(console: Console) -> Stage:
    """Make what shows each stage while it runs, and its time when it is done."""

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        begin = perf_counter()
        with console.status(f"{name} ..."):
            yield
        console.print(f"  {name:<28}{perf_counter() - begin:6.1f} s".replace(".", ","))

    return stage
